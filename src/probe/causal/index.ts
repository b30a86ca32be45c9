/** @file Does the model use it? What the study needs of edits and patches. Chapter 10. */
export {
  AT_START,
  type CaseLimits,
  type Counterfactual,
  type DrawnCases,
  drawCounterfactuals,
  type PointRange,
  type Turn,
  turnRobots,
  WITHIN,
} from './counterfactual.ts';
export { type DirectionOf, facingsNow, flipDiffers, probeDirections, randomDirections } from './directions.ts';
export { editableCodeGen } from './editable-codegen.ts';
export type { Edit, EditableModel, Next } from './editable-model.ts';
export { type EditPlace, type EditScore, type EditScores, runEdits, type WritingTask } from './edits.ts';
export {
  type FacingProbes,
  type LayerGeometry,
  type LayerTraces,
  layerGeometry,
  readFacing,
  trainFacingProbes,
} from './facing-probes.ts';
export { hiddenStatesByLayer } from './hidden-states-by-layer.ts';
export { matchedPlace, summarizeFlipDiffers, summarizeMatched } from './matched.ts';
export { type PatchScore, type PatchScores, runPatches } from './patching.ts';
export { type Reading, readEdits } from './readings.ts';
export {
  type CaseCounts,
  type CausalResults,
  type ChosenEdit,
  EDIT_KINDS,
  type EditContrast,
  type EditKind,
  type EditOutcome,
  type EditResults,
  type FacingProbeScore,
  type FlipDiffers,
  type MatchedEdit,
  type MatchedEdits,
  type PatchResults,
  type PatchRow,
  type ReadingRow,
  type SweepRow,
  type WholeStates,
} from './results.ts';
export { bestPlace, measureColumns, summarizeEdits, summarizePatches, summarizeReadings } from './summary.ts';
export { worldBefore, worldsBefore } from './world-before.ts';
export { actionsOf, type WritingOptions, writeOn } from './write.ts';

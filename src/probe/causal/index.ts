/** @file Does the model use it? What the study needs of edits and patches. Chapter 14. */
export {
  AT_START,
  type Counterfactual,
  type DrawnCases,
  drawCounterfactuals,
  type PointRange,
  turnRobots,
  WITHIN,
} from './counterfactual.ts';
export { facingsNow, flipDiffers, probeDirections, randomDirections } from './directions.ts';
export { editableCodeGen } from './editable-codegen.ts';
export type { Edit, EditableModel } from './editable-model.ts';
export { type EditPlace, type EditScore, type EditScores, pushing, runEdits, type WritingTask } from './edits.ts';
export {
  type FacingProbes,
  type LayerGeometry,
  type LayerTraces,
  layerGeometry,
  trainFacingProbes,
} from './facing-probes.ts';
export { hiddenStatesByLayer } from './hidden-states-by-layer.ts';
export { type EditDirections, encodeDirections, readDirections } from './kept-directions.ts';
export { matchedPlace, summarizeFlipDiffers, summarizeMatched } from './matched.ts';
export { runPatches } from './patching.ts';
export { readEdits } from './readings.ts';
export {
  type CausalResults,
  EDIT_KINDS,
  type EditContrast,
  type EditResults,
  type PatchResults,
  type SweepRow,
  type WholeStates,
} from './results.ts';
export { bestPlace, measureColumns, summarizeEdits, summarizePatches, summarizeReadings } from './summary.ts';
export { worldBefore, worldsBefore } from './world-before.ts';
export { writeOn } from './write.ts';

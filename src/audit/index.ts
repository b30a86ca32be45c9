/** @file The audit: from any number of a run down to one rounding. Appendix D. */
export { arithmeticOf } from './arithmetic.ts';
export { type Comparison, compareRuns } from './compare.ts';
export { AuditError } from './errors.ts';
export { type Again, type Explanation, largest, type Operand, roundingOf } from './explanation.ts';
export { describeExplanation, describeRounding, describeStep, formatNumber, inOrder } from './explanation-text.ts';
export { holds, type Replay, replay } from './replay.ts';
export { complaints, describeReplay } from './replay-text.ts';
export { formatBits, type Rounding } from './roundings.ts';
export { RunAudit } from './run-audit.ts';
export { explainRun, RUN_ROUTES } from './run-explainer.ts';
export { SequenceExplainer, type SequenceOptions } from './sequence-explainer.ts';
export { explainStudy, openStudy, STUDY_ROUTES, type StudyAudit } from './study-explainer.ts';
export { copyTrainer, Training } from './training.ts';
export { nextOf, walk } from './walk.ts';

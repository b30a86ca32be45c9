/** @file The audit: any number that a model or its training has computed, down to the last multiplication. Chapter 11. */
export { type Address, formatAddress, parseAddress } from './address.ts';
export { type Comparison, compareRuns } from './compare.ts';
export { AuditError } from './errors.ts';
export { type Explanation, explainer, type Operand } from './explain.ts';
export { arithmeticOf, holds, type Replay, replay } from './replay.ts';
export { complaints, describeReplay } from './replay-text.ts';

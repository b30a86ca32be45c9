/** @file The audit: from any number of a forward pass down to one multiplication. Chapter 11. */
export { type Address, formatAddress, parseAddress } from './address.ts';
export { AuditError } from './errors.ts';
export { type Explanation, explainer, type Operand } from './explain.ts';

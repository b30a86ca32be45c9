/** @file The contender PyTorch, operation by operation. */
import { openPython } from './native.mjs';

export const open = (/** @type {number} */ threads) => openPython('torch_peer.py', threads, ['eager']);

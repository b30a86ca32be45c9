/** @file The contender PyTorch with `torch.compile`. */
import { openPython } from './native.mjs';

export const open = (/** @type {number} */ threads) => openPython('torch_peer.py', threads, ['compile']);

/** @file The contender JAX, compiled by XLA. */
import { openPython } from './native.mjs';

export const open = (/** @type {number} */ threads) => openPython('jax_peer.py', threads, []);

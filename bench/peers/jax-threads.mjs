/** @file The contender `@jax-js/jax` with threads: jax-js looks for `Worker` as soon as it is imported. */
import './web-worker.mjs';

export { notes, open } from './jax.mjs';

/** The manifest of `smoke` with the seed `test`, without fused multiply-adds: on every machine, in every engine (`npm run engines`). */
export const SMOKE_SIMD_MANIFEST = 'd36e6d6ebdf8bdecfe309d234c616de4661ab39cef3dbf943047d40c10ee9e53';

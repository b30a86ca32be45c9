/** The manifest of `smoke` with the seed `test`, without fused multiply-adds: on every machine, in every engine (`npm run engines`). */
export const SMOKE_SIMD_MANIFEST = '2a6bf782b1ef1bbbf1b5c43b67c70767f03a2a14e1e60a014c99425593929983';

/** The manifest of `smoke` with the seed `test`, without fused multiply-adds: on every machine, in every engine (`npm run engines`). */
export const SMOKE_SIMD_MANIFEST = '68713b9f86e7475c5b53937fdd9c86e2013276347e50f30ea33d56c13f4b4f97';

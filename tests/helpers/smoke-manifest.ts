/** The manifest of `smoke` with the seed `test`, without fused multiply-adds: on every machine, in every engine (`npm run engines`). */
export const SMOKE_SIMD_MANIFEST = '7e2839a644b74dbbe24cad57e2923539c1fcfa39ffaefef2294b4cb84aaeaa09';

/** @file Which tile this machine multiplies faster with: a measurement of some milliseconds. Appendix A. */
import { ModuleBuilder } from './assembler.ts';
import { EDGE_BYTES, LOW_TILE_ROWS, multiplyRows, TILE_COLUMNS, TILE_ROWS } from './tile.ts';

/** A product that stays in the first-level cache, its rows a multiple of either height. */
const ROWS = 24;
const K = 64;
/** The best of so many counts: other programs disturb some of them. */
const ROUNDS = 12;
const PRODUCTS = 40;

const known = new Map<boolean, Promise<4 | 6>>();

/**
 * How many registers V8 finds for a tile's sums differs between its versions, and so does which tile is faster. Measured
 * at the first call in a process; an element's sum over k runs in the same order in either tile, so its bits are the same.
 */
export function fasterTileRows(relaxed: boolean): Promise<4 | 6> {
  const answer = known.get(relaxed) ?? measure(relaxed);
  known.set(relaxed, answer);
  return answer;
}

async function measure(relaxed: boolean): Promise<4 | 6> {
  const heights = [TILE_ROWS, LOW_TILE_ROWS] as const;
  const best = new Map<4 | 6, number>(heights.map((height) => [height, Number.POSITIVE_INFINITY]));
  const runs = await Promise.all(heights.map((height) => instantiate(relaxed, height)));
  for (let round = 0; round < ROUNDS; round++) {
    heights.forEach((height, i) => {
      const start = performance.now();
      for (let product = 0; product < PRODUCTS; product++) runs[i]!();
      best.set(height, Math.min(best.get(height)!, performance.now() - start));
    });
  }
  return best.get(LOW_TILE_ROWS)! < best.get(TILE_ROWS)! ? LOW_TILE_ROWS : TILE_ROWS;
}

/** One product [24, 64] x [64, 8] with tiles of that height. */
async function instantiate(relaxed: boolean, tileRows: 4 | 6): Promise<() => void> {
  const builder = new ModuleBuilder({ relaxed, tileRows });
  builder.addExport(multiplyRows);
  const module = await WebAssembly.compile(builder.encode(1));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const multiply = exports[multiplyRows.name] as (...args: number[]) => void;
  const [rowBytes, columnBytes] = [4 * K, 4 * TILE_COLUMNS];
  const a = EDGE_BYTES;
  const b = a + ROWS * rowBytes;
  const c = b + K * columnBytes;
  return () => multiply(c, columnBytes, a, rowBytes, b, 0, ROWS, TILE_COLUMNS, K, 0, 0);
}

/** @file The arena, and the engine's use of it: scopes, limits, misuse. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../src/node/threads.ts';
import { type Engine, OutOfMemoryError, ShapeError, WorkerError } from '../../src/tensor/index.ts';
import { Arena } from '../../src/tensor/memory.ts';

const MIB = 2 ** 20;

describe('arena', () => {
  it('hands out addresses that are multiples of 64, behind what is reserved', () => {
    const arena = new Arena(4 * MIB, 100);
    expect(arena.allocate(1)).toBe(128);
    expect(arena.allocate(65)).toBe(192);
    expect(arena.allocate(0)).toBe(320);
    expect(arena.usedBytes).toBe(192);
  });

  it('grows up to its limit; views made before stay valid', () => {
    const arena = new Arena(40 * MIB, 0);
    const early = arena.floats(arena.allocate(64), 16);
    early[3] = 7;
    const late = arena.floats(arena.allocate(30 * MIB), 1000);
    late[999] = 8;
    expect(arena.floats(0, 16)[3]).toBe(7);
    early[3] = 9;
    expect(arena.floats(0, 16)[3]).toBe(9);
    expect(arena.addressOf(early)).toBe(0);
    expect(arena.addressOf(late)).toBe(64);
  });

  it('says what was asked for and what there is when its limit is reached, and goes on', () => {
    const arena = new Arena(2 * MIB, 0);
    arena.allocate(MIB);
    let error: unknown;
    try {
      arena.allocate(MIB + 64);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({ requestedBytes: MIB + 64, availableBytes: MIB });
    expect(String(error)).toContain('1048640 bytes asked for, 1048576 available of 2097152');
    arena.allocate(MIB);
  });

  it('gives back to a mark', () => {
    const arena = new Arena(2 * MIB, 0);
    const first = arena.allocate(64);
    const mark = arena.mark();
    arena.allocate(1000);
    arena.release(mark);
    expect(arena.allocate(8)).toBe(first + 64);
    expect(arena.peakBytes).toBe(64 + 1024);
  });
});

describe('engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1, memoryBytes: 64 * MIB });
  });
  afterAll(() => engine.close());

  it('10,000 nested scopes grow neither the memory in use nor its peak', () => {
    const step = () =>
      engine.scope(() => {
        const x = engine.zeros([100, 10]);
        engine.scope(() => engine.tensor([3], [1, 2, 3]));
        engine.integers(10);
        engine.kernels.sumOfSquares(x.data);
        engine.kernels.gelu(x.data, x.data);
      });
    step();
    const { usedBytes, peakBytes } = engine.memory();
    for (let i = 0; i < 10_000; i++) step();
    expect(engine.memory()).toEqual({ usedBytes, peakBytes });
  });

  it('a scope gives back also when its body throws, and returns what its body returns', () => {
    const { usedBytes } = engine.memory();
    expect(engine.scope(() => 5)).toBe(5);
    expect(() =>
      engine.scope(() => {
        engine.zeros([1000]);
        throw new Error('body');
      }),
    ).toThrow('body');
    expect(engine.memory().usedBytes).toBe(usedBytes);
  });

  it('tensor, zeros and integers hold what they should, also in used memory', () => {
    engine.scope(() => engine.empty([1000]).data.fill(NaN));
    engine.scope(() => {
      expect([...engine.zeros([2, 2]).data]).toEqual([0, 0, 0, 0]);
      expect([...engine.integers(3)]).toEqual([0, 0, 0]);
      expect([...engine.integers([4, -5])]).toEqual([4, -5]);
      expect([...engine.tensor([2], [1, 2]).data]).toEqual([1, 2]);
      expect(engine.tensor([], [3]).shape).toEqual([]);
    });
  });

  it('out of memory is an OutOfMemoryError, after which the engine still works', () => {
    expect(() => engine.empty([2 ** 30])).toThrow(OutOfMemoryError);
    expect(() => engine.integers(2 ** 30)).toThrow(OutOfMemoryError);
    expect(engine.scope(() => engine.zeros([4]).size)).toBe(4);
  });

  it('refuses arrays from elsewhere, and sizes that do not fit', () => {
    const { kernels } = engine;
    const x = engine.zeros([6]).data;
    expect(() => kernels.gelu(new Float32Array(6), x)).toThrow(ShapeError);
    expect(() => kernels.gelu(new Float32Array(6), x)).toThrow("not in this engine's memory");
    expect(() => kernels.add(x, x, new Float64Array(6))).toThrow(ShapeError);
    expect(() => kernels.add(x, x, x.subarray(1))).toThrow('add: arrays of 6 and 5 elements');
    expect(() => kernels.matmul(x, x, x, { m: 3, n: 3, k: 2 })).toThrow('[3, 2] x [2, 3]');
    expect(() => kernels.matmul(x, x, x, { m: 2, n: 3, k: 1, bias: x })).toThrow('a bias of 6 for 3 columns');
    expect(() => engine.tensor([2], [1, 2, 3])).toThrow(ShapeError);
    expect(() => kernels.embedding(x, x, engine.integers([0, 3]), 2, 2)).toThrow('id 3 in row 1, the table has 3 rows');
    const layout = { heads: 1, headSize: 1, groups: 1 };
    const starts = engine.integers([0, 3]);
    expect(() => kernels.causalAttention(x, x, x, starts, 1, layout)).toThrow('sample 0 has tokens 0 to 3 of 2');
  });
});

it('numbers of threads and memory sizes that make no sense are refused', async () => {
  await expect(openEngine({ threads: 0 })).rejects.toThrow(WorkerError);
  await expect(openEngine({ threads: 1.5 })).rejects.toThrow('threads: 1.5');
  await expect(openEngine({ threads: 65 })).rejects.toThrow(WorkerError);
  await expect(openEngine({ threads: 2, memoryBytes: 1000 })).rejects.toThrow(OutOfMemoryError);
});

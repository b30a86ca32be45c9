/**
 * @file One shared WebAssembly memory and the arena in it: tensors are handed out one after the other and given back a
 * whole scope at a time. Appendix A.
 */
import { OutOfMemoryError, ShapeError } from './errors.ts';

const PAGE = 65536;
/** Every allocation starts at a multiple of this: a cache line, so two threads never write to the same one. */
const ALIGNMENT = 64;
/** The memory grows by at least this much at once: a growth makes a new buffer object. */
const GROWTH = 16 * 2 ** 20;
/** A 32-bit address space, less one page: so the address behind the last byte still is a 32-bit number. */
export const MAX_MEMORY_BYTES = 65535 * PAGE;

/** Throws {@link OutOfMemoryError} where the system grants no such memory: engines reserve far more addresses than they use. */
function reserve(initial: number, maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum, shared: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const why = 'out of memory: the system grants WebAssembly no addresses; is there a limit (ulimit -v)?';
    throw new OutOfMemoryError(initial * PAGE, 0, maximum * PAGE, why);
  }
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly limitBytes: number;
  private base: number;
  private top: number;
  private peak: number;
  private buffer: ArrayBufferLike;
  private readonly buffers = new WeakSet<ArrayBufferLike>();

  /** `reservedBytes` at the bottom are never handed out. */
  constructor(limitBytes: number, reservedBytes: number) {
    const maximum = Math.min(Math.ceil(limitBytes / PAGE), MAX_MEMORY_BYTES / PAGE);
    this.limitBytes = maximum * PAGE;
    if (reservedBytes > this.limitBytes) throw new OutOfMemoryError(reservedBytes, this.limitBytes, this.limitBytes);
    this.memory = reserve(Math.ceil(reservedBytes / PAGE), maximum);
    this.buffer = this.memory.buffer;
    this.buffers.add(this.buffer);
    this.base = align(reservedBytes);
    this.top = this.base;
    this.peak = this.base;
  }

  get usedBytes(): number {
    return this.top - this.base;
  }
  get peakBytes(): number {
    return this.peak - this.base;
  }

  /** Address of that many fresh bytes, whatever they hold. Throws {@link OutOfMemoryError}. */
  allocate(bytes: number): number {
    const address = this.top;
    const top = align(address + bytes);
    if (top > this.buffer.byteLength) this.grow(top, bytes);
    this.top = top;
    if (top > this.peak) this.peak = top;
    return address;
  }

  private grow(top: number, bytes: number): void {
    const error = () => new OutOfMemoryError(bytes, this.limitBytes - this.top, this.limitBytes);
    if (top > this.limitBytes) throw error();
    const wanted = Math.min(Math.max(top, this.buffer.byteLength + GROWTH), this.limitBytes);
    try {
      this.memory.grow(Math.ceil((wanted - this.buffer.byteLength) / PAGE));
    } catch {
      throw error(); // the machine has less than the limit
    }
    this.buffer = this.memory.buffer;
    this.buffers.add(this.buffer);
  }

  /** Everything that is allocated from now on lies above this mark; {@link release} gives it back. */
  mark(): number {
    return this.top;
  }
  release(mark: number): void {
    this.top = mark;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.buffer, address, length);
  }
  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.buffer, address, length);
  }

  /** Address of an array that lies in this memory. Throws {@link ShapeError} for one that does not. */
  addressOf(array: Float32Array | Float64Array | Int32Array): number {
    if (array.buffer === this.buffer || this.buffers.has(array.buffer)) {
      if (array instanceof Float64Array)
        throw new ShapeError('kernel: a Float64Array where this engine has Float32Array');
      return array.byteOffset;
    }
    throw new ShapeError(`kernel: an array of ${array.length} elements that is not in this engine's memory`);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

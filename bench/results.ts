/** @file What `karelscope bench --json` prints: every key, with its unit. A suite that was not asked for has no key. */

export interface BenchResults {
  readonly machine: Machine;
  /** Also there for suites that state a share of it. */
  peak?: Peak;
  matmul?: readonly Product[];
  kernels?: readonly KernelSpeed[];
  step?: readonly Step[];
  generate?: readonly Generating[];
  corpus?: readonly Corpus[];
  probe?: Probing;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** `simd` multiplies, then adds; `relaxed-simd` has a fused multiply-add. */
  readonly arithmetic: string;
  /** Threads of the measurements that are not on one thread. */
  readonly threads: number;
}

/** The most that multiply-adds of 128-bit vectors can reach here; a multiply-add of one number counts as 2 FLOP. */
export interface Peak {
  /** One thread. */
  readonly gflops1: number;
  /** All `machine.threads` together. */
  readonly gflops: number;
  /** How many independent accumulators reached `gflops1`. */
  readonly accumulators: number;
  /** What a loop split over all threads takes longer than one thread's part, median; workers still look for work. */
  readonly handOverMicroseconds: number;
  /** The same with workers that went to sleep after the loop before. */
  readonly wakeUpMicroseconds: number;
}

/** C [m, n] = A B with k terms in each sum. */
export interface Product {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** `reference`: plain loops. */
  readonly kernel: 'fast' | 'reference';
  readonly threads: number;
  readonly gflops: number;
  /** `gflops` by the peak of as many threads. */
  readonly ofPeak: number;
}

/** One of the two rates, whichever says more about the kernel. */
export interface KernelSpeed {
  readonly name: string;
  /** Of the kernel's output; m x n x k of a matrix product. */
  readonly shape: string;
  readonly threads: number;
  readonly gflops?: number;
  /** Bytes of inputs and outputs, each counted once. */
  readonly gigabytesPerSecond?: number;
  /** Time of the reference kernel by this one's. */
  readonly speedupOverReference: number;
}

/** A training step of a preset; rates and breakdown are those of the fastest repetition. */
export interface Step {
  readonly preset: string;
  readonly threads: number;
  /** Tokens that the model reads: no padding. */
  readonly tokensPerSecond: number;
  /** By the formula of `stepFlops`. */
  readonly gflops: number;
  /** `gflops` by the peak of as many threads. */
  readonly ofPeak: number;
  readonly milliseconds: number;
  readonly medianMilliseconds: number;
  /** Sums to `milliseconds`; the largest first, `other` (tape, packing of the batch) last. */
  readonly breakdown: readonly KernelTime[];
}

export interface KernelTime {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Of the step. */
  readonly share: number;
  /** Matrix products only. */
  readonly gflops?: number;
}

/** Programs written from prompts of the preset's corpus, each of the greatest length. */
export interface Generating {
  readonly preset: string;
  readonly threads: number;
  readonly programs: number;
  readonly programsPerSecond: number;
  /** Time without a key-value cache, each token's whole prefix computed again, by the time with it. */
  readonly speedupOverUncached: number;
}

export interface Corpus {
  readonly preset: string;
  readonly threads: number;
  readonly samplesPerSecond: number;
}

/** Training of a probe of the preset `tiny` on direction. */
export interface Probing {
  readonly threads: number;
  /** Pairs a second, one hidden layer. */
  readonly samplesPerSecond: number;
  readonly byHiddenLayers: readonly { readonly hiddenLayers: number; readonly samplesPerSecond: number }[];
}

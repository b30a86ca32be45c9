/** @file An engine that keeps account of the time in each kernel. */
import { performance } from 'node:perf_hooks';
import type { Engine, Kernels, MatmulOptions } from '../src/tensor/index.ts';
import type { KernelTime } from './results.ts';

interface Account {
  calls: number;
  milliseconds: number;
  flops: number;
}

export class KernelClock {
  #accounts = new Map<string, Account>();

  add(name: string, milliseconds: number, flops: number): void {
    let account = this.#accounts.get(name);
    if (!account) this.#accounts.set(name, (account = { calls: 0, milliseconds: 0, flops: 0 }));
    account.calls++;
    account.milliseconds += milliseconds;
    account.flops += flops;
  }

  reset(): void {
    this.#accounts.clear();
  }

  /** Where `milliseconds`, which include all kernels since `reset`, went: sums to them, what no kernel took as `other`. */
  breakdown(milliseconds: number): KernelTime[] {
    const times = [...this.#accounts].map(([name, { calls, milliseconds: spent, flops }]) => ({
      name,
      calls,
      milliseconds: spent,
      share: spent / milliseconds,
      ...(flops > 0 && { gflops: flops / spent / 1e6 }),
    }));
    times.sort((a, b) => b.milliseconds - a.milliseconds);
    const other = milliseconds - times.reduce((sum, time) => sum + time.milliseconds, 0);
    return [...times, { name: 'other', calls: 0, milliseconds: other, share: other / milliseconds }];
  }
}

/** The same engine; what its kernels take is added to `clock`. */
export function timedEngine(engine: Engine, clock: KernelClock): Engine {
  const kernels = Object.fromEntries(
    Object.entries(engine.kernels).map(([name, kernel]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]) => {
        const started = performance.now();
        const result = kernel(...args);
        const product = productOf(args);
        clock.add(product ? `${name} ${kindOf(product)}` : name, performance.now() - started, flopsOf(product));
        return result;
      },
    ]),
  ) as unknown as Kernels;
  return new Proxy(engine, {
    get(target, key) {
      if (key === 'kernels') return kernels;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The sizes among the arguments of a kernel that is a matrix product. */
export function productOf(args: readonly unknown[]): MatmulOptions | undefined {
  return args.find(
    (argument): argument is MatmulOptions =>
      typeof argument === 'object' && argument !== null && 'm' in argument && 'n' in argument && 'k' in argument,
  );
}

/** Which of the products of a linear layer y = x W^T it is. */
function kindOf({ transposeA, transposeB }: MatmulOptions): string {
  if (transposeA) return transposeB ? 'A^T B^T' : 'dW = dy^T x';
  return transposeB ? 'y = x W^T' : 'dx = dy W';
}

export function flopsOf(product: MatmulOptions | undefined): number {
  return product ? 2 * product.m * product.n * product.k * (product.batch ?? 1) : 0;
}

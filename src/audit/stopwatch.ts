/** @file How long each of several workers took, also where one works while another waits. Appendix E. */

export type Worker = 'fast' | 'exact' | 'float64';

export class Stopwatch {
  readonly seconds: Record<Worker, number> = { fast: 0, exact: 0, float64: 0 };
  #working: Worker | undefined;
  #since = 0;

  /** Runs `body` on account of a worker; the one before it goes on afterwards. */
  time<T>(worker: Worker, body: () => T): T {
    const before = this.#turn(worker);
    try {
      return body();
    } finally {
      this.#turn(before);
    }
  }

  #turn(to: Worker | undefined): Worker | undefined {
    const [now, before] = [performance.now(), this.#working];
    if (before) this.seconds[before] += (now - this.#since) / 1000;
    this.#working = to;
    this.#since = now;
    return before;
  }
}

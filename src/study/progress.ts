/** @file Where work reports how far it is, and numbers as people read them. Appendix B. */
/** Where a stage reports what it does. */
export interface Progress {
  /** Begins a stage of `total` things; `done` of them were there already. */
  start(stage: string, total: number, unit: string, done?: number): void;
  /** `done` of the stage's things are there now; `detail` is a short text such as the loss. */
  update(done: number, detail?: string): void;
  /** Ends the stage's bar. */
  stop(): void;
  /** A line that stays on the screen. */
  line(text: string): void;
}

/** A progress that shows nothing. */
export const silent: Progress = { start() {}, update() {}, stop() {}, line() {} };

/** `41s`, `3m 05s`, `1h 20m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(whole / 3600)}h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
}

/** Three significant digits, with thousands separated: `41,200`, `7.31`. */
export function formatCount(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

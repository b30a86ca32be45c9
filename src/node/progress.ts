/** @file What a person sees while a run works: a live bar on a terminal, plain lines elsewhere. Appendix B. */
import { MultiBar, type SingleBar } from 'cli-progress';
import { formatCount, formatSeconds, type Progress } from '../study/progress.ts';

/** Progress for a stream: bars when it is a terminal, else lines, every ten percent but at most every three seconds. */
export function progressTo(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? new TerminalProgress(stream) : new PlainProgress(stream);
}

/** Measures the rate since the start of a stage, and how long the rest will take. */
class Pace {
  readonly stage: string;
  readonly total: number;
  readonly unit: string;
  private readonly startTime = performance.now();
  private readonly startDone: number;

  constructor(stage: string, total: number, unit: string, done: number) {
    this.stage = stage;
    this.total = total;
    this.unit = unit;
    this.startDone = done;
  }

  /** `412 steps/s, 1m 05s left`, or how long it took once everything is done. */
  describe(done: number): string {
    const seconds = (performance.now() - this.startTime) / 1000;
    const rate = (done - this.startDone) / seconds;
    if (!(rate > 0) || !Number.isFinite(rate)) return '';
    const time = done >= this.total ? `${formatSeconds(seconds)}` : `${formatSeconds((this.total - done) / rate)} left`;
    return `${formatCount(rate)} ${this.unit}/s, ${time}`;
  }
}

/** A stage that is begun again after a pause keeps its pace, so that the time left counts the pauses as well. */
class Paces {
  private readonly known = new Map<string, Pace>();

  of(stage: string, total: number, unit: string, done: number): Pace {
    const pace = this.known.get(stage) ?? new Pace(stage, total, unit, done);
    this.known.set(stage, pace);
    return pace;
  }
}

class TerminalProgress implements Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly bars: MultiBar;
  private readonly paces = new Paces();
  private bar: SingleBar | undefined;
  private pace: Pace | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
    const width = stream.columns ?? 80;
    this.bars = new MultiBar({
      stream,
      format: '{stage} {bar} {percentage}% {pace} {detail}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(8, Math.min(32, width - 70)),
      hideCursor: false, // so that an interrupt, which ends the process at once, leaves nothing to restore
      gracefulExit: false,
      clearOnComplete: true,
      linewrap: true,
      fps: 8,
    });
  }

  start(stage: string, total: number, unit: string, done = 0): void {
    this.stop();
    this.pace = this.paces.of(stage, total, unit, done);
    this.bar = this.bars.create(total, done, { stage: stage.padEnd(8), pace: '', detail: '' });
  }

  update(done: number, detail = ''): void {
    this.bar?.update(done, { pace: this.pace?.describe(done) ?? '', detail });
    this.bars.update(); // the stages seldom yield to timers, so the bar is drawn here
  }

  stop(): void {
    if (!this.bar) return;
    this.bars.remove(this.bar);
    this.bars.stop();
    this.bar = undefined;
  }

  line(text: string): void {
    if (this.bar) {
      this.bars.log(`${text}\n`);
      this.bars.update();
    } else {
      this.stream.write(`${text}\n`);
    }
  }
}

class PlainProgress implements Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly paces = new Paces();
  private pace: Pace | undefined;
  private nextShare = 0;
  private lastTime = 0;
  private waiting: (() => void) | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  start(stage: string, total: number, unit: string, done = 0): void {
    this.waiting = undefined;
    this.pace = this.paces.of(stage, total, unit, done);
    this.nextShare = Math.floor((done / total) * 10 + 1) / 10;
    this.lastTime = performance.now();
  }

  update(done: number, detail = ''): void {
    const { pace } = this;
    if (!pace) return;
    const share = done / pace.total;
    this.waiting = () => {
      const percent = `${Math.floor(share * 100)}%`.padStart(4);
      this.line(`${pace.stage.padEnd(8)} ${percent}  ${pace.describe(done)}${detail ? `  ${detail}` : ''}`);
      this.waiting = undefined;
    };
    const waited = performance.now() - this.lastTime;
    if (waited < (share < this.nextShare ? 10_000 : 3_000)) return;
    this.nextShare = Math.floor(share * 10 + 1) / 10;
    this.lastTime += waited;
    this.waiting();
  }

  /** Ends the stage; what it did last is said, if that has not been said. */
  stop(): void {
    this.waiting?.();
    this.pace = undefined;
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }
}

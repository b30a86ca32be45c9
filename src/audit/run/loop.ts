/** @file Spends an audit's time over the kinds of things that a run holds. Appendix E. */
import type { RandomStream } from '../../random.ts';
import { formatCount, type Progress } from '../../study/progress.ts';
import { OutOfMemoryError } from '../../tensor/index.ts';
import type { Checked, Difference, Kind } from './kind.ts';

export interface Spending {
  /** How long; Infinity checks all there is. */
  readonly seconds: number;
  /** The order in which a kind's items come. */
  readonly random: (name: string) => RandomStream;
  readonly progress: Progress;
  readonly onDifference?: (kind: Kind, difference: Difference) => void;
  /** In seconds. */
  readonly now?: () => number;
}

/** Of the whole time: what takes less is not too dear, it only came too late. */
const SMALL_PART = 0.1;

/** How far a kind is. */
class Course {
  readonly kind: Kind;
  readonly #order: readonly number[];
  readonly #whole: number;
  next = 0;
  checked = 0;
  tooDear = 0;
  seconds = 0;
  /** What those that are checked should have taken. */
  expected = 0;
  readonly differences: Difference[] = [];

  constructor(kind: Kind, order: readonly number[]) {
    this.kind = kind;
    this.#order = order;
    this.#whole = order.reduce((sum, item) => sum + kind.seconds(item), 0);
  }

  get ended(): boolean {
    return this.next === this.#order.length;
  }

  get item(): number {
    return this.#order[this.next]!;
  }

  /** What a second of the kind's own guesses takes here, as measured so far. */
  get #pace(): number {
    return this.expected > 0 ? this.seconds / this.expected : 1;
  }

  /** About what the next item takes. */
  about(): number {
    return this.#pace * this.kind.seconds(this.item);
  }

  /** About what one takes. */
  get mean(): number {
    return (this.#pace * this.#whole) / this.kind.count;
  }

  /** About what all those that are left take. */
  left(): number {
    return this.#pace * (this.#whole - this.expected);
  }

  async check(now: () => number): Promise<readonly Difference[]> {
    const { item } = this;
    const began = now();
    const found = await checkItem(this.kind, item);
    this.seconds += now() - began;
    this.expected += this.kind.seconds(item);
    this.next++;
    this.checked++;
    this.differences.push(...found);
    return found;
  }
}

/**
 * Checks items of each kind in random order, none twice, until the time is over: always one of that kind which would have had
 * the least time after it, so that each gets the same, and those that need less leave the rest to the others.
 */
export async function spend(kinds: readonly Kind[], spending: Spending): Promise<Checked[]> {
  const { seconds, random, progress, onDifference, now = () => performance.now() / 1000 } = spending;
  const all = !Number.isFinite(seconds);
  const courses = kinds.map(
    (kind) => new Course(kind, all ? upTo(kind.count) : shuffled(kind.count, random(`audit/${kind.name}`))),
  );
  const began = now();
  const total = all ? courses.reduce((sum, course) => sum + course.left(), 0) : seconds;
  progress.start('audit', Math.ceil(total), 'seconds');
  for (;;) {
    const left = seconds - (now() - began);
    const open = courses.filter((course) => !course.ended);
    const course = all ? open[0] : cheapest(open);
    if (!course || left <= 0) break;
    if (course.about() > left) {
      if (course.about() > SMALL_PART * seconds) course.tooDear++;
      course.next++;
      continue;
    }
    for (const difference of await course.check(now)) onDifference?.(course.kind, difference);
    const spent = now() - began;
    const done = all ? (total * spent) / (spent + courses.reduce((sum, one) => sum + one.left(), 0)) : spent;
    progress.update(Math.min(Math.ceil(total), Math.floor(done)), describe(course));
  }
  progress.stop();
  return courses.map(({ kind, checked, tooDear, differences, seconds, mean }) => {
    return { kind, checked, tooDear, differences, seconds, mean };
  });
}

const describe = ({ kind, checked }: Course): string =>
  `${kind.name} ${formatCount(checked)} of ${formatCount(kind.count)}`;

function cheapest(courses: readonly Course[]): Course | undefined {
  const after = (course: Course): number => course.seconds + course.about();
  return courses.reduce<Course | undefined>((best, one) => (best && after(best) <= after(one) ? best : one), undefined);
}

/** What cannot be read, or not be computed, is not as it was made. */
async function checkItem(kind: Kind, item: number): Promise<readonly Difference[]> {
  try {
    return await kind.check(item);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OutOfMemoryError) throw error;
    return [
      { address: kind.address(item), recorded: 'something', computed: `nothing: ${error.message.split('\n')[0]}` },
    ];
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, item) => item);

/** Fisher and Yates: every order is equally likely. */
function shuffled(count: number, random: RandomStream): number[] {
  const order = upTo(count);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/** @file One table of measurements, by benny: the best of its samples, in the unit that is asked about. */
import { cpus } from 'node:os';
import { add, complete, suite } from 'benny';

export interface Case {
  readonly name: string;
  /** Does the work once. */
  readonly run: () => void;
  /** How much work that is, in `unit`s: floating-point operations, samples, tokens. */
  readonly work: number;
}

/** Runs the cases one after the other and prints work a second: of the fastest sample, and of the median. */
export async function measure(title: string, unit: string, cases: readonly Case[]): Promise<void> {
  const options = { minSamples: 5, minTime: 0.5, maxTime: 2 };
  const { results } = await quietly(() =>
    suite(
      title,
      ...cases.map(({ name, run }) => add(name, run, options)),
      complete(() => undefined),
    ),
  );
  console.log(`\n${title} (${cpus()[0]?.model.trim()}, Node ${process.version})`);
  results.forEach(({ name, details }, index) => {
    const { work } = cases[index]!;
    const [best, median] = [work / details.min, work / details.median].map((rate) =>
      Number(rate.toPrecision(4)).toLocaleString('en-US'),
    );
    console.log(`  ${name.padEnd(48)} best ${best!.padStart(10)}  median ${median!.padStart(10)}  ${unit}`);
  });
}

/** benny announces each suite; the table says it already. */
async function quietly<T>(body: () => Promise<T>): Promise<T> {
  const log = console.log;
  console.log = () => undefined;
  try {
    return await body();
  } finally {
    console.log = log;
  }
}

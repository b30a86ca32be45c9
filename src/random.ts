/** @file Named, independent streams of random numbers, all from one seed. Appendix B. */
import seedrandom from 'seedrandom';

/** Uniform numbers in [0, 1) of 32 random bits, from the `alea` generator. */
export type RandomStream = () => number;

/**
 * The stream of this name for this seed. Streams of other names are independent, so a stage that draws more or fewer
 * numbers does not change what another stage gets.
 */
export function randomStream(seed: string, name: string): RandomStream {
  const generator = seedrandom.alea(`${seed}/${name}`);
  return () => generator();
}

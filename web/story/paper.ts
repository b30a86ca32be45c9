/** @file What Jin and Rinard report (ICML 2024, arXiv 2305.11169), and where the same stands in a run. Appendix C. */
import type { Where } from '../figures/figures.ts';

interface Setting {
  readonly what: string;
  readonly paper: string;
  readonly setting: (settings: Readonly<Record<string, unknown>>, parameters: number) => string;
}
interface Measured {
  readonly what: string;
  readonly paper: string;
  readonly measure: string;
  readonly where: Where;
}

const content = (depth: number): Where => ({
  step: 'last',
  offset: 0,
  semantics: 'original',
  source: 'trained',
  depth,
  part: null,
});

export const PAPER_ROWS: readonly (Setting | Measured)[] = [
  { what: 'Parameters', paper: '350,000,000', setting: (_, parameters) => parameters.toLocaleString('en-US') },
  {
    what: 'World',
    paper: '8 x 8 with its border',
    setting: (s) => `${Number(s['gridWidth']) + 2} x ${Number(s['gridHeight']) + 2} with its border`,
  },
  { what: 'Examples in a specification', paper: '5', setting: (s) => String(s['examples']) },
  {
    what: 'Actions in a reference program',
    paper: '6 to 10',
    setting: (s) => `${s['minLength']} to ${s['maxLength']}`,
  },
  { what: 'Training programs', paper: '500,000', setting: (s) => Number(s['trainSamples']).toLocaleString('en-US') },
  { what: 'Solved at the end', paper: '92.4 %', measure: 'generativeAccuracy', where: { step: 'last', part: null } },
  { what: 'Semantic content (accuracy of the probe), linear', paper: '63.2 %', measure: 'accuracy', where: content(0) },
  { what: 'Semantic content, one hidden layer', paper: '79.1 %', measure: 'accuracy', where: content(1) },
  { what: 'Semantic content, two hidden layers', paper: '82.3 %', measure: 'accuracy', where: content(2) },
  {
    what: 'R squared of content on solved',
    paper: '87.8 %',
    measure: 'rSquared',
    where: { depth: 1, part: 'accuracy' },
  },
];

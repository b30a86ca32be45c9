/** @file The specifications that the page shows: those of the run's test split, drawn as the run drew them. Chapter 11. */
import { type CorpusRecord, cloneWorld, programText, type World } from '../../src/karel/index.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import type { Settings } from '../../src/study/settings.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { page } from '../data.ts';

/** How many of the test split can be chosen from. */
const SAMPLES = 200;

let drawn: { readonly of: unknown; readonly records: readonly CorpusRecord[] } | undefined;

export const settingsOfPage = (): Settings => page.data!.settings as unknown as Settings;
export const shapeOfPage = () => corpusSettings(settingsOfPage());

/** The seed whose checkpoints lie beside the page, else the first. */
export const seedOfPage = (): string => page.data!.checkpoints[0]?.seed ?? page.data!.runs[0]!.seed;

export function testSamples(): readonly CorpusRecord[] {
  if (!page.data) return [];
  if (drawn?.of !== page.data) {
    drawn = { of: page.data, records: drawTestRecords({ settings: settingsOfPage(), seed: seedOfPage() }, SAMPLES) };
  }
  return drawn.records;
}

export const copyOf = (worlds: readonly World[]): World[] => worlds.map(cloneWorld);
export const textOfProgram = ({ program }: Pick<CorpusRecord, 'program'>): string => programText(program);

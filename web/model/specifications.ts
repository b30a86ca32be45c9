/** @file The specifications that the page shows: those of the run's test split. Appendix C. */
import { computed } from 'vue';
import { decodeSample, programText, type Sample } from '../../src/karel/index.ts';
import { tokensOfText } from '../../src/results/page-data.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import type { Settings } from '../../src/study/settings.ts';
import { page } from '../data.ts';

export const settingsOfPage = (): Settings => page.data!.settings as unknown as Settings;
export const shapeOfPage = () => corpusSettings(settingsOfPage());

/** Decoded once for a page's data. */
const samples = computed<readonly Sample[]>(() =>
  (page.data?.samples ?? []).map((text) => decodeSample(shapeOfPage(), tokensOfText(text))),
);
export const testSamples = (): readonly Sample[] => samples.value;

export const textOfProgram = ({ program }: Pick<Sample, 'program'>): string => programText(program);

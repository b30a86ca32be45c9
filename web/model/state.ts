/** @file What the reader has chosen in the model view, and what follows from it. All choices are in the address. Appendix C. */
import { computed, ref, shallowRef, watch } from 'vue';
import {
  decodeWorld,
  encodeWorld,
  promptLength,
  type Specification,
  TOKEN,
  VOCABULARY,
  type World,
} from '../../src/karel/index.ts';
import { address, choose } from '../address.ts';
import { page } from '../data.ts';
import { openCheckpoint } from './checkpoints.ts';
import { Session } from './session.ts';
import { settingsOfPage, shapeOfPage, testSamples } from './specifications.ts';

export const session = shallowRef<Session | null>(null);
export const failure = ref('');
export const opening = ref(false);

/** Checkpoints of the seed that is looked at, by their steps. */
export const checkpoints = computed(() =>
  [...(page.data?.checkpoints ?? [])].sort((a, b) => a.step - b.step || (a.seed < b.seed ? -1 : 1)),
);
export const checkpoint = computed(() => {
  const wanted = address.query['checkpoint'];
  return checkpoints.value.find(({ name }) => name === wanted) ?? checkpoints.value.at(-1);
});

const opened = new Map<string, Session>();

/** Opens the chosen checkpoint, whenever the choice changes. */
watch(
  [checkpoint, () => page.data],
  async ([chosen, data], [, before]) => {
    if (data !== before) opened.clear();
    if (!chosen) {
      session.value = null;
      return;
    }
    failure.value = '';
    try {
      opening.value = !opened.has(chosen.name);
      const found =
        opened.get(chosen.name) ?? (await Session.open(settingsOfPage(), await openCheckpoint(chosen.name)));
      opened.set(chosen.name, found);
      if (checkpoint.value?.name === chosen.name) session.value = found;
    } catch (error) {
      session.value = null;
      failure.value = (error as Error).message;
    } finally {
      opening.value = false;
    }
  },
  { immediate: true },
);

const GLYPHS = VOCABULARY.filter(({ kind }) => kind === 'cell');
const textOf = (world: World): string => Array.from(encodeWorld(world), (token) => VOCABULARY[token]!.text).join('');

/** Worlds as the address has them: a glyph a cell, worlds after each other. Null for a text that is none. */
function worldsFrom(text: string): World[] | null {
  const { width, height, examples } = shapeOfPage();
  const tokens = Array.from(text, (glyph) => GLYPHS.find((entry) => entry.text === glyph)?.id ?? 0);
  try {
    return Array.from({ length: 2 * examples }, (_, at) => decodeWorld(tokens, width, height, at * width * height));
  } catch {
    return null;
  }
}

export const sampleNumber = computed(() => {
  const number = Number(address.query['sample'] ?? 0);
  return Number.isInteger(number) && number >= 0 && number < testSamples().length ? number : 0;
});

/** A test specification, or the one that the reader has drawn. */
export const specification = computed<Specification | null>(() => {
  if (!page.data) return null;
  const drawn = address.query['worlds'] ? worldsFrom(address.query['worlds']) : null;
  if (!drawn) return testSamples()[sampleNumber.value] ?? null;
  const { examples } = shapeOfPage();
  return { inputs: drawn.slice(0, examples), outputs: drawn.slice(examples) };
});
export const isDrawn = computed(() => Boolean(address.query['worlds']));

export function drawSpecification({ inputs, outputs }: Specification): void {
  choose({ worlds: [...inputs, ...outputs].map(textOf).join(''), program: '', at: '' });
}

/** The tokens that stand in the program; by default what the model writes itself. */
export const program = computed<number[]>(() => {
  const text = address.query['program'];
  if (text !== undefined)
    return text === '-'
      ? []
      : text
          .split('.')
          .map(Number)
          .filter((token) => token === TOKEN.END || token >= TOKEN.MOVE);
  return session.value && specification.value ? session.value.complete(specification.value, []) : [];
});
export const setProgram = (tokens: readonly number[], at: number): void =>
  choose({ program: tokens.length === 0 ? '-' : tokens.join('.'), at: String(at) });

/** The place in the program that is looked at: the token there is about to be written. */
export const place = computed(() => {
  const most = program.value.at(-1) === TOKEN.END ? program.value.length - 1 : program.value.length;
  const wanted = Number(address.query['at'] ?? Math.min(1, most));
  return Number.isInteger(wanted) ? Math.max(0, Math.min(most, wanted)) : 0;
});

export const reading = computed(() =>
  session.value && specification.value ? session.value.read(specification.value, program.value) : null,
);
export const prompt = computed(() => (page.data ? promptLength(shapeOfPage()) : 0));
/** Position of the token from which the one at `place` is written. */
export const position = computed(() => prompt.value - 1 + place.value);

/** Opens a number: the panel says which operation made it. */
export const openNumber = (text: string): void => choose({ number: text });

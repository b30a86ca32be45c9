/** @file Addresses of what a checkpoint writes for a test specification, and of the corpus. Appendix D. */
import {
  decodePrompt,
  describeToken,
  isInputCell,
  promptLength,
  type SampleShape,
  type Split,
  solves,
  TOKEN,
  tokenOfWord,
  tokensToText,
} from '../karel/index.ts';
import { generationOptions, programOfTokens } from '../study/stages/trace.ts';
import { AuditError } from './errors.ts';
import type { Explanation, Operand } from './explanation.ts';
import { indexOf, type Route } from './route.ts';
import type { RunAudit } from './run-audit.ts';

type Found = Readonly<Record<string, string>>;
const SAMPLE = '^(?:step (?<step>\\d+)/)?sample (?<sample>\\d+)/';

export const SAMPLE_ROUTES: readonly Route<RunAudit>[] = [
  {
    pattern: new RegExp(`${SAMPLE}solved$`),
    example: 'sample 12/solved',
    about:
      '1 if the program written for test specification 12 does what is asked, else 0; `step 300/` before it for another checkpoint',
    explain: (audit, found) => solved(audit, ...placeOf(audit, found)),
  },
  // #region one route
  {
    pattern: new RegExp(`${SAMPLE}token (?<token>\\d+)$`),
    example: 'sample 12/token 38',
    about: 'a token of the specification, or one that the model chose',
    explain: (audit, found) => token(audit, ...placeOf(audit, found), Number(found['token'])),
  },
  // #endregion
  {
    pattern: new RegExp(`${SAMPLE}token (?<token>\\d+)/(?<name>[\\w./=,+-]+)\\[(?<index>[\\w,]+)\\]$`),
    example: 'sample 12/token 37/logits[move]',
    about:
      'a number that the model computed from the tokens up to this one; also `belief/-1/original/direction[2]`, `probability[move]`, `h.0.attn.weights[1,5]`',
    explain: (audit, found) => {
      const [step, sample] = placeOf(audit, found);
      const [name, at] = [found['name']!, Number(found['token'])];
      const explanation = audit.sequence(step, sample).explain(name, at, columnsOf(found['index']!));
      if (name !== 'hidden_states.0') return explanation;
      const prefix = `step ${step}/sample ${sample}/`;
      const own = { address: `${prefix}token ${at}`, name: 'token', value: audit.sequence(step, sample).tokens[at]! };
      return { ...explanation, operands: [...explanation.operands, own] };
    },
  },
  {
    pattern: /^corpus\/(?<split>train|validation|test)\/(?<sample>\d+)\/(?:token|cell) (?<token>\d+)$/,
    example: 'corpus/train/881/token 7',
    about: 'a token of a sample: a cell of a grid, or a word of the program',
    explain: (audit, found) =>
      corpusToken(audit, found['split'] as Split, Number(found['sample']), Number(found['token'])),
  },
];

function placeOf(audit: RunAudit, found: Found): [step: number, sample: number] {
  return [found['step'] === undefined ? audit.lastStep : Number(found['step']), Number(found['sample'])];
}

/** Numbers, or a word of the vocabulary: `logits[move]`. */
function columnsOf(text: string): number[] {
  if (/^\d/.test(text)) return indexOf(text);
  const word = text === 'END' ? TOKEN.END : tokenOfWord(text as never);
  if (word === undefined) throw new AuditError(`audit: ${text} is no number and no word of a program`);
  return [word];
}

const shapeOf = (audit: RunAudit): SampleShape =>
  audit.withCorpus('test', 0, (corpus) => corpus.header.settings as SampleShape);

function solved(audit: RunAudit, step: number, sample: number): Explanation {
  const { tokens } = audit.sequence(step, sample);
  const prompt = audit.promptOf('test', sample);
  const specification = decodePrompt(shapeOf(audit), prompt);
  const written = tokens.slice(prompt.length);
  const words = programOfTokens(written, audit.settings.programs);
  const { program } = audit.withCorpus('test', sample, (corpus) => corpus.record(sample));
  return {
    address: `step ${step}/sample ${sample}/solved`,
    value: words !== undefined && solves(specification, words) ? 1 : 0,
    precision: 'integer',
    formula: 'the program, executed in each input world, ends in the output world as drawn',
    note: `written: ${words ? words.join(' ') : 'no program'}; the reference program: ${program.join(' ')}`,
    operands: written.map((value, at) => ({
      address: `step ${step}/sample ${sample}/token ${prompt.length + at}`,
      name: describeToken(value),
      value,
    })),
    again: null,
  };
}

function token(audit: RunAudit, step: number, sample: number, at: number): Explanation {
  const sequence = audit.sequence(step, sample);
  const value = sequence.tokens[at];
  const prompt = audit.promptOf('test', sample).length;
  if (value === undefined) {
    throw new AuditError(
      `audit: sample ${sample} has ${sequence.tokens.length} tokens at step ${step}, there is no token ${at}`,
    );
  }
  const base = {
    address: `step ${step}/sample ${sample}/token ${at}`,
    value,
    precision: 'integer' as const,
    again: null,
  };
  if (at < prompt) {
    const address = `corpus/test/${sample}/token ${at}`;
    return {
      ...base,
      formula: 'of the specification',
      note: describeToken(value),
      operands: [{ address, name: describeToken(value), value }],
    };
  }
  const mask = generationOptions(audit.settings).allowed?.(sequence.tokens.slice(prompt, at));
  const logits = Array.from({ length: sequence.model.config.vocab_size }, (_, v): Operand => {
    const { address, value: logit } = sequence.at('logits', at - 1, v);
    return { address, name: `${describeToken(v)}${mask && mask[v] !== 1 ? ', not allowed here' : ''}`, value: logit };
  });
  const [own] = logits.splice(value, 1);
  return {
    ...base,
    formula: 'the token with the largest logit, of those that may come next',
    note: describeToken(value),
    operands: [own!, ...logits],
  };
}

function corpusToken(audit: RunAudit, split: Split, sample: number, at: number): Explanation {
  return audit.withCorpus(split, sample, (corpus) => {
    const tokens = corpus.tokens(sample);
    const value = tokens[at];
    if (value === undefined) {
      throw new AuditError(`audit: sample ${sample} of ${split} has ${tokens.length} tokens, there is no token ${at}`);
    }
    const shape = corpus.header.settings;
    const prompt = promptLength(shape);
    const address = (place: number): string => `corpus/${split}/${sample}/token ${place}`;
    const operand = (place: number): Operand => ({
      address: address(place),
      name: describeToken(tokens[place]!),
      value: tokens[place]!,
    });
    const base = { address: address(at), value, precision: 'integer' as const, again: null };
    const drawn = `drawn from the stream "${audit.run.plan.seed}/corpus/${split}"`;
    const note = `${describeToken(value)} in ${tokensToText(tokens)}`;
    if (at >= prompt) return { ...base, note, formula: `a word of the program, ${drawn}`, operands: [] };
    if (isInputCell(shape, at)) return { ...base, note, formula: `a cell of an input world, ${drawn}`, operands: [] };
    if (value < TOKEN.WALL)
      return { ...base, note, formula: 'a mark that every sample has at this place', operands: [] };
    const cells = shape.width * shape.height;
    const program = Array.from({ length: tokens.length - prompt }, (_, place) => operand(prompt + place));
    return {
      ...base,
      note,
      formula: 'the same cell of the input world, after the program',
      operands: [operand(at - cells - 1), ...program],
    };
  });
}

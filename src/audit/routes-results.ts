/** @file Addresses of results: accuracies, probes, their pairs, and every number of `results.json`. Appendix D. */

import { solves } from '../karel/index.ts';
import type { ContrastRow, ShareRow } from '../probe/index.ts';
import { EXPLORATORY_CLAIMS, PRIMARY_CLAIMS, type Results, SECONDARY_CLAIMS } from '../results/index.ts';
import { evaluationFile, probesFile, RESULTS_FILE } from '../study/names.ts';
import { readJson } from '../study/run.ts';
import { readTraces } from '../study/stages/trace.ts';
import { AuditError } from './errors.ts';
import type { Explanation, Operand } from './explanation.ts';
import { probedPairs } from './probe-pairs.ts';
import { numbersRead } from './read-numbers.ts';
import type { Route } from './route.ts';
import type { RunAudit } from './run-audit.ts';

type Found = Readonly<Record<string, string>>;
const STEP = '^(?:step (?<step>\\d+)/)?';
const ABOUT = 'probe/(?<feature>\\w+)/(?<semantics>[^/]+)(?:/(?<offset>-?\\d+))?';

export const RESULT_ROUTES: readonly Route<RunAudit>[] = [
  {
    pattern: new RegExp(`${STEP}generative accuracy$`),
    example: 'step 1800/generative accuracy',
    about: 'share of the test specifications that a checkpoint solves; without a step, the last one',
    explain: (audit, found) => generativeAccuracy(audit, stepOf(audit, found)),
  },
  {
    pattern: new RegExp(`${STEP}${ABOUT}/accuracy$`),
    example: 'step 1800/probe/direction/original/-1/accuracy',
    about: 'share of the test pairs for which a linear probe is right, at an offset (-1 where none is given)',
    explain: (audit, found) => probeAccuracy(audit, stepOf(audit, found), aboutOf(found)),
  },
  {
    pattern: new RegExp(`${STEP}${ABOUT}/pair (?<pair>\\d+)$`),
    example: 'step 1800/probe/direction/original/-1/pair 7',
    about: '1 if the probe is right about a test pair, else 0',
    explain: (audit, found) => probePair(audit, stepOf(audit, found), aboutOf(found), Number(found['pair'])),
  },
  {
    pattern: /^claims\/(?<id>[\w/+-]+)$/,
    example: 'claims/flip',
    about: "this run's number of a claim of the analysis plan",
    explain: (audit, found) => claim(audit, found['id']!),
  },
  {
    pattern: /^results\/(?<path>[\w/.+ -]+)$/,
    example: 'results/probes/0/informationShare',
    about: 'any number of results.json, by its keys',
    explain: (audit, found) => result(audit, found['path']!),
  },
];

const stepOf = (audit: RunAudit, found: Found): number =>
  found['step'] === undefined ? audit.lastStep : Number(found['step']);

const aboutOf = (found: Found) => ({
  feature: found['feature']!,
  semantics: found['semantics']!,
  offset: Number(found['offset'] ?? -1),
});

function generativeAccuracy(audit: RunAudit, step: number): Explanation {
  audit.checkpoint(step);
  const { generativeAccuracy: value } = readJson<{ generativeAccuracy: number }>(audit.run, evaluationFile(step));
  const written = readTraces(audit.run, step).programs.test;
  const right = audit.withCorpus('test', 0, (corpus) =>
    written.map((words, sample) => (words.length > 0 && solves(corpus.record(sample), words) ? 1 : 0)),
  );
  const count = right.filter((one) => one === 1).length;
  return {
    address: `step ${step}/generative accuracy`,
    value,
    precision: 'float64',
    formula: 'specifications that the written program meets / all that were tried',
    note: `${count} of ${right.length}`,
    operands: right.map((one, sample) => ({
      address: `step ${step}/sample ${sample}/solved`,
      name: written[sample]!.join(' ') || 'no program',
      value: one,
    })),
    again: { value: count / right.length, count: 1, roundings: [] },
  };
}

function probeAccuracy(audit: RunAudit, step: number, about: ReturnType<typeof aboutOf>): Explanation {
  const { feature, semantics, offset } = about;
  const { outcomes } = readJson<{ outcomes: Results['probes'] }>(audit.run, probesFile(step));
  const outcome = outcomes.find(
    (one) => one.feature === feature && one.semantics === semantics && one.offset === offset && one.hiddenLayers === 0,
  );
  if (!outcome)
    throw new AuditError(`audit: ${probesFile(step)} has no linear probe ${feature}/${semantics}/${offset}`);
  const { score, pairs } = probedPairs(audit, step, about);
  const followed = audit.settings.readLength === 0;
  const prefix = `step ${step}/probe/${feature}/${semantics}/${offset}`;
  return {
    address: `${prefix}/accuracy`,
    value: outcome.accuracy,
    precision: 'float64',
    formula: 'test pairs for which the class with the most evidence is the true one / all test pairs',
    note: `${score.right.filter((one) => one === 1).length} of ${pairs.length}`,
    operands: pairs.map(({ program, action }, pair) => ({
      address: followed ? `${prefix}/pair ${pair}` : null,
      name: `${program.slice(0, action).join(' ')} ...`,
      value: score.right[pair]!,
    })),
    again: { value: score.accuracy, count: 1, roundings: [] },
  };
}

function probePair(audit: RunAudit, step: number, about: ReturnType<typeof aboutOf>, pair: number): Explanation {
  if (audit.settings.readLength > 0)
    throw new AuditError('audit: probes of this run read programs that the model did not write: no pair is followed');
  const { feature, semantics, offset } = about;
  const { score, labels, heads, classes, pairs } = probedPairs(audit, step, about);
  const own = pairs[pair];
  if (!own) throw new AuditError(`audit: there is no pair ${pair}, the last one is ${pairs.length - 1}`);
  const prefix = `step ${step}/sample ${own.sample}/token ${own.token}/`;
  const sequence = audit.sequence(step, own.sample);
  const name = `evidence/${offset}/${semantics}/${feature}`;
  const truth = Array.from({ length: heads }, (_, head) => labels[pair * heads + head]!);
  const operands = Array.from({ length: heads * classes }, (_, unit): Operand => {
    const isTrue = truth[Math.floor(unit / classes)] === unit % classes;
    return {
      address: `${prefix}${name}[${unit}]`,
      name: `evidence for class ${unit % classes}${isTrue ? ', the true one' : ''}`,
      value: sequence.explain(name, own.token, [unit]).value,
    };
  });
  return {
    address: `step ${step}/probe/${feature}/${semantics}/${offset}/pair ${pair}`,
    value: score.right[pair]!,
    precision: 'integer',
    formula: '1 if the class with the most evidence is the true one, else 0',
    note: `sample ${own.sample}, program ${own.program.join(' ')}: the state ${offset} actions from the one after action ${own.action}; true class ${truth.join(', ')}`,
    operands: [...operands].sort((a, b) => b.value - a.value),
    again: null,
  };
}

function claim(audit: RunAudit, id: string): Explanation {
  const found = [...PRIMARY_CLAIMS, ...SECONDARY_CLAIMS, ...EXPLORATORY_CLAIMS].find((one) => one.id === id);
  if (!found) {
    throw new AuditError(
      `audit: there is no claim ${id}; claims are ${PRIMARY_CLAIMS.map((one) => one.id).join(', ')} and others`,
    );
  }
  const { value, read } = numbersRead(audit.results(), found.valueOf);
  if (value === null) throw new AuditError(`audit: this run has no number for the claim ${id}`);
  return {
    address: `claims/${id}`,
    value,
    precision: 'float64',
    formula: found.number,
    note: found.claim,
    operands: read.map((one) => ({ address: `results/${one.path}`, name: one.path, value: one.value })),
    again: null,
  };
}

/** A number of results.json: from where it was taken and, where we know how, from what it follows. */
function result(audit: RunAudit, path: string): Explanation {
  const results = audit.results();
  const value = path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], results);
  if (typeof value !== 'number') throw new AuditError(`audit: ${RESULTS_FILE} has no number at ${path}`);
  const base = { address: `results/${path}`, value, precision: 'float64' as const, again: null };
  const [first, number, ...rest] = path.split('/');
  const to = (address: string, name: string): Operand => ({ address, name, value });
  if (first === 'checkpoints') {
    const { step } = results.checkpoints[Number(number)]!;
    const operands =
      rest.join('/') === 'generativeAccuracy' ? [to(`step ${step}/generative accuracy`, evaluationFile(step))] : [];
    return {
      ...base,
      formula: `as ${evaluationFile(step)} has it`,
      note: madeBy(audit, evaluationFile(step)),
      operands,
    };
  }
  if (first === 'probes') {
    const { step, feature, semantics, offset, hiddenLayers } = results.probes[Number(number)]!;
    const known = rest.join('/') === 'accuracy' && hiddenLayers === 0;
    const address = `step ${step}/probe/${feature}/${semantics}/${offset}/accuracy`;
    return {
      ...base,
      formula: `as ${probesFile(step)} has it: ${feature}, ${semantics}, offset ${offset}, ${hiddenLayers} hidden layers`,
      note: madeBy(audit, probesFile(step)),
      operands: known ? [to(address, probesFile(step))] : [],
    };
  }
  const { evidence } = results;
  if (first === 'evidence' && number === 'contrasts')
    return contrast(audit, base, evidence!.contrasts[Number(rest[0])]!, evidence!.shares, 'shares');
  if (first === 'evidence' && number === 'differing' && rest[0] === 'contrasts') {
    const row = evidence!.differing!.contrasts[Number(rest[1])]!;
    const there = evidence!.differing!.shares.map((one) => (one.differsFrom === row.differsFrom ? one : null));
    return contrast(audit, base, row, there, 'differing/shares');
  }
  if (first === 'evidence' && number === 'shares') return share(audit, base, Number(rest[0]));
  const file = first === 'evidence' ? probesFile(audit.lastStep) : `analysis/${first}.json`;
  return { ...base, formula: `as ${file} has it`, note: madeBy(audit, file), operands: [] };
}

type Base = Omit<Explanation, 'formula' | 'operands'>;

/** A difference of information is that of the shares of the same pairs, which `evidence` has at `path`; null for those of other pairs. */
function contrast(
  audit: RunAudit,
  base: Base,
  { feature, over, against, offset, hiddenLayers, actionsLeft }: ContrastRow,
  shares: readonly (ShareRow | null)[],
  path: string,
): Explanation {
  const semantics = ['original', ...(against === null ? [] : [against])];
  const operands = semantics.flatMap((one) =>
    ['trained', ...(over === null ? [] : [over])].flatMap((source): Operand[] => {
      const at = shares.findIndex(
        (row) =>
          row?.feature === feature &&
          row.source === source &&
          row.semantics === one &&
          row.offset === offset &&
          row.hiddenLayers === hiddenLayers &&
          row.actionsLeft === actionsLeft,
      );
      if (at < 0) return [];
      const sign = (source === 'trained') === (one === 'original') ? 1 : -1;
      const { estimate } = shares[at]!.share;
      const factor = { address: null, name: 'sign', value: sign };
      return [
        {
          address: `results/evidence/${path}/${at}/share/estimate`,
          name: `${source}, ${one}`,
          value: estimate,
          factor,
          part: sign * estimate,
        },
      ];
    }),
  );
  const formula = `information, ${over === null ? 'trained' : `(trained - ${over})`}${against === null ? '' : `, original - ${against}`}`;
  return { ...base, formula, note: madeBy(audit, probesFile(audit.lastStep)), operands };
}

/** 1 - bits that the probe leaves / bits of the class frequencies; of `mean`, the mean over the features. */
function share(audit: RunAudit, base: Base, index: number): Explanation {
  const { evidence, probes } = audit.results();
  const { feature, source, semantics, offset, hiddenLayers, actionsLeft } = evidence!.shares[index]!;
  const step = audit.lastStep;
  const note = madeBy(audit, probesFile(step));
  if (actionsLeft !== 'all')
    return { ...base, formula: `of pairs with ${actionsLeft} actions left`, note, operands: [] };
  const keys = { trained: 'informationShare', untrained: 'untrainedInformationShare' } as const;
  const operands = probes.flatMap((probe, at): Operand[] => {
    const same = probe.step === step && probe.semantics === semantics && probe.offset === offset && probe.seed === '0';
    if (!same || probe.hiddenLayers !== hiddenLayers || (feature !== 'mean' && probe.feature !== feature)) return [];
    const key = keys[source as keyof typeof keys] as keyof typeof probe | undefined;
    const found = key ? probe[key] : probe.records?.[source as never]?.['informationShare'];
    if (typeof found !== 'number') return [];
    return [
      {
        address: `results/probes/${at}/${key ?? `records/${source}/informationShare`}`,
        name: probe.feature,
        value: found,
      },
    ];
  });
  const formula =
    feature === 'mean'
      ? `mean over the features, ${source}`
      : `1 - cross-entropy / that of the class frequencies, ${source}`;
  return { ...base, formula, note, operands };
}

/** Which stage made an artefact, and from what. */
function madeBy(audit: RunAudit, file: string): string {
  const artefact = audit.run.artefact(file);
  if (!artefact) return `${file} is not there`;
  return `${file}, SHA-256 ${artefact.sha256.slice(0, 12)}, made by stage ${artefact.stage} from ${Object.keys(artefact.from).join(', ')}`;
}

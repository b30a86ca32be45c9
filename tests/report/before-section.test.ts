/** @file One action earlier, and the better record: on the page of a run and on that of several seeds. Chapter 11. */
import { describe, expect, test } from 'vitest';
import { beforeSubsection } from '../../src/report/before-section.ts';
import { evidenceOf } from '../../src/report/evidence-numbers.ts';
import {
  interventionSentences,
  interventionSummary,
  overfitSentences,
  recordSentences,
} from '../../src/report/evidence-prose.ts';
import { pairsAheadText } from '../../src/report/look-ahead-section.ts';
import { recordSection } from '../../src/report/record-section.ts';
import { lastProbeStep } from '../../src/report/select.ts';
import { postHocSection } from '../../src/report/study-claims.ts';
import { evidenceSection } from '../../src/report/study-evidence.ts';
import { POST_HOC_CLAIMS } from '../../src/results/post-hoc-claims.ts';
import type { Results } from '../../src/results/results.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { unlabelledFigures, unsourced } from './page-checks.ts';
import { plain, rowsOf } from './page-tables.ts';
import { sampleAnalyses } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

type Evidence = NonNullable<Results['evidence']>;

const base: Results = { ...sampleResults(), ...sampleAnalyses() };
const measured = (estimate: number) => ({
  estimate,
  interval: { low: estimate - 0.02, high: estimate + 0.02 },
  n: 600,
});

/** Each row over `prompt` again, over the better record, which is read like `prompt`. */
function withBestRecord({ shares, contrasts, ...rest }: Evidence): Evidence {
  return {
    ...rest,
    shares: shares.flatMap((row) =>
      row.source === 'prompt' ? [row, { ...row, source: 'bestRecord' as const }] : [row],
    ),
    contrasts: contrasts.flatMap((row) =>
      row.over === 'prompt' ? [row, { ...row, over: 'bestRecord' as const }] : [row],
    ),
  };
}

/** A tenth of each number of offset 0, one action earlier. */
function withBefore(evidence: Evidence): Evidence {
  const whole = ({ actionsLeft }: { actionsLeft: string }) => actionsLeft === 'all';
  const [shares, contrasts] = [evidence.shares.filter(whole), evidence.contrasts.filter(whole)];
  const alone = ({ source }: Evidence['shares'][number]) => source === 'trained' || source === 'untrained';
  const tenth = ({ estimate }: { estimate: number }) => measured(estimate / 10);
  return {
    ...evidence,
    before: {
      shares: shares.filter(alone).map((row) => ({ ...row, share: tenth(row.share) })),
      contrasts: contrasts
        .filter(({ over }) => over === null || over === 'untrained')
        .map((row) => ({ ...row, difference: tenth(row.difference) })),
    },
  };
}

const newer: Results = { ...base, evidence: withBefore(withBestRecord(base.evidence!)) };

describe('one action earlier', () => {
  test('a row for each of five differences and both depths, offset 0 beside offset -1, with intervals', () => {
    const { markup } = beforeSubsection(newer)!;
    const rows = rowsOf(markup, 'One action earlier');
    expect(rows.length).toBe(2 * 5);
    expect(rows[0]).toEqual([
      'linear',
      'trained − untrained',
      '+30.0',
      '+28.0 to +32.0 points',
      '+3.0',
      '+1.0 to +5.0 points',
    ]);
    expect(rows.slice(5).map((row) => row.slice(1, 5))).toEqual([
      ['trained − untrained', '+30.0', '+28.0 to +32.0 points', '+3.0'],
      ['original − flip', '+5.0', '+3.0 to +7.0 points', '+0.5'],
      ['original − adversarial', '+12.0', '+10.0 to +14.0 points', '+1.2'],
      ['beyond the untrained model, original − flip', '+1.0', '−1.0 to +3.0 points', '+0.1'],
      ['beyond the untrained model, original − adversarial', '+1.0', '−1.0 to +3.0 points', '+0.1'],
    ]);
    expect(plain(markup)).toContain(
      'One hidden layer, trained minus untrained: +3.0 points (95 % interval +1.0 to +5.0 points) at offset −1, against +30.0 points',
    );
    expect(markup).toContain('<code>evidence.before.contrasts[] (feature mean, actionsLeft all)</code>');
    expect(unsourced(markup)).toEqual([]);
  });

  test('a run without probes of offset -1 has no such part', () => {
    expect(beforeSubsection(base)).toBeUndefined();
    expect(recordSection(base).markup).not.toContain('One action earlier');
  });

  test('over seeds: means, and each seed', () => {
    const runs = ['1', '2'].map((seed, index) => {
      const before = newer.evidence!.before;
      const contrasts = before.contrasts.map((row) => ({ ...row, difference: measured(0.1 * (index + 1)) }));
      return { ...newer, seed, evidence: { ...newer.evidence!, before: { ...before, contrasts } } };
    });
    const { markup } = evidenceSection(collectStudy('made-up', runs));
    const [row] = rowsOf(markup, 'One action earlier');
    expect([row![2], row![4], row![6]]).toEqual(['+30.0', '+15.0', '+10.0, +20.0']);
    expect(markup).toContain('<code>before.contrasts[] (feature mean, actionsLeft all)</code>');
    expect(unlabelledFigures(markup)).toEqual([]);
  });
});

describe('the better record', () => {
  const numbers = evidenceOf(newer)!;

  test('has its entry in figures, keys, tables and sentences; a run without it names it nowhere', () => {
    const { markup } = recordSection(newer);
    expect(plain(markup)).toContain('one hidden layer, better record: 50.0 %');
    expect(plain(markup)).toContain('original − flip, − better record: −4.0');
    expect(markup).toContain('</svg>the better record, by validation</li>');
    const rows = rowsOf(markup, 'Differences of usable information');
    expect(rows.filter((row) => row[2] === 'beyond the better record, by validation').length).toBe(2 * 4 * 3);
    expect(recordSentences(numbers)[0]).toContain('minus the better record, by validation: ');
    expect(interventionSentences(numbers)[0]).toContain('flip beyond the better record, by validation');
    expect(interventionSummary(numbers)).toContain(
      'Beyond the better record, by validation: of four, none favour the original, four the other semantics',
    );
    expect(recordSection(base).markup).not.toContain('better record');
    expect(unlabelledFigures(markup)).toEqual([]);
    expect(unsourced(markup)).toEqual([]);
  });

  test('where the record with more in it is read worse, the text names the cases and says that there is no bound', () => {
    expect(overfitSentences(numbers)).toEqual([]); // 60 % against 55 % everywhere
    const shares = newer.evidence!.shares.map((row) =>
      row.source === 'prompt' && row.hiddenLayers === 1 && row.semantics === 'flip' && row.feature === 'obstacle'
        ? { ...row, share: measured(0.3) }
        : row,
    );
    const sentences = overfitSentences(evidenceOf({ ...newer, evidence: { ...newer.evidence!, shares } })!);
    expect(sentences.map(plain)).toEqual([
      'One hidden layer: in 1 of 9 cases less is read from the record with the output grid than from the one without, though it holds all of that: obstacle under flip (30.0 % against 40.0 %). There the probe on it has not learned what it could, and a contrast with it is no bound.',
    ]);
  });
});

test('looking ahead: training and test pairs are counted, and a negative value is not laid on the model alone', () => {
  const step = lastProbeStep(base)!;
  const few = {
    ...base,
    probes: base.probes.map((probe) =>
      probe.step === step && probe.offset > 0 ? { ...probe, trainPairs: 700 / probe.offset } : probe,
    ),
  };
  expect(plain(pairsAheadText([few]))).toBe(
    'Probes of later states are trained one action ahead on 700 pairs, compared on 300 test pairs whose present state is read right; two actions ahead on 350 pairs, compared on 150 test pairs whose present state is read right. ' +
      'A negative difference can mean that these are too few pairs to train a probe on, and need not mean that the hidden states tell less than the present state: the guess has only to count.',
  );
  const more = { ...few, probes: few.probes.map((probe) => ({ ...probe, trainPairs: 2 * probe.trainPairs })) };
  expect(pairsAheadText([few, more])).toContain('on 700 to 1,400 pairs');
  expect(pairsAheadText([{ ...base, evidence: null }])).toBe('');
});

test('claims asked afterwards are labelled so, in a table of their own', () => {
  const study = collectStudy('made-up', [newer]);
  const { markup } = postHocSection(study);
  expect(markup).toContain('Post hoc: asked after the results of tiny were known.');
  expect(rowsOf(markup, 'Post-hoc claims').length).toBe(POST_HOC_CLAIMS.length);
  expect(markup).not.toContain('asked by');
});

/** @file Every measurement of a run as tidy rows. Appendix C. */
import { analysisFile, evaluationFile, metricsFile, probesFile } from './artefact-names.ts';
import { causalRows } from './causal-rows.ts';
import { evidenceRows } from './evidence-rows.ts';
import { type Measurement, Rows } from './measurement.ts';
import { regressionsOf } from './regressions.ts';
import type {
  CheckpointResult,
  PermutationResults,
  ProbeResult,
  ProgramMeasures,
  Results,
  ShortestMeasures,
} from './results.ts';

/** In the order of the study: training, programs, probes, evidence, analyses. */
export function measurementsOf(results: Results): Measurement[] {
  const rows = new Rows(results.seed);
  const last = results.checkpoints.at(-1)?.step ?? 0;
  for (const checkpoint of results.checkpoints) checkpointRows(rows, checkpoint);
  for (const probe of results.probes) probeRows(rows, probe);
  regressionRows(rows, results);
  if (results.evidence) evidenceRows(rows, results.evidence, last);
  if (results.permutations) permutationRows(rows, results.permutations, last);
  for (const { step, source, layer, feature, accuracy, majority, informationShare, n } of results.layers ?? []) {
    const about = { step, source, layer, feature, semantics: 'original', depth: 0, offset: 0 };
    rows.add(
      analysisFile('layers'),
      about,
      { layerAccuracy: accuracy, layerMajority: majority, layerInformation: informationShare },
      n,
    );
  }
  if (results.causal) causalRows(rows, results.causal);
  return rows.all;
}

function checkpointRows(rows: Rows, checkpoint: CheckpointResult): void {
  const { step, specifications, programs } = checkpoint;
  const artefact = evaluationFile(step);
  const { trainLoss, tokens } = checkpoint;
  rows.add(metricsFile(step), { step }, { trainLoss, tokens });
  const { generativeAccuracy, unseenAccuracy, inTraining, notInTraining } = programs;
  rows.add(artefact, { step, source: 'generated' }, { generativeAccuracy, unseenAccuracy });
  rows.add(
    artefact,
    { step, source: 'generated', part: 'reference program in training' },
    { generativeAccuracy: inTraining },
  );
  rows.add(
    artefact,
    { step, source: 'generated', part: 'reference program not in training' },
    { generativeAccuracy: notInTraining },
  );
  const { programPerplexity, gridPerplexity, ownProgramPerplexity } = checkpoint;
  rows.add(artefact, { step, source: 'reference', part: 'program' }, { perplexity: programPerplexity });
  rows.add(artefact, { step, source: 'reference', part: 'grids' }, { perplexity: gridPerplexity });
  rows.add(artefact, { step, source: 'generated', part: 'program' }, { perplexity: ownProgramPerplexity });
  for (const source of ['generated', 'reference'] as const) {
    const statistics = programs[source];
    if (!statistics) continue;
    const { distinct, effectClasses, lengths } = statistics;
    rows.add(artefact, { step, source }, { distinctPrograms: distinct, effectClasses }, statistics.programs);
    programRows(rows, artefact, { step, source }, statistics);
    lengths.forEach((count, length) => {
      rows.add(artefact, { step, source, part: `${length} words` }, { programsOfLength: count }, statistics.programs);
    });
  }
  const versus = { step, source: 'generated', against: 'reference' };
  if (programs.difference) programRows(rows, artefact, versus, programs.difference);
  shortestRows(rows, artefact, step, programs.shortest);
  for (const [semantics, features] of Object.entries(checkpoint.labelDistribution)) {
    for (const [feature, counts] of Object.entries(features)) {
      counts.forEach((count, label) => {
        if (count === 0) return;
        rows.add(probesFile(step), { step, semantics, feature, offset: 0, part: `label ${label}` }, { labels: count });
      });
    }
  }
  if (!programs.generated) rows.add(artefact, { step, source: 'generated' }, { distinctPrograms: 0 }, specifications);
}

function programRows(rows: Rows, artefact: string, about: object, measures: ProgramMeasures): void {
  const { length, noOps, withNoOp, notMinimal, withControl, actionShares } = measures;
  rows.add(artefact, about, { programLength: length, noOps, withNoOp, notMinimal, withControl });
  for (const [part, share] of Object.entries(actionShares))
    rows.add(artefact, { ...about, part }, { actionShare: share });
}

function shortestRows(
  rows: Rows,
  artefact: string,
  step: number,
  shortest: CheckpointResult['programs']['shortest'],
): void {
  if (!shortest) return;
  const add = (about: object, measures: Partial<ShortestMeasures> | null): void => {
    if (!measures) return;
    const { length, shortestLength, asShort, asShortInCorpus } = measures;
    rows.add(artefact, { step, ...about }, { lengthBesideShortest: length, shortestLength, asShort, asShortInCorpus });
  };
  add({ source: 'reference', part: 'all' }, shortest.all.reference);
  add({ source: 'reference', part: 'solved' }, shortest.solved.reference);
  add({ source: 'generated', part: 'solved' }, shortest.solved.generated);
  add({ source: 'generated', against: 'reference', part: 'solved' }, shortest.solved.difference);
}

function probeRows(rows: Rows, probe: ProbeResult): void {
  const { step, feature, semantics, offset, hiddenLayers: depth, layer, n } = probe;
  const artefact = probesFile(step);
  const about = {
    step,
    feature,
    semantics,
    offset,
    depth,
    layer,
    part: probe.seed === '0' ? null : `probe seed ${probe.seed}`,
  };
  const add = (source: string, accuracy: number, information: number, share: number | null): void =>
    rows.add(artefact, { ...about, source }, { accuracy, information, informationShare: share }, n);
  add('trained', probe.accuracy, probe.information, probe.informationShare);
  add('untrained', probe.untrained, probe.untrainedInformation, probe.untrainedInformationShare);
  for (const [kind, record] of Object.entries(probe.records ?? {}))
    add(kind, record.accuracy, record.information, record.informationShare);
  rows.add(artefact, { ...about, source: 'majority' }, { accuracy: probe.majority }, n);
  if (probe.informationShare !== null && probe.untrainedInformationShare !== null) {
    const gain = probe.informationShare - probe.untrainedInformationShare;
    rows.add(artefact, { ...about, source: 'trained', against: 'untrained' }, { informationShare: gain }, n);
  }
}

function regressionRows(rows: Rows, results: Results): void {
  for (const { feature, hiddenLayers, measure, line, points } of regressionsOf(results)) {
    const about = { feature, depth: hiddenLayers, semantics: 'original', part: measure };
    rows.add('results.json', about, { rSquared: line?.rSquared, slope: line?.slope }, points.length);
  }
}

function permutationRows(rows: Rows, { rows: permutations, ranks }: PermutationResults, step: number): void {
  for (const { source, semantics, feature, hiddenLayers, isPermutation, ...found } of permutations) {
    const about = { step, source, semantics, feature, depth: hiddenLayers, offset: -1 };
    const part = isPermutation ? null : 'no permutation';
    const { accuracy, informationShare } = found;
    rows.add(
      analysisFile('permutations'),
      { ...about, part },
      {
        permutationInformation: informationShare,
        permutationAccuracy: accuracy,
      },
    );
  }
  for (const { source, feature, hiddenLayers, among, rank, worst } of ranks) {
    const about = { step, source, feature, depth: hiddenLayers, offset: -1, semantics: 'original' };
    const part = among === 'all' ? 'among all' : 'among those that keep the markers';
    rows.add(analysisFile('permutations'), { ...about, part }, { permutationRank: rank, permutationWorstRank: worst });
  }
}

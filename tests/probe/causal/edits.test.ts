/** Edits on models of which it is known what decides. */
import { expect, test } from 'vitest';
import { FLIP, ORIGINAL } from '../../../src/karel/index.ts';
import {
  flipDiffers,
  layerGeometry,
  probeDirections,
  randomDirections,
  readEdits,
  runEdits,
  summarizeEdits,
  summarizeFlipDiffers,
  summarizeMatched,
  summarizeReadings,
  trainFacingProbes,
  WITHIN,
} from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { engine } from '../toys.ts';
import { task, toyCases, toyModel, toyTraces } from './toy-model.ts';

const layers = [0, 1];
const traces = layers.map(toyTraces);
const geometry = traces.map(layerGeometry);
const distances = geometry.map(({ distance }) => distance);
const [original, flip] = [ORIGINAL, FLIP].map((semantics) =>
  layers.map((layer) => trainFacingProbes(engine, traces[layer]!, geometry[layer]!, semantics)),
);
const places = layers.flatMap((layer) => [0, 0.125, 0.25, 0.5].map((size) => ({ layer, size })));

const done = new Map<string, ReturnType<typeof editToy>>();
function edit(decidesBy: 'state' | 'tokens') {
  const found = done.get(decidesBy) ?? editToy(decidesBy);
  done.set(decidesBy, found);
  return found;
}

function editToy(decidesBy: 'state' | 'tokens') {
  const scoresOf = (seed: number) => {
    const cases = toyCases(150, seed, WITHIN);
    const weightsOf = (probes: typeof original) => probes!.map(({ weights }) => weights);
    const directions = {
      probe: probeDirections(cases, weightsOf(original), geometry, ORIGINAL),
      flip: probeDirections(cases, weightsOf(flip), geometry, FLIP),
      random: randomDirections(cases, geometry, uniform(seed)),
    };
    return runEdits(toyModel(decidesBy), cases, places, directions, distances, task);
  };
  const [validation, test] = [scoresOf(21), scoresOf(22)];
  return {
    ...summarizeEdits(places, validation, test, uniform(5)),
    matched: summarizeMatched(places, validation, test, uniform(6)),
    differing: summarizeFlipDiffers(places, validation, test, toyCases(150, 22, WITHIN).map(flipDiffers), uniform(7)),
  };
}

test('a probe finds the facings of both robots in layer 1, above 99 %, and not in layer 0, below 40 %', () => {
  for (const example of [0, 1]) {
    expect(original![1]!.scores[example]!.accuracy).toBeGreaterThan(0.99);
    expect(original![0]!.scores[example]!.accuracy).toBeLessThan(0.4);
  }
});

test('where the hidden state decides, edits along the probe succeed in over 95 % of cases, random ones in less than 5 %', () => {
  const { none, sweep, chosen, contrasts } = edit('state');
  const [probe, , random] = chosen;
  expect(probe!.success.estimate).toBeGreaterThan(0.95);
  expect(probe!.size).toBeGreaterThan(0);
  expect(random!.success.estimate).toBeLessThan(0.05);
  expect(contrasts[0]).toMatchObject({ kind: 'probe', against: 'random' });
  expect(contrasts[0]!.difference.interval!.low).toBeGreaterThan(0.9);
  expect(contrasts[0]!.p).toBeLessThan(0.001);
  // An edit of size 0 is none, and none cannot succeed.
  for (const row of sweep.filter(({ size }) => size === 0)) {
    expect({ ...none }).toEqual({ success: row.success, unchanged: row.unchanged, solvesUnturned: row.solvesUnturned });
  }
  expect([none.success.estimate, none.unchanged.estimate, none.solvesUnturned.estimate]).toEqual([0, 1, 1]);
});

test('where the tokens decide, the same hidden states and probes change no program, whatever the size', () => {
  const { sweep, chosen, contrasts } = edit('tokens');
  for (const { success, unchanged, solvesUnturned } of sweep) {
    expect([success.estimate, unchanged.estimate, solvesUnturned.estimate]).toEqual([0, 1, 1]);
  }
  expect(chosen.map(({ layer, size }) => [layer, size])).toEqual(Array(3).fill([0, 0]));
  expect(contrasts.map(({ difference, p }) => [difference.estimate, p])).toEqual(Array(3).fill([0, 1]));
});

test('where the hidden state decides, probe - random at the matched place is above 0.9, and random edits leave over half of the programs as they are', () => {
  const { matched, differing, sweep } = edit('state');
  const [against, flipped] = matched.contrasts;
  // The toy passes nothing on from layer 0, so that edits from there on and from layer 1 on do the same.
  expect(matched).toMatchObject({ layer: 0, gentle: true });
  expect(against!.difference.interval!.low).toBeGreaterThan(0.9);
  expect(against!.p).toBeLessThan(0.001);
  const [probe, , random] = matched.edits;
  expect(random!.unchanged.estimate).toBeGreaterThan(0.5);
  expect(probe!.successAmongChanged!.estimate).toBeCloseTo(
    probe!.success.estimate / (1 - probe!.unchanged.estimate),
    12,
  );
  expect(
    sweep.find((row) => row.kind === 'probe' && row.layer === 0 && row.size === matched.size)!.success,
  ).toMatchObject({ estimate: probe!.success.estimate });
  // All its actions turn: after one of them flip gives another facing, after two the same.
  expect(differing.cases).toBe(toyCases(150, 22, WITHIN).filter(({ point }) => point === 1).length);
  for (const one of [flipped!, differing.matched!]) expect(one.difference.interval!.low).toBeGreaterThan(0.4);
});

test('where the tokens decide, the matched differences are 0, and without a changed program there is no share among them', () => {
  const { matched, differing } = edit('tokens');
  expect(matched.edits.map(({ successAmongChanged }) => successAmongChanged)).toEqual([null, null, null]);
  for (const one of [...matched.contrasts, differing.chosen!, differing.matched!]) {
    expect([one.difference.estimate, one.p]).toEqual([0, 1]);
  }
});

test('where nothing is passed on from layer to layer, an edit moves the last hidden state by its size in distances, wherever it begins', () => {
  for (const { layer, size, moved } of edit('tokens').sweep) {
    expect(moved, `from layer ${layer} on`).toBeCloseTo(size, 9);
  }
});

test('in layer 1 an edit of size 0.5 convinces its probe of the turned facing in over 99 %, whatever decides; one of 0 changes nothing', () => {
  const cases = toyCases(100, 22, WITHIN);
  const probed = layers.map((layer) => ({ geometry: geometry[layer]!, probes: original![layer]! }));
  const along = probeDirections(
    cases,
    original!.map(({ weights }) => weights),
    geometry,
    ORIGINAL,
  );
  const rows = (decidesBy: 'state' | 'tokens') =>
    summarizeReadings(places, readEdits(toyModel(decidesBy), cases, places, along, probed, task), uniform(3));
  expect(rows('tokens')).toEqual(rows('state'));
  for (const { layer, size, before, after } of rows('state')) {
    if (layer === 0) continue;
    expect(before.estimate).toBeLessThan(0.01);
    if (size === 0) expect(after).toEqual(before);
    if (size === 0.5) expect(after.estimate).toBeGreaterThan(0.99);
  }
});

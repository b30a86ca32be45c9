/** @file Records beside hidden states. Chapter 8. */
import { expect, test } from 'vitest';
import { recordedProbes, recordSection, recordText } from '../../src/report/record-section.ts';
import type { Results } from '../../src/results/results.ts';
import { sampleResults } from './sample-results.ts';

const figures = (information: number) => ({ accuracy: 0.5, information, informationShare: information / 2 });

/** Records at the last step: `input` bits of text and input grid, one bit more with the output grid, for the original semantics. */
function recorded(input: number): Results {
  const results = sampleResults();
  const last = results.checkpoints.at(-1)!.step;
  results.probes = results.probes.map((probe) =>
    probe.step === last && probe.offset === 0 && probe.hiddenLayers < 2 && probe.semantics === 'original'
      ? { ...probe, information: 1, records: { input: figures(input), prompt: figures(input + 1) } }
      : probe,
  );
  return results;
}

test('a row for each depth and feature that has records, with the shares of all three', () => {
  expect(recordedProbes(recorded(0.25)).map(({ feature, hiddenLayers }) => [feature, hiddenLayers])).toEqual([
    ['direction', 0],
    ['position', 0],
    ['obstacle', 0],
    ['direction', 1],
    ['position', 1],
    ['obstacle', 1],
  ]);
  const { markup } = recordSection(recorded(0.25));
  expect(markup.match(/<th scope="row"/g)).toHaveLength(6);
  expect(markup).toMatch(/12\.5.%/); // 0.25 of 2 bits
  expect(markup).toMatch(/62\.5.%/);
});

test('the sentence counts where the hidden states tell more than both records', () => {
  expect(recordText(recorded(-0.5))).toBe(
    'Linear: the hidden states tell more than both records for 3 of 3 features under original semantics. ' +
      'One hidden layer: the hidden states tell more than both records for 3 of 3 features under original semantics.',
  );
  expect(recordText(recorded(0.25))).toMatch(/for none of 3 features/); // 1.25 bits with the output grid
});

test('a run without records says so, and that there are none yet while nothing has been asked', () => {
  expect(recordSection(sampleResults()).markup).toContain('No probe of this run has been trained on records yet.');
  const nothing = { shares: [], contrasts: [] };
  const asked = { ...sampleResults(), evidence: { ...nothing, before: nothing, lookAhead: [] } };
  expect(recordSection(asked).markup).toContain('No probe of this run was trained on records.');
});

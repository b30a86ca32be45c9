/** How well probes read three features from the committed model, beside the untrained model and the most frequent class. */
import * as Plot from '@observablehq/plot';
import { FEATURES } from '../../src/probe/index.ts';
import { resultsOf } from '../committed-results.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

const DEPTHS = { 0: 'linear', 1: 'one layer' } as const;

export default function probeFeatures(): Figure {
  const { probes } = resultsOf('11');
  const rows = FEATURES.flatMap((feature) =>
    ([0, 1] as const).map((depth) => {
      const found = probes.find(
        (probe) =>
          probe.step === 3600 &&
          probe.offset === -1 &&
          probe.semantics === 'original' &&
          probe.feature === feature &&
          probe.hiddenLayers === depth,
      )!;
      return { ...found, depth: DEPTHS[depth] };
    }),
  );
  type Row = (typeof rows)[number];
  const panel = (label: string, of: (row: Row) => readonly [number, number, number]): string =>
    chart({
      width: 360,
      height: 250,
      marginLeft: 74,
      marginRight: 64,
      marginTop: 20,
      marginBottom: 38,
      fy: { domain: [...FEATURES], label: null, axis: 'right', padding: 0.25 },
      y: { domain: Object.values(DEPTHS), label: null, tickSize: 0 },
      x: { domain: [0, 1], label, labelAnchor: 'center', labelArrow: 'none', ticks: 6 },
      marks: [
        Plot.ruleX([0], { stroke: COLOURS.line }),
        Plot.link(rows, { fy: 'feature', y: 'depth', x1: (row: Row) => of(row)[1], x2: (row: Row) => of(row)[0], stroke: COLOURS.line, strokeWidth: 2 }), // biome-ignore format: one mark a line
        Plot.tickX(rows, {
          fy: 'feature',
          y: 'depth',
          x: (row: Row) => of(row)[2],
          stroke: COLOURS.muted,
          strokeWidth: 2,
        }),
        Plot.dot(rows, {
          fy: 'feature',
          y: 'depth',
          x: (row: Row) => of(row)[1],
          stroke: COLOURS.orange,
          fill: 'none',
          r: 4.5,
          strokeWidth: 2,
        }),
        Plot.dot(rows, { fy: 'feature', y: 'depth', x: (row: Row) => of(row)[0], fill: COLOURS.blue, r: 5 }),
      ],
    });
  const accuracy = panel('accuracy', (row) => [row.accuracy, row.untrained, row.majority]);
  const information = panel('usable information, a share', (row) => [
    row.informationShare!,
    row.untrainedInformationShare!,
    0,
  ]);
  const legend = [
    `<circle cx="70" cy="14" r="5" fill="${COLOURS.blue}"/><text x="82" y="18">trained</text>`,
    `<circle cx="160" cy="14" r="4.5" fill="none" stroke="${COLOURS.orange}" stroke-width="2"/><text x="172" y="18">untrained</text>`,
    `<path d="M265 6v16" stroke="${COLOURS.muted}" stroke-width="2"/><text x="275" y="18">the most frequent class alone</text>`,
  ].join('\n');
  return {
    title:
      'Accuracy and usable information of probes of the committed model, trained and untrained, before the action is written',
    width: 740,
    height: 286,
    body: `${legend}\n<g transform="translate(0 32)">${accuracy}</g>\n<g transform="translate(380 32)">${information}</g>`,
  };
}

/** The learning rate of each step of the preset tiny. */
import * as Plot from '@observablehq/plot';
import { presetNamed } from '../../src/study/index.ts';
import { trainerSettings } from '../../src/study/stages/train.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

export default function draw(): Figure {
  const { settings } = presetNamed('tiny');
  const { schedule } = trainerSettings(settings);
  const steps = Array.from({ length: settings.steps / 20 + 1 }, (_, i) => Math.min(20 * i, settings.steps - 1));
  const rates = steps.map((step) => ({ step: step + 1, rate: 1000 * schedule(step) }));
  const [width, height] = [700, 200];
  const body = chart({
    width,
    height,
    marginLeft: 46,
    marginBottom: 40,
    x: { label: 'step', domain: [0, settings.steps] },
    y: { label: 'learning rate, thousandths', grid: true },
    marks: [
      Plot.ruleX([settings.warmupSteps], { stroke: COLOURS.line, strokeDasharray: '4 3' }),
      Plot.lineY(rates, { x: 'step', y: 'rate', stroke: COLOURS.blue, strokeWidth: 2.5 }),
      Plot.text([{ step: settings.warmupSteps, rate: 125 * settings.learningRate }], {
        x: 'step',
        y: 'rate',
        text: () => `warm-up ends at step ${settings.warmupSteps}`,
        textAnchor: 'start',
        dx: 8,
        fill: 'currentColor',
      }),
    ],
  });
  return { title: 'Learning rate of each step', width, height, body };
}

/** What two panels side by side share, that show a curve of each of ten runs over its training. */
import { COLOURS } from './svg.ts';

export const OVER_TRAINING = {
  width: 360,
  height: 270,
  marginLeft: 40,
  marginRight: 22,
  marginTop: 30,
  marginBottom: 38,
} as const;

export const STEPS = {
  label: 'training steps',
  labelAnchor: 'center',
  labelArrow: 'none',
  ticks: [0, 900, 1800, 2700, 3600],
  tickFormat: 'd',
} as const;

/** A thin line a seed. */
export const EACH_SEED = {
  x: 'step',
  y: 'value',
  z: 'seed',
  stroke: COLOURS.muted,
  strokeWidth: 1,
  strokeOpacity: 0.7,
};

export const sideBySide = (left: string, right: string): { width: number; height: number; body: string } => ({
  width: 740,
  height: 272,
  body: `${left}\n<g transform="translate(380 0)">${right}</g>`,
});

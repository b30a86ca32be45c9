/** What the figures of edits share: panels side by side, each with shares upwards. */

export const PANELS_OF_SHARES = {
  marginLeft: 48,
  marginRight: 16,
  marginTop: 30,
  marginBottom: 42,
  y: { label: 'share', domain: [0, 1], grid: true, ticks: 5 },
};

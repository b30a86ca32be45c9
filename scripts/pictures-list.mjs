// The pictures, and from which data each is made.
import { sha256 } from '../dist/transformer/index.js';

/** `hash` is the place in the page, `element` what of it is shown; without it, what a window of this size shows. */
export const PICTURES = [
  { name: 'page', hash: 'story', width: 1100, height: 900 },
  { name: 'learning', hash: 'story', element: 'figure#learning', width: 1100, height: 900 },
  { name: 'baselines', hash: 'story', element: 'figure#baselines', width: 1100, height: 900 },
  { name: 'model', hash: 'model?sample=3&at=1', element: '.model', width: 1000, height: 900 },
  // A descent in the page: a probability, its logit, what attention brought, a parameter.
  ...[
    'token+70/probability[5]',
    'token+70/logits[5]',
    'token+70/h.3.attn.heads[57]',
    'transformer.h.3.attn.qkv_proj.weight[169,32]',
  ].map((number, at) => ({
    name: `descent-${at + 1}`,
    hash: `model?sample=3&at=1&number=${number}`,
    element: '.number-panel',
    width: 1000,
    height: 900,
  })),
];

/** All of the page's data, and the place that is shown. */
export function digestOf(name, data) {
  const picture = PICTURES.find((one) => one.name === name);
  return sha256(new TextEncoder().encode(JSON.stringify([picture, data])));
}

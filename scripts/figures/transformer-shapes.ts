/** The shapes in tiny's model, from tokens to logits, with the parameters of each part. */
import { presetNamed } from '../../src/study/index.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { sizeOf } from '../../src/tensor/index.ts';
import { innerWidth, parameterCount, parameterSpecs } from '../../src/transformer/index.ts';
import { COLOURS, type Figure } from './svg.ts';

const config = modelConfig(presetNamed('tiny').settings);
const { n_embd: width, n_positions: most, n_head: heads, vocab_size: words, n_layer: layers } = config;
const inner = innerWidth(config);
const specs = parameterSpecs(config);
const shapeOf = (name: string) => `[${specs.find((spec) => spec.name === name)!.shape.join(', ')}]`;
const inBlock = specs
  .filter(({ name }) => name.startsWith('transformer.h.0.'))
  .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
const comma = (n: number) => n.toLocaleString('en-US');

const text = (x: number, y: number, words: string, options = '') =>
  `<text x="${x}" y="${y}" ${options}>${words}</text>`;
const line = (path: string, arrow = true) =>
  `<path d="${path}" fill="none" stroke="currentColor" stroke-width="1.5"${arrow ? ' marker-end="url(#arrow)"' : ''}/>`;
function part(x: number, y: number, wide: number, name: string, weights: string, colour: string): string {
  const middle = x + wide / 2;
  const anchored = `text-anchor="middle"`;
  return [
    `<rect x="${x}" y="${y}" width="${wide}" height="40" rx="5" fill="none" stroke="${colour}" stroke-width="2"/>`,
    text(middle, y + (weights ? 17 : 25), name, `${anchored} font-weight="600"`),
    weights ? text(middle, y + 33, weights, `${anchored} font-size="11" class="code"`) : '',
  ].join('');
}
const shape = (x: number, y: number, of: string) =>
  text(x, y, of, `class="code" font-size="12" style="fill:${COLOURS.muted}"`);

export default function draw(): Figure {
  const h = 'transformer.h.0.';
  const stream = 84;
  const [left, right] = [250, 590];
  const column = (x: number, parts: readonly [string, string, string][]) =>
    parts.map(([name, weights, after], at) => {
      const y = 176 + at * 66;
      return [
        part(x - 110, y, 220, name, weights, x === left ? COLOURS.blue : COLOURS.orange),
        line(`M${x} ${y + 40} V${y + 64}`, at < parts.length - 1),
        shape(x + 8, y + 57, after),
      ].join('');
    });
  const body = [
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="currentColor"/></marker></defs>',
    text(stream + 10, 22, `token ids [${most}] at most`),
    line(`M${stream} 10 V30`),
    part(14, 32, 140, 'embedding', `wte ${shapeOf('transformer.wte.weight')}`, COLOURS.teal),
    shape(stream + 10, 92, `[${most}, ${width}]  the residual stream`),
    line(`M${stream} 72 V480`, false),
    line(`M${stream} 506 V534`),
    // The block
    `<rect x="30" y="104" width="716" height="420" rx="9" fill="none" stroke="${COLOURS.line}" stroke-width="2" stroke-dasharray="6 4"/>`,
    text(
      738,
      515,
      `block, ${layers} times, ${comma(inBlock)} parameters each`,
      `text-anchor="end" style="fill:${COLOURS.muted}"`,
    ),
    line(`M${stream} 136 H300`),
    part(302, 116, 236, 'layer norm', `ln_1 ${shapeOf(`${h}ln_1.weight`)} and bias`, COLOURS.purple),
    shape(600, 130, `[${most}, ${width}]`),
    line(`M538 136 H${right} V174`),
    line(`M302 148 H${left} V174`),
    ...column(left, [
      ['queries, values, keys', `qkv_proj ${shapeOf(`${h}attn.qkv_proj.weight`)}`, `[${most}, ${3 * width}]`],
      ['rotary', `first ${config.rotary_dim} of each head’s ${width / heads}`, `[${most}, ${3 * width}]`],
      ['attention', `${heads} heads, weights [${most}, ${most}] each`, `[${most}, ${width}]`],
      ['output', `out_proj ${shapeOf(`${h}attn.out_proj.weight`)}`, `[${most}, ${width}]`],
    ]),
    ...column(right, [
      ['widen', `fc_in ${shapeOf(`${h}mlp.fc_in.weight`)} and bias`, `[${most}, ${inner}]`],
      ['GELU', 'each number alone', `[${most}, ${inner}]`],
      ['narrow', `fc_out ${shapeOf(`${h}mlp.fc_out.weight`)} and bias`, `[${most}, ${width}]`],
    ]),
    // Back to the stream
    line(`M${left} 438 V486 H${stream + 12}`),
    line(`M${right} 372 V498 H${stream + 12}`),
    `<circle cx="${stream}" cy="492" r="13" fill="none" stroke="currentColor" stroke-width="1.5"/>`,
    text(stream, 497, '+', 'text-anchor="middle" font-size="16"'),
    // Behind the blocks
    part(14, 536, 140, 'layer norm', `ln_f ${shapeOf('transformer.ln_f.weight')}, bias`, COLOURS.purple),
    line('M154 556 H212'),
    part(214, 536, 180, 'head', `lm_head ${shapeOf('lm_head.weight')}, bias`, COLOURS.teal),
    line('M394 556 H440'),
    text(448, 561, `logits [${most}, ${words}]`),
    text(
      738,
      561,
      `${comma(parameterCount(config))} parameters in all`,
      `text-anchor="end" style="fill:${COLOURS.muted}"`,
    ),
  ].join('\n');
  return { title: 'Shapes from tokens to logits in the model of the preset tiny', width: 760, height: 586, body };
}

/** The tape of chapter 5's example as a graph: its boxes and numbers are those of the recorded nodes. */
import type { Node, Variable } from '../../src/autograd/index.ts';
import { createReferenceEngine, type Tensor } from '../../src/tensor/index.ts';
import { printedBy } from '../chapters.mjs';
import { COLOURS, type Figure } from './svg.ts';

const BOX = { width: 126, gap: 31, line: 17 };
const REFERENCE = createReferenceEngine('float64');
const [WIDTH, HEIGHT] = [758, 276];

export default async function draw(): Promise<Figure> {
  let example: typeof import('../../examples/05-tape.ts') | undefined;
  await printedBy(async () => {
    example = await import('../../examples/05-tape.ts');
  });
  const { tape, names } = example!.recorded;
  const madeBy = new Map(tape.nodes.map((node) => [node.output, node]));
  const depths = new Map<Variable, number>();
  const depthOf = (variable: Variable): number => depths.get(variable) ?? 0;
  for (const { inputs, output } of tape.nodes)
    depths.set(output, 1 + Math.max(...inputs.map((input) => (input ? depthOf(input) : 0))));

  // A column for each depth. What lies alone in its column is in the middle, but makes room for an arrow that passes it.
  const columns = new Map<number, Variable[]>();
  for (const variable of names.keys())
    columns.set(depthOf(variable), [...(columns.get(depthOf(variable)) ?? []), variable]);
  const passed = (depth: number): boolean =>
    tape.nodes.some(({ inputs, output }) =>
      inputs.some((input) => input && depthOf(input) < depth && depthOf(output) > depth && depthOf(input) > 0),
    );
  const boxes = new Map<Variable, Box>();
  for (const [depth, column] of columns) {
    column.forEach((variable, row) => {
      const lines = 1 + 2 * rowsOf(variable.value).length;
      const height = 14 + lines * BOX.line;
      const middle = column.length > 1 ? 66 + row * 136 : passed(depth) ? 202 : 118;
      boxes.set(variable, { x: 2 + depth * (BOX.width + BOX.gap), y: middle - height / 2, height });
    });
  }
  const usesOf = (variable: Variable): number =>
    tape.nodes.flatMap(({ inputs }) => inputs).filter((input) => input === variable).length;
  const body = [MARKERS];
  for (const node of tape.nodes) {
    node.inputs.forEach((input, index) => {
      if (input) body.push(arrows(boxes.get(input)!, boxes.get(node.output)!, node, index, usesOf(input)));
    });
  }
  for (const [variable, box] of boxes) body.push(boxOf(variable, names.get(variable)!, madeBy.get(variable), box));
  body.push(
    `<text x="2" y="${HEIGHT - 6}" font-size="12" fill="${COLOURS.blue}" style="fill:${COLOURS.blue}">value, forwards</text>`,
    `<text x="112" y="${HEIGHT - 6}" font-size="12" style="fill:${COLOURS.orange}">gradient, backwards (beside an arrow: what one of two uses contributes)</text>`,
  );
  return { title: 'A tape of four ops with values and gradients', width: WIDTH, height: HEIGHT, body: body.join('\n') };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const arrow = (id: string, colour: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;
const MARKERS = `<defs>${arrow('forwards', COLOURS.blue)}${arrow('backwards', COLOURS.orange)}</defs>`;

/** Numbers of a matrix row by row, at most two decimals. */
function rowsOf({ shape, data }: Pick<Tensor, 'shape' | 'data'>): string[] {
  const columns = shape.at(-1) ?? 1;
  const numbers = Array.from(data, (number) => String(Number(number.toFixed(2))).replace('-', '−'));
  return Array.from({ length: data.length / columns }, (_, row) =>
    numbers.slice(row * columns, (row + 1) * columns).join(', '),
  );
}

function boxOf({ value, gradient }: Variable, name: string, node: Node | undefined, { x, y, height }: Box): string {
  const middle = x + BOX.width / 2;
  let line = y + 4;
  const text = (words: string, style = ''): string => {
    line += BOX.line;
    return `<text x="${middle}" y="${line}" text-anchor="middle" ${style}>${words}</text>`;
  };
  const gradients = gradient ? rowsOf(gradient) : value.shape.length > 0 ? ['no gradient'] : [];
  return [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${height}" rx="6" fill="none" stroke="${COLOURS.line}"/>`,
    text(node ? `${name} = ${node.op.name}` : name, 'style="font-size:12px"'),
    ...rowsOf(value).map((row) => text(row, `style="fill:${COLOURS.blue}"`)),
    ...gradients.map((row) =>
      text(row, gradient ? `style="fill:${COLOURS.orange}"` : `font-size="12" style="fill:${COLOURS.muted}"`),
    ),
  ].join('\n');
}

/** An arrow forwards and, where a gradient passes, one backwards: with what this use contributes, where there are several. */
function arrows(from: Box, to: Box, node: Node, index: number, uses: number): string {
  const start = { x: from.x + BOX.width + 3, y: from.y + from.height / 2 };
  const end = { x: to.x - 3, y: to.y + to.height / 2 };
  const line = (dy: number, [a, b]: readonly Point[], kind: string, style: string): string =>
    `<path d="M${a!.x} ${a!.y + dy}L${b!.x} ${b!.y + dy}" fill="none" ${style} marker-end="url(#${kind})"/>`;
  const forwards = line(-5, [start, end], 'forwards', `stroke="${COLOURS.blue}"`);
  const input = node.inputs[index]!;
  if (!input.requiresGradient) return forwards;
  const backwards = line(5, [end, start], 'backwards', `stroke="${COLOURS.orange}" stroke-dasharray="4 3"`);
  if (uses < 2) return forwards + backwards;
  const { shape, size } = input.value;
  const shares = Float64Array.from({ length: size }, (_, at) =>
    node.op.explainGradient(node, index, at).again(REFERENCE),
  );
  const label = rowsOf({ shape, data: shares }).join(' ');
  const level = Math.abs(end.y - start.y) < 1;
  const [x, y] = [(start.x + end.x) / 2, (start.y + end.y) / 2];
  const place = level ? `x="${x}" y="${y + 22}" text-anchor="middle"` : `x="${x - 12}" y="${y + 22}" text-anchor="end"`;
  return `${forwards}${backwards}<text ${place} style="fill:${COLOURS.orange}">${label}</text>`;
}

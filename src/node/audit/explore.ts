/** @file A walk through a run's numbers in a terminal: arrow keys choose an operand, left goes back. Appendix D. */
import { emitKeypressEvents, type Key } from 'node:readline';
import { describeExplanation, type Explanation, formatNumber, inOrder } from '../../audit/index.ts';

type Explain = (address: string) => Promise<Explanation>;

/** Where one can go from an explanation. */
interface Way {
  readonly address: string;
  readonly label: string;
}

const HELP = 'up, down: choose   right, enter: open   left: back   q: end';

/** Until the person ends it. */
export async function explore(explain: Explain, first: Explanation): Promise<void> {
  const { stdin, stdout } = process;
  const trail: { explanation: Explanation; chosen: number }[] = [{ explanation: first, chosen: 0 }];
  let message = '';
  const draw = (): void => {
    const { explanation, chosen } = trail.at(-1)!;
    const ways = waysFrom(explanation);
    const head = describeExplanation({ ...explanation, operands: [] }, 0)
      .split('\n')
      .slice(0, -1);
    const room = Math.max(3, stdout.rows - head.length - 4);
    const from = Math.max(0, Math.min(chosen - Math.floor(room / 2), ways.length - room));
    const lines = ways.slice(from, from + room).map(({ label }, at) => `${from + at === chosen ? '>' : ' '} ${label}`);
    const position = ways.length > 0 ? `${chosen + 1} of ${ways.length}` : 'here the walk ends';
    stdout.write('\x1b[H\x1b[J');
    stdout.write(
      [...head, '', ...lines, '', `${HELP}   ${position}${message ? `   ${message}` : ''}`]
        .map((line) => cut(line, stdout.columns))
        .join('\n'),
    );
    message = '';
  };
  const keys = keyPresses();
  stdout.write('\x1b[?1049h'); // the terminal's other screen: what was there before comes back
  try {
    draw();
    for await (const { name, ctrl } of keys.pressed) {
      const here = trail.at(-1)!;
      const ways = waysFrom(here.explanation);
      if (name === 'q' || name === 'escape' || (ctrl && name === 'c')) break;
      if (name === 'up') here.chosen = Math.max(0, here.chosen - 1);
      else if (name === 'down') here.chosen = Math.max(0, Math.min(ways.length - 1, here.chosen + 1));
      else if ((name === 'left' || name === 'backspace') && trail.length > 1) trail.pop();
      else if ((name === 'right' || name === 'return') && ways[here.chosen]) {
        try {
          trail.push({ explanation: await explain(ways[here.chosen]!.address), chosen: 0 });
        } catch (error) {
          message = (error as Error).message;
        }
      }
      draw();
    }
  } finally {
    keys.end();
    stdout.write('\x1b[?1049l');
    stdin.pause();
  }
}

/** Each operand and each factor that has an address, the largest parts first. */
function waysFrom({ operands }: Explanation): Way[] {
  return inOrder(operands).flatMap((at) => {
    const { address, name, value, factor, part } = operands[at]!;
    const size = part === undefined ? '' : `${formatNumber(Number(part.toPrecision(6)))} = `;
    const times = factor ? ` x ${formatNumber(factor.value)}` : '';
    return [
      ...(address ? [{ address, label: `${size}${formatNumber(value)}${times}  ${name}  ${address}` }] : []),
      ...(factor?.address
        ? [{ address: factor.address, label: `    by ${formatNumber(factor.value)}  ${factor.address}` }]
        : []),
    ];
  });
}

const cut = (line: string, columns: number): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}~` : line;

function keyPresses(): { pressed: AsyncGenerator<Key>; end: () => void } {
  const { stdin } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  const waiting: Key[] = [];
  let wake: () => void = () => {};
  const onKey = (_: string | undefined, key: Key): void => {
    waiting.push(key);
    wake();
  };
  stdin.on('keypress', onKey);
  async function* pressed(): AsyncGenerator<Key> {
    while (true) {
      while (waiting.length > 0) yield waiting.shift()!;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    pressed: pressed(),
    end: () => {
      stdin.off('keypress', onKey);
      stdin.setRawMode(false);
    },
  };
}

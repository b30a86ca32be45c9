// Six programs with every number doubled, and six programs that stand there twice.
import { bootstrapInterval, signFlipTest } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';

const six = [
  { known: 4, hidden: 2.0, record: 2.9 },
  { known: 4, hidden: 2.5, record: 2.9 },
  { known: 4, hidden: 2.2, record: 2.9 },
  { known: 4, hidden: 2.6, record: 2.8 },
  { known: 4, hidden: 2.9, record: 2.8 },
  { known: 4, hidden: 2.8, record: 3.1 },
];
const doubled = six.map(({ known, hidden, record }) => ({ known: 2 * known, hidden: 2 * hidden, record: 2 * record }));
for (const [name, programs] of Object.entries({ six, doubled, twice: [...six, ...six] })) {
  const random = randomStream('0', 'twice');
  const { estimate, interval } = bootstrapInterval(programs, (t) => (t.record - t.hidden) / t.known, { random });
  const { p } = signFlipTest(
    programs.map(({ hidden, record }) => record - hidden),
    { random },
  );
  console.log(name, estimate.toFixed(3), `${interval!.low.toFixed(2)} to ${interval!.high.toFixed(2)}`, p.toFixed(4));
}
// =>
// six 0.100 0.03 to 0.16 0.0625
// doubled 0.100 0.03 to 0.16 0.0625
// twice 0.100 0.05 to 0.15 0.0029

/** @file `karelscope audit explain`: a number of a run and where it comes from, printed or walked with the arrow keys. Appendix D. */
import type { Command } from 'commander';
import * as audit from '../../audit/index.ts';
import { within } from '../../store/index.ts';
import { Run, seedsIn } from '../../study/index.ts';
import { DiskStore } from '../disk-store.ts';
import { progressTo } from '../progress.ts';
import { openEngine } from '../threads.ts';
import { explore } from './explore.ts';

interface Options {
  readonly json?: true;
  readonly path?: true;
  readonly interactive: boolean;
}

export function addExplain(group: Command): void {
  const examples = [...audit.RUN_ROUTES, ...audit.STUDY_ROUTES]
    .map(({ example, about }) => `  ${example}\n      ${about}`)
    .join('\n');
  group
    .command('explain')
    .description(
      'a number of a run: its formula with the numbers in it, what adds most, and the address of each operand',
    )
    .argument('<run>', 'the directory of a run, or that of several seeds')
    .argument('[address]', 'which number (default: generative accuracy, of several seeds claims/solves)')
    .option('--path', 'the whole way down, always along the largest part')
    .option('--json', 'as JSON; with --path one explanation a line')
    .option('--no-interactive', 'print and end, also in a terminal')
    .addHelpText('after', `\nAddresses:\n${examples}`)
    .action(async (path: string, address: string | undefined, options: Options) => {
      const explainer = await open(path);
      try {
        await answer(explainer.explain, address ?? explainer.first, options);
      } finally {
        await explainer.close();
      }
    });
}

async function answer(explain: Explain, address: string, options: Options): Promise<void> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (options.path) {
    let first = true;
    for await (const explanation of audit.walk(explain, address)) {
      print(options.json ? JSON.stringify(explanation) : `${first ? '' : '\n'}${audit.describeStep(explanation)}`);
      first = false;
    }
    return;
  }
  const explanation = await explain(address);
  if (options.json) print(JSON.stringify(explanation, null, 2));
  else if (options.interactive && process.stdin.isTTY && process.stdout.isTTY) await explore(explain, explanation);
  else print(audit.describeExplanation(explanation));
}

export type Explain = (address: string) => Promise<audit.Explanation>;

/** Opens a run, or a study of several seeds, with an engine of its arithmetic. */
async function open(path: string): Promise<{ explain: Explain; first: string; close: () => Promise<void> }> {
  const store = new DiskStore(path);
  const seeds = seedsIn(store);
  const run = Run.open(seeds.length > 0 ? within(store, `seed-${seeds[0]}`) : store);
  const engine = await openEngine({ arithmetic: audit.arithmeticOf(run) });
  const opened = (one: Run): audit.RunAudit => new audit.RunAudit(one, engine, stepsOn(process.stderr));
  const close = (): Promise<void> => engine.close();
  if (seeds.length > 0) {
    const study = audit.openStudy(store, opened);
    return { explain: (address) => audit.explainStudy(study, address), first: 'claims/solves', close };
  }
  const own = opened(run);
  return { explain: (address) => audit.explainRun(own, address), first: 'generative accuracy', close };
}

/** Says how far training that is done again has come, where somebody watches. */
function stepsOn(stream: NodeJS.WriteStream): (step: number, of: number) => void {
  if (!stream.isTTY) return () => {};
  const progress = progressTo(stream);
  let running = false;
  return (step, of) => {
    if (!running) progress.start('steps done again', of, 'steps', step);
    running = step < of;
    if (running) progress.update(step);
    else progress.stop();
  };
}

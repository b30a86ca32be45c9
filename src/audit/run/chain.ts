/** @file Whether a manifest's artefacts are those that the plan asks for, each made from those before it. Appendix E. */
import { SETTINGS_FILE } from '../../study/names.ts';
import type { Run } from '../../study/run.ts';
import { stateOf } from '../../study/runner.ts';
import { stagesOf } from '../../study/stages.ts';
import type { Difference } from './kind.ts';

/** That the bytes have the digests of the manifest is `verify`'s to say; that the digests form the plan's chain is said here. */
export function chainDifferences(run: Run): Difference[] {
  const stages = stagesOf(run.plan, { arithmetic: () => run.arithmetic ?? '' });
  const known = new Set([SETTINGS_FILE, ...stages.flatMap(({ makes }) => makes)]);
  const strangers = run.artefacts
    .filter(({ name }) => !known.has(name))
    .map(({ name, stage }) => ({
      address: name,
      recorded: `made by ${stage}`,
      computed: 'no stage of the plan makes it',
    }));
  const others = stages
    .filter((stage) => stage.makes.some(run.has) && !stateOf(run, stage).done)
    .map(({ name, makes, needs }) => ({
      address: makes.find(run.has)!,
      recorded: `made from ${Object.keys(run.artefact(makes.find(run.has)!)!.from).length} artefacts`,
      computed: `${name} makes ${makes.length} artefacts from ${needs.filter(run.has).length + 1} as they are now`,
    }));
  return [...strangers, ...others];
}

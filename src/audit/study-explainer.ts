/** @file Explains the claims of a study of several seeds, and any number of its runs: `seed 11/generative accuracy`. Appendix D. */
import type { StudyResults } from '../results/index.ts';
import { parseJson, type Store } from '../store/index.ts';
import type { Run } from '../study/run.ts';
import { runsOf } from '../study/seeds.ts';
import { AuditError } from './errors.ts';
import type { Explanation, Operand } from './explanation.ts';
import { explainBy, type Route } from './route.ts';
import type { RunAudit } from './run-audit.ts';
import { explainRun } from './run-explainer.ts';

export interface StudyAudit {
  readonly results: StudyResults;
  readonly runs: readonly Run[];
  /** Of a seed; opened when it is first asked for. */
  readonly audit: (run: Run) => RunAudit;
}

/** Throws {@link AuditError} where there is no `study.json`, and `StoreError` where that cannot be read. */
export function openStudy(store: Store, open: (run: Run) => RunAudit): StudyAudit {
  const file = 'study.json';
  const bytes = store.read(file);
  if (!bytes)
    throw new AuditError(`audit: ${store.place} has no ${file}: make it with karelscope report ${store.place}`);
  const opened = new Map<Run, RunAudit>();
  return {
    results: parseJson<StudyResults>(bytes, file),
    runs: runsOf(store),
    audit: (run) => {
      const known = opened.get(run) ?? open(run);
      opened.set(run, known);
      return known;
    },
  };
}

export const STUDY_ROUTES: readonly Route<StudyAudit>[] = [
  {
    pattern: /^(?:report\/)?claims\/(?<id>[\w/+-]+)$/,
    example: 'claims/flip',
    about: 'of a study of several seeds: the mean of a claim of the analysis plan',
    explain: (study, found) => claim(study, found['id']!),
  },
  {
    pattern: /^seed (?<seed>[^/]+)\/(?<rest>.+)$/,
    example: 'seed 11/generative accuracy',
    about: 'any address of the run of a seed',
    explain: (study, found) => ofSeed(study, found['seed']!, found['rest']!),
  },
];

/** Throws {@link AuditError} for an address that names nothing. */
export function explainStudy(study: StudyAudit, address: string): Promise<Explanation> {
  return explainBy(STUDY_ROUTES, study, address);
}

function claim({ results }: StudyAudit, id: string): Explanation {
  const found = [...results.claims, ...results.secondary, ...(results.exploratory ?? [])].find((one) => one.id === id);
  if (!found)
    throw new AuditError(
      `audit: there is no claim ${id}; claims are ${results.claims.map((one) => one.id).join(', ')}`,
    );
  const { mean, values, interval, verdict, test, p, correctedP } = found;
  if (mean === null) throw new AuditError(`audit: no seed has a number for the claim ${id}`);
  const range = interval ? `95 % interval ${interval.low} to ${interval.high}; ` : '';
  return {
    address: `claims/${id}`,
    value: mean,
    precision: 'float64',
    formula: `mean over ${values.length} seeds of: ${found.number}`,
    note: `${found.claim} ${verdict}: ${range}${test}, p ${p ?? 'unknown'}, corrected ${correctedP ?? 'unknown'}`,
    operands: values.flatMap((value, at): Operand[] =>
      value === null
        ? []
        : [{ address: `seed ${results.seeds[at]}/claims/${id}`, name: `seed ${results.seeds[at]}`, value }],
    ),
    again: null,
  };
}

/** The run's own explanation, with the seed in front of its addresses. */
async function ofSeed(study: StudyAudit, seed: string, rest: string): Promise<Explanation> {
  const run = study.runs.find(({ plan }) => plan.seed === seed);
  if (!run) {
    const known = study.runs.map(({ plan }) => plan.seed).join(', ');
    throw new AuditError(`audit: there is no run of seed ${seed}; seeds are ${known}`);
  }
  const explanation = await explainRun(study.audit(run), rest);
  const prefixed = (address: string | null): string | null => (address === null ? null : `seed ${seed}/${address}`);
  return {
    ...explanation,
    operands: explanation.operands.map(({ factor, ...operand }) => ({
      ...operand,
      address: prefixed(operand.address),
      ...(factor && { factor: { ...factor, address: prefixed(factor.address) } }),
    })),
  };
}

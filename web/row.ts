/** @file A row of the page's table. Appendix C. */
import { ABOUT_COLUMNS, type Measurement } from '../src/results/measurement.ts';

/** A measurement with the run that it comes from: another may be laid over the page's own. */
export interface Row extends Measurement {
  readonly run: string;
}

export const ROW_COLUMNS = ['run', ...ABOUT_COLUMNS, 'value', 'low', 'high', 'n', 'artefact'] as const;

/** Decides which scorable series are scored, and by which table (Logic Specification 4.6, §8.3, Table 8-5). */
import type { PatientSeries } from '../patient-series.ts';
import { isInProcess } from './one-prioritized-series.ts';
import { isComplete } from './pre-filter-patient-series.ts';

export interface Contest {
  readonly table: 'complete' | 'in-process' | 'no-valid-doses';
  readonly series: readonly PatientSeries[];
}

/** Series left out have lost: they do not stay in the contest with a score of 0. */
export function classifyScorable(scorable: readonly PatientSeries[]): Contest {
  const complete = scorable.filter(isComplete);
  if (complete.length > 1) return { table: 'complete', series: complete };
  const inProcess = scorable.filter(isInProcess);
  if (inProcess.length > 1) return { table: 'in-process', series: inProcess };
  return { table: 'no-valid-doses', series: scorable };
}

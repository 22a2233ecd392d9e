/** Decides whether one series of a group is superior at once (Logic Specification 4.6, §8.2, Table 8-3). */
import { validDoses, type PatientSeries } from '../patient-series.ts';
import { isComplete } from './pre-filter-patient-series.ts';

/** SELECTB-16. */
export function isInProcess(series: PatientSeries): boolean {
  return validDoses(series) > 0 && series.forecast?.status === 'Not Complete';
}

/** The prioritized series, or undefined: the scorable ones must be scored (or, if there is none, the group yields none). */
export function onePrioritizedSeries(
  group: readonly PatientSeries[],
  scorable: readonly PatientSeries[],
): PatientSeries | undefined {
  if (scorable.length === 1) return scorable[0];
  const complete = scorable.filter(isComplete);
  const inProcess = scorable.filter(isInProcess);
  if (complete.length === 1) return complete[0];
  if (complete.length > 1 || inProcess.length > 1) return undefined;
  if (inProcess.length === 1) return inProcess[0];
  const defaults = group.filter(({ series }) => series.isDefault);
  return defaults.length === 1 ? defaults[0] : undefined;
}

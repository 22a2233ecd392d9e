/** Decides which prioritized series are the best ones of an antigen (Logic Specification 4.6, §8.8, Table 8-14). */
import type { PatientAntigen, PatientSeries, Run } from '../patient-series.ts';
import { isTooYoungToStart } from './pre-filter-patient-series.ts';
import { prioritizedSeries } from './prioritized-patient-series.ts';

/** The best patient series: none, one, or one of each series group that none of the others replaces. */
export function bestPatientSeries(run: Run, { series }: PatientAntigen): PatientSeries[] {
  const prioritized: PatientSeries[] = [];
  for (const group of groupsOf(series)) {
    const one = prioritizedSeries(run, group);
    if (one !== undefined) prioritized.push(one);
  }
  const candidates = withoutFutureGroups(run, prioritized);
  return candidates.filter((one) => isBest(one, candidates));
}

function groupsOf(series: readonly PatientSeries[]): PatientSeries[][] {
  const groups = new Map<string, PatientSeries[]>();
  for (const one of series) {
    const group = groups.get(one.series.group);
    if (group === undefined) groups.set(one.series.group, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** A series group that the patient is too young for yields nothing, unless it is all there is. */
function withoutFutureGroups(run: Run, prioritized: readonly PatientSeries[]): readonly PatientSeries[] {
  if (prioritized.length < 2) return prioritized;
  const present = prioritized.filter((one) => !isTooYoungToStart(run, one));
  return present.length === 0 ? prioritized : present;
}

/**
 * Table 8-14. Equivalent groups are those that the series itself names: the relation is not symmetric. Immune
 * counts as complete.
 */
function isBest(one: PatientSeries, prioritized: readonly PatientSeries[]): boolean {
  if (isDone(one)) return true;
  const equivalent = prioritized.filter((other) => one.series.equivalentGroups.includes(other.series.group));
  if (equivalent.some(isDone) || one.series.type === 'Evaluation Only') return false;
  return one.series.type === 'Risk' || !equivalent.some(({ series }) => series.type === 'Risk');
}

function isDone({ forecast }: PatientSeries): boolean {
  return forecast?.status === 'Complete' || forecast?.status === 'Immune';
}

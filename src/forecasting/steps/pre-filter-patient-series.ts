/** Decides which series of a series group are scorable (Logic Specification 4.6, §8.1, SELECTB-24 and SELECTSCORE-2). */
import { NO_END } from '../civil-date.ts';
import { ageDate, validDoses, type PatientSeries, type Run } from '../patient-series.ts';

/**
 * The scorable series among the relevant ones of a series group. The minimum age to start is named in no rule, but
 * it is what keeps series for adults from children: of several scorable series those that may not start yet and have
 * no satisfied target dose are left out.
 */
export function scorableSeries(run: Run, group: readonly PatientSeries[]): readonly PatientSeries[] {
  const scorable = group.filter((series) => isScorable(run, series, group));
  if (scorable.length < 2) return scorable;
  const startable = scorable.filter((series) => !isTooYoungToStart(run, series));
  return startable.length === 0 ? scorable : startable;
}

/** No target dose is satisfied and the minimum age to start is reached only after the assessment. */
export function isTooYoungToStart(run: Run, patientSeries: PatientSeries): boolean {
  const { minAgeToStart } = patientSeries.series;
  return minAgeToStart >= 0 && validDoses(patientSeries) === 0 && ageDate(run, minAgeToStart, 0) > run.today;
}

/** SELECTSCORE-2. */
function isScorable(run: Run, patientSeries: PatientSeries, group: readonly PatientSeries[]): boolean {
  const { type, priority } = patientSeries.series;
  if (type === 'Evaluation Only') return isComplete(patientSeries);
  if (!isCandidate(patientSeries, group)) return false;
  if (type === 'Risk') return group.every(({ series }) => priority <= series.priority);
  return hasStartedInTime(run, patientSeries) || isOpenToBeginners(group);
}

/** SELECTB-6. */
export function isComplete({ forecast }: PatientSeries): boolean {
  return forecast?.status === 'Complete';
}

/** SELECTB-24: contraindicated series stay only where the whole group is contraindicated. */
function isCandidate({ forecast }: PatientSeries, group: readonly PatientSeries[]): boolean {
  return forecast?.status !== 'Contraindicated' || group.every((other) => other.forecast?.status === 'Contraindicated');
}

function hasStartedInTime(run: Run, { evaluations, records, series }: PatientSeries): boolean {
  const first = evaluations.findIndex(({ status }) => status === 'Valid');
  const dose = records[first];
  return dose !== undefined && dose.date.day < ageDate(run, series.maxAgeToStart, NO_END);
}

function isOpenToBeginners(group: readonly PatientSeries[]): boolean {
  return group.every((series) => validDoses(series) === 0 && !series.series.isDefault);
}

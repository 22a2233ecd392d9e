/** Decides which series of a series group are scorable (Logic Specification 4.6, §8.1, SELECTB-24 and SELECTSCORE-2). */
import { NO_END } from '../civil-date.ts';
import { ageDate, validDoses, type PatientSeries, type Run } from '../patient-series.ts';

/**
 * The scorable series among the relevant ones of a series group. The minimum age to start is named in no rule, but
 * it is what keeps series for adults from children: of several scorable series those that may not start yet and have
 * no satisfied target dose are left out.
 */
export function scorableSeries(run: Run, group: readonly PatientSeries[]): readonly PatientSeries[] {
  const contenders = withoutSeriesBegunInTheMiddle(group);
  const scorable = contenders.filter((series) => isScorable(run, series, contenders));
  if (scorable.length < 2) return scorable;
  const startable = scorable.filter((series) => !isTooYoungToStart(run, series));
  return startable.length === 0 ? scorable : startable;
}

/**
 * A risk series is not begun in the middle. A patient without a dose whose age skips the first target doses of a
 * series, or who is past its maximum age, belongs to a later one of the group, whatever their priorities: the
 * meningococcal series for 2 to 23 months has no maximum age to start, and would be forecast to people of sixty.
 */
function withoutSeriesBegunInTheMiddle(group: readonly PatientSeries[]): readonly PatientSeries[] {
  if (
    group.length < 2 ||
    !group.every(({ series, records }) => series.type === 'Risk' && records.length === 0)
  )
    return group;
  const open = group.filter(({ current, forecast }) => current === 0 && forecast?.status !== 'Aged Out');
  return open.length === 0 ? group : open;
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
  return (
    forecast?.status !== 'Contraindicated' ||
    group.every((other) => other.forecast?.status === 'Contraindicated')
  );
}

function hasStartedInTime(run: Run, { evaluations, records, series }: PatientSeries): boolean {
  const first = evaluations.findIndex(({ status }) => status === 'Valid');
  const dose = records[first];
  return dose !== undefined && dose.date.day < ageDate(run, series.maxAgeToStart, NO_END);
}

function isOpenToBeginners(group: readonly PatientSeries[]): boolean {
  return group.every((series) => validDoses(series) === 0 && !series.series.isDefault);
}

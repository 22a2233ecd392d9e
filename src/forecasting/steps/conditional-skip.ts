/**
 * Decides whether the current target dose can be skipped (Logic Specification 4.6, §6.2, Tables 6-5 to 6-11); used
 * in evaluation, in forecasting (§7.1) and in the validation of a forecast (§7.6).
 */
import { NO_BEGIN, NO_END } from '../civil-date.ts';
import {
  addSpan,
  calendarDate,
  isAtAge,
  type AdministeredDose,
  type PatientSeries,
  type Run,
} from '../patient-series.ts';
import type { Skip, SkipCondition, SkipSet } from '../schedule/schedule.ts';
import { isEarlierDose } from './reference-dose-date.ts';

/** What a skip is asked about. */
export interface SkipQuestion {
  readonly context: 'evaluation' | 'forecast' | 'validation';
  /** CONDSKIP-2: date administered, assessment date or earliest date of the forecast. */
  readonly reference: number;
  /** RELEVANT-1 and -2: date administered, or the assessment date. */
  readonly anchor: number;
  /** Records before this index count; the dose being evaluated and later ones do not. */
  readonly before: number;
}

/** Whether any of the skips of a target dose is met. */
export function canSkip(
  run: Run,
  patientSeries: PatientSeries,
  skips: readonly Skip[],
  question: SkipQuestion,
): boolean {
  for (const skip of skips) {
    if (isSkipMet(run, patientSeries, skip, question)) {
      traceSkip(run, patientSeries, question);
      return true;
    }
  }
  return false;
}

/** Table 6-11, over the sets that are in force; a skip with no set left is not met. */
function isSkipMet(run: Run, patientSeries: PatientSeries, skip: Skip, question: SkipQuestion): boolean {
  let inForce = 0;
  let met = 0;
  for (const set of skip.sets) {
    if (question.anchor < set.from || question.anchor > set.to) continue;
    inForce += 1;
    if (isSetMet(run, patientSeries, set, question)) met += 1;
  }
  return skip.all ? met > 0 && met === inForce : met > 0;
}

/** Table 6-10. */
function isSetMet(run: Run, patientSeries: PatientSeries, set: SkipSet, question: SkipQuestion): boolean {
  for (const condition of set.conditions) {
    const met = isConditionMet(run, patientSeries, condition, question);
    if (met !== set.all) return met;
  }
  return set.all && set.conditions.length > 0;
}

function isConditionMet(
  run: Run,
  patientSeries: PatientSeries,
  condition: SkipCondition,
  question: SkipQuestion,
): boolean {
  switch (condition.kind) {
    case 'age': // Table 6-6
      return isAtAge(run, question.reference, condition.begin, condition.end);
    case 'completed-series':
      return hasCompletedSeries(patientSeries, condition.groups, question);
    case 'interval': {
      // Table 6-8; CALCDTSKIP-5 counts from the dose administered last, whatever became of it.
      const previous = patientSeries.records[question.before - 1];
      return previous !== undefined && question.reference >= addSpan(previous.date, condition.interval);
    }
    case 'count':
      return isCountMet(countDoses(run, patientSeries, condition, question), condition);
  }
}

/**
 * Table 6-7. When a dose is evaluated, a series counts as complete only if its last target dose was satisfied before
 * that dose: else the three doses of one traveller would each be skipped because of the third.
 */
function hasCompletedSeries(
  { of, records }: PatientSeries,
  groups: readonly string[],
  { context, before }: SkipQuestion,
): boolean {
  const limit = context === 'evaluation' ? (records[before]?.date.day ?? NO_END) : NO_END;
  return of.series.some(({ series, forecast, satisfied }) => {
    if (!groups.includes(series.group) || forecast?.status !== 'Complete') return false;
    return (satisfied.at(-1)?.dose.date.day ?? NO_BEGIN) < limit;
  });
}

type CountCondition = Extract<SkipCondition, { kind: 'count' }>;

/** Table 6-9. */
function isCountMet(count: number, condition: CountCondition): boolean {
  if (condition.logic === 'greater than') return count > condition.count;
  return condition.logic === 'equal to' ? count === condition.count : count < condition.count;
}

/**
 * CONDSKIP-1. "Valid" asks for the status in this very series. "Total" counts every dose of the listed types, also
 * those that never met a target dose and, where a type without this antigen is listed (Td in a pertussis series),
 * those of the whole history.
 */
function countDoses(
  run: Run,
  patientSeries: PatientSeries,
  condition: CountCondition,
  question: SkipQuestion,
): number {
  const start = calendarDate(run, condition.startDate, NO_BEGIN);
  const end = calendarDate(run, condition.endDate, NO_END);
  const matches = ({ date: { day }, vaccine }: AdministeredDose): boolean =>
    day >= start &&
    day < end &&
    (condition.vaccines === undefined || condition.vaccines[vaccine.id] === 1) &&
    isAtAge(run, day, condition.begin, condition.end);
  if (condition.foreign && !condition.validOnly) {
    return run.doses.filter((dose) => matches(dose) && isEarlierDose(patientSeries, dose, question.before))
      .length;
  }
  let count = 0;
  for (let record = 0; record < question.before; record += 1) {
    const dose = patientSeries.records[record];
    if (dose === undefined || (condition.validOnly && patientSeries.evaluations[record]?.status !== 'Valid'))
      continue;
    if (matches(dose)) count += 1;
  }
  return count;
}

function traceSkip(run: Run, patientSeries: PatientSeries, question: SkipQuestion): void {
  const step = { evaluation: '6.2', forecast: '7.1', validation: '7.6' }[question.context];
  run.trace?.note(
    {
      step,
      rules: ['CONDSKIP-1', 'CONDSKIP-2', 'Table 6-11'],
      series: patientSeries.series,
      targetDose: patientSeries.series.doses[patientSeries.current]?.number,
      dose: question.context === 'evaluation' ? patientSeries.records[question.before]?.id : undefined,
    },
    'skipped',
    { referenceDate: { day: question.reference } },
  );
}

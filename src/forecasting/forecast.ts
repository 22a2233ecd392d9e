/**
 * Evaluates a history and forecasts what is due, by CDC's CDSi Logic Specification for ACIP Recommendations 4.6
 * (chapter 4, Figure 4-1). Pure: everything follows from the request and the schedule.
 */
import { isoDate, readDate, type CivilDate, type WrittenDate } from './civil-date.ts';
import { fail } from '../core/failure.ts';
import { activeObservations } from './active-observations.ts';
import type { ForecastRequest } from './patient.ts';
import type { PatientAntigen, PatientSeries, Run } from './patient-series.ts';
import type { DoseEvaluation, ForecastResult, Notice, VaccineGroupForecast } from './result.ts';
import type { Antigen, Schedule, Series } from './schedule/schedule.ts';
import { seasonDates } from './seasons.ts';
import { antigenRecords } from './steps/antigen-records.ts';
import { bestPatientSeries } from './steps/best-patient-series.ts';
import { isAntigenContraindicated } from './steps/contraindications.ts';
import { evaluateHistory } from './steps/evaluate-history.ts';
import { hasEvidenceOfImmunity } from './steps/evidence-of-immunity.ts';
import { forecastSeries } from './steps/forecast-series.ts';
import { organizeHistory } from './steps/organize-immunization-history.ts';
import { relevantSeries } from './steps/relevant-patient-series.ts';
import { vaccineGroupEvaluations } from './steps/vaccine-group-evaluation.ts';
import { vaccineGroupForecasts } from './steps/vaccine-group-forecast.ts';
import type { Trace } from './trace.ts';

/**
 * The evaluation of every dose and the forecast of every vaccine group for which the patient has a relevant series.
 * No record of a patient makes it throw: what cannot be used is set aside and named in `notices`.
 * @param trace is told every rule that fires; leave it out where nobody asks why.
 * @throws Failure `invalid-value` if the assessment date is no full date.
 */
export function forecast(schedule: Schedule, request: ForecastRequest, trace?: Trace): ForecastResult {
  const today = assessmentDate(request.assessmentDate);
  const birth = readDate(request.patient.birthDate);
  const about = { scheduleVersion: schedule.version, assessmentDate: isoDate(today.day) };
  if (birth === undefined || birth.first.day > today.day) {
    const kind = birth === undefined ? 'birth-date-unreadable' : 'birth-after-assessment';
    return { ...about, forecasts: [], evaluations: [], notices: [{ kind }] };
  }
  const notices: Notice[] = birth.first.day === birth.last.day ? [] : [{ kind: 'birth-date-incomplete' }];
  const { duplicates = 'merged' } = request;
  const frame = { schedule, birth: birth.first, today: today.day, duplicates };
  const history = organizeHistory(frame, request.doses);
  const run = newRun(schedule, request, { today, birth, doses: history.doses, trace });
  run.records = antigenRecords(run);
  const antigens = forecastAntigens(run);
  return {
    ...about,
    ...vaccineGroups(run, antigens),
    notices: [...notices, ...history.notices, ...withoutSeries(run, antigens)],
  };
}

function assessmentDate(text: string): CivilDate {
  const date = readDate(text);
  if (date === undefined || date.first.day !== date.last.day) {
    return fail('invalid-value', 'The assessment date is not a date of the form YYYY-MM-DD');
  }
  return date.first;
}

interface RunParts {
  readonly today: CivilDate;
  readonly birth: WrittenDate;
  readonly doses: Run['doses'];
  readonly trace: Trace | undefined;
}

function newRun(schedule: Schedule, request: ForecastRequest, { today, birth, doses, trace }: RunParts): Run {
  const seasons = seasonDates(schedule.calendar, today, request.seasons ?? 'projected');
  return {
    schedule,
    birth: birth.first,
    gender: genderOf(request.patient.gender),
    countryOfBirth: request.patient.countryOfBirth ?? request.assumedCountryOfBirth ?? 'US',
    today: today.day,
    doses,
    records: [],
    observations: activeObservations(request.observations ?? [], today.day),
    calendar: seasons.days,
    seasonShifts: seasons.shifts,
    trace,
    ageDates: new Float64Array(schedule.ages.length).fill(Number.NaN),
    conflictsDependOnValidity: false,
  };
}

function genderOf(gender: string | undefined): Run['gender'] {
  const letter = gender?.trim().toUpperCase();
  if (letter === 'F' || letter === 'FEMALE') return 'Female';
  return letter === 'M' || letter === 'MALE' ? 'Male' : 'Unknown';
}

/**
 * Evaluates and forecasts every antigen. A conflict can depend on whether an earlier live vaccine was Valid, which
 * only its own series tell: those antigens are then evaluated again with what is known, until nothing changes. Each
 * round settles at least one more dose in order of date, so that there are never more rounds than doses.
 */
function forecastAntigens(run: Run): PatientAntigen[] {
  const antigens = run.schedule.antigens.map((antigen) => forecastAntigen(run, antigen));
  for (let round = 0; run.conflictsDependOnValidity && round <= run.doses.length; round += 1) {
    if (!updateValidity(run, antigens)) break;
    for (const dose of run.doses) dose.conflictsWith = undefined;
    for (const { antigen } of antigens) {
      if (!antigen.inConflicts) continue;
      run.trace?.forget(antigen.name);
      antigens[antigen.index] = forecastAntigen(run, antigen);
    }
  }
  return antigens;
}

/** Whether a dose of a conflicting vaccine is now known to be Valid where it was not before, or the reverse. */
function updateValidity(run: Run, antigens: readonly PatientAntigen[]): boolean {
  let changed = false;
  for (const dose of run.doses) {
    if (!dose.vaccine.isConflicting) continue;
    const statuses = antigens.flatMap(({ series }) =>
      series.flatMap(({ records, evaluations }) => evaluations[records.indexOf(dose)]?.status ?? []),
    );
    const isValid = statuses.length === 0 || statuses.includes('Valid');
    changed ||= isValid !== dose.isValid;
    dose.isValid = isValid;
  }
  return changed;
}

function forecastAntigen(run: Run, antigen: Antigen): PatientAntigen {
  const relevant = relevantSeries(run, antigen);
  const state: PatientAntigen = {
    antigen,
    series: [],
    isImmune: relevant.length > 0 && hasEvidenceOfImmunity(run, antigen),
    isContraindicated: relevant.length > 0 && isAntigenContraindicated(run, antigen),
  };
  for (const series of relevant) state.series.push(newSeries(run, state, series));
  for (const series of state.series) {
    evaluateHistory(run, series);
    series.forecast = forecastSeries(run, series);
  }
  return state;
}

function newSeries(run: Run, of: PatientAntigen, series: Series): PatientSeries {
  const records = run.records[of.antigen.index] ?? [];
  return { series, of, records, evaluations: [], satisfied: [], current: 0, forecast: undefined };
}

function vaccineGroups(
  run: Run,
  antigens: readonly PatientAntigen[],
): Pick<ForecastResult, 'forecasts' | 'evaluations'> {
  const forecasts: VaccineGroupForecast[] = [];
  const evaluations: DoseEvaluation[] = [];
  const best = antigens.map((antigen) => bestPatientSeries(run, antigen));
  for (const group of run.schedule.groups) {
    const contained = group.antigens.flatMap(({ index }) => best[index] ?? []);
    if (contained.length === 0) continue;
    forecasts.push(...vaccineGroupForecasts(run, group, contained));
    evaluations.push(...vaccineGroupEvaluations(group, contained));
  }
  return { forecasts, evaluations };
}

/** Doses of antigens for which the patient has no relevant series: a traveller's vaccine, or BCG, which has no series. */
function withoutSeries(run: Run, antigens: readonly PatientAntigen[]): Notice[] {
  const evaluated = new Set(
    antigens.flatMap(({ series }) => (series.length === 0 ? [] : (series[0]?.records ?? []))),
  );
  return run.doses
    .filter((dose) => !evaluated.has(dose))
    .map(({ id }) => ({ kind: 'no-relevant-series', dose: id }));
}

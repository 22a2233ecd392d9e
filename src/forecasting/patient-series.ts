/**
 * The state of one forecast while it is made: the patient's dates, doses and observations (Run), and one relevant
 * series with what the doses did to it (PatientSeries). Concepts: Logic Specification 4.6, §3.1 and §3.2.
 */
import { addMonthsAndDays, NO_END, type CivilDate } from './civil-date.ts';
import type { EvaluationStatus, ForecastReason, SeriesStatus } from './result.ts';
import type {
  AgeId,
  Antigen,
  DateId,
  Schedule,
  Series,
  SeriesDosePlan,
  Span,
  Vaccine,
} from './schedule/schedule.ts';
import type { Trace } from './trace.ts';

/** One vaccine dose administered, read and placed on the calendar. */
export interface AdministeredDose {
  readonly id: string;
  readonly date: CivilDate;
  readonly vaccine: Vaccine;
  readonly mvx: string | undefined;
  readonly tradeName: string | undefined;
  readonly volume: number | undefined;
  /** Last day of the lot. */
  readonly expires: number;
  readonly hasCondition: boolean;
  /** False once it is known to be Valid in no series: CALCDTCONFLICT-2 then asks for the longer interval. */
  isValid: boolean;
  /** The earlier dose that it is in conflict with; null: none; undefined until asked for. */
  conflictsWith: AdministeredDose | null | undefined;
}

export interface ActiveObservation {
  readonly code: string;
  readonly date: CivilDate | undefined;
}

/** Everything about one request that the steps read. */
export interface Run {
  readonly schedule: Schedule;
  readonly birth: CivilDate;
  readonly gender: 'Male' | 'Female' | 'Unknown';
  readonly countryOfBirth: string;
  /** Assessment date. */
  readonly today: number;
  /** Every dose administered, by date. */
  readonly doses: readonly AdministeredDose[];
  /** Antigen administered records: the doses of each antigen, by index of the antigen. */
  records: readonly (readonly AdministeredDose[])[];
  /** The most recent active observation of each code. */
  readonly observations: ReadonlyMap<string, ActiveObservation>;
  /** Dates of seasons and skips as they are read for this assessment, by DateId. */
  readonly calendar: readonly number[];
  /** Years by which each season of the schedule was moved. */
  readonly seasonShifts: readonly number[];
  readonly trace: Trace | undefined;
  /** Dates at the ages of the schedule, by AgeId; filled as they are asked for. */
  readonly ageDates: Float64Array;
  /** Set when a conflict depends on whether the earlier dose was Valid. */
  conflictsDependOnValidity: boolean;
}

export interface Evaluation {
  readonly status: EvaluationStatus;
  /** Bits of REASON. */
  readonly reasons: number;
  /** Number of the target dose; 0 where there was none left. */
  readonly target: number;
}

/** What a series forecast says (chapter 7); dates are day numbers, undefined is an empty date. */
export interface SeriesForecast {
  readonly status: SeriesStatus;
  readonly reason: ForecastReason | undefined;
  readonly target: SeriesDosePlan | undefined;
  readonly doseNumber: number | undefined;
  readonly earliest: number | undefined;
  readonly unadjustedRecommended: number | undefined;
  readonly recommended: number | undefined;
  readonly unadjustedPastDue: number | undefined;
  readonly pastDue: number | undefined;
  readonly latest: number | undefined;
}

/** One antigen for this patient. */
export interface PatientAntigen {
  readonly antigen: Antigen;
  /** Relevant patient series; one that asks whether a series group is complete comes after that group. */
  readonly series: PatientSeries[];
  readonly isImmune: boolean;
  readonly isContraindicated: boolean;
}

/** A relevant patient series. */
export interface PatientSeries {
  readonly series: Series;
  readonly of: PatientAntigen;
  /** Antigen administered records in the order in which they are evaluated. */
  records: readonly AdministeredDose[];
  /** One evaluation for each record. */
  readonly evaluations: Evaluation[];
  /** Target doses satisfied, with the dose that did it. */
  readonly satisfied: { readonly target: SeriesDosePlan; readonly dose: AdministeredDose }[];
  /** Index of the current target dose; the number of series doses once none is left. */
  current: number;
  forecast: SeriesForecast | undefined;
}

/** Reasons as bits, in the order of the steps. */
export const REASON = {
  expired: 1,
  'dose-condition': 2,
  inadvertent: 4,
  'too-young': 8,
  'age-grace-period': 16,
  'too-old': 32,
  'too-soon': 64,
  'interval-grace-period': 128,
  'vaccine-conflict': 256,
  'not-preferable-or-allowable': 512,
  'vaccine-out-of-age-range': 1024,
  'wrong-trade-name': 2048,
  'less-than-recommended-volume': 4096,
  'series-complete': 8192,
} as const;

/** The patient's date at an age of the schedule (CALCDTAGE, CALCDTPREF, CALCDTALLOW, CALCDTSKIP-3 and -4, CALCDTIND, CALCDTCI). */
export function ageDate(run: Run, age: AgeId, ifEmpty: number): number {
  if (age < 0) return ifEmpty;
  const known = run.ageDates[age] ?? Number.NaN;
  if (!Number.isNaN(known)) return known;
  const { months, days } = run.schedule.ages[age] ?? { months: 0, days: 0 };
  const day = addMonthsAndDays(run.birth, months, days);
  run.ageDates[age] = day;
  return day;
}

/** Whether a day lies in an age range: from the begin age date on, before the end age date. */
export function isAtAge(run: Run, day: number, begin: AgeId, end: AgeId): boolean {
  return (begin < 0 || day >= ageDate(run, begin, 0)) && (end < 0 || day < ageDate(run, end, NO_END));
}

export function addSpan(from: CivilDate, { months, days }: Span): number {
  return addMonthsAndDays(from, months, days);
}

export function calendarDate(run: Run, date: DateId, ifEmpty: number): number {
  return date < 0 ? ifEmpty : (run.calendar[date] ?? ifEmpty);
}

/** The current target dose; undefined when every one is satisfied or skipped. */
export function currentTarget({ series, current }: PatientSeries): SeriesDosePlan | undefined {
  return series.doses[current];
}

/** SELECTB-21: satisfied target doses. */
export function validDoses({ satisfied }: PatientSeries): number {
  return satisfied.length;
}

/** Whether the record was an inadvertent administration in this series. */
export function isInadvertent({ evaluations }: PatientSeries, record: number): boolean {
  return ((evaluations[record]?.reasons ?? 0) & REASON.inadvertent) !== 0;
}

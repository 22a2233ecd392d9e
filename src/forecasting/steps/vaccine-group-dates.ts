/** Blends the dates of series forecasts into those of a vaccine group (Logic Specification 4.6, chapter 9). */
import type { PatientSeries, Run, SeriesForecast } from '../patient-series.ts';
import type { VaccineGroup } from '../schedule/schedule.ts';
import { isInForce } from './preferable-interval.ts';

export interface GroupDates {
  readonly doseNumber: number | undefined;
  readonly earliest: number | undefined;
  readonly recommended: number | undefined;
  readonly pastDue: number | undefined;
  readonly latest: number | undefined;
  readonly unadjustedRecommended: number | undefined;
  readonly unadjustedPastDue: number | undefined;
}

/** The dates over the contained forecasts that are Not Complete; a complete or immune antigen has none. */
export function vaccineGroupDates(
  run: Run,
  group: VaccineGroup,
  contained: readonly PatientSeries[],
): GroupDates {
  const due = contained.filter(({ forecast }) => forecast?.status === 'Not Complete');
  const earliest =
    group.antigens.length > 1
      ? multipleEarliest(run, group, due)
      : first(due, (forecast) => forecast.earliest);
  return {
    doseNumber: doseNumber(group, due),
    earliest,
    recommended: notBefore(
      earliest,
      first(due, (forecast) => forecast.recommended),
    ), // FORECASTVG-2
    pastDue: notBefore(
      earliest,
      first(due, (forecast) => forecast.pastDue),
    ), // FORECASTVG-3
    latest: first(due, (forecast) => forecast.latest), // FORECASTVG-4
    unadjustedRecommended: first(due, (forecast) => forecast.unadjustedRecommended), // FORECASTVG-5
    unadjustedPastDue: first(due, (forecast) => forecast.unadjustedPastDue), // FORECASTVG-6
  };
}

function days(due: readonly PatientSeries[], of: (forecast: SeriesForecast) => number | undefined): number[] {
  return due.flatMap(({ forecast }) => (forecast === undefined ? [] : (of(forecast) ?? [])));
}

function first(
  due: readonly PatientSeries[],
  of: (forecast: SeriesForecast) => number | undefined,
): number | undefined {
  const found = days(due, of);
  return found.length === 0 ? undefined : Math.min(...found);
}

function notBefore(earliest: number | undefined, day: number | undefined): number | undefined {
  return day === undefined || earliest === undefined ? day : Math.max(day, earliest);
}

/** MULTIANTVG-1. The floor of the last dose of the group keeps a priority forecast from falling into the past. */
function multipleEarliest(run: Run, group: VaccineGroup, due: readonly PatientSeries[]): number | undefined {
  const found = days(due, (forecast) => forecast.earliest);
  if (found.length === 0) return undefined;
  if (!due.some((series) => isPriority(run, series))) return Math.max(...found);
  const given = group.antigens.flatMap(({ index }) => run.records[index]?.at(-1)?.date.day ?? []);
  return Math.max(Math.min(...found), ...given);
}

/** FORECASTPRIORITY-1: the target dose has preferable intervals in force, all with the priority flag. */
function isPriority(run: Run, { forecast }: PatientSeries): boolean {
  const intervals = (forecast?.target?.intervals ?? []).filter((row) => isInForce(row, run.today));
  return intervals.length > 0 && intervals.every(({ priority }) => priority);
}

/** FORECASTDN-2. */
function doseNumber(group: VaccineGroup, due: readonly PatientSeries[]): number | undefined {
  const numbers = days(due, (forecast) => forecast.doseNumber);
  if (numbers.length === 0) return undefined;
  return group.administerFullVaccineGroup ? Math.min(...numbers) : Math.max(...numbers);
}

/** Makes the forecasts of a vaccine group from the best series of its antigens (Logic Specification 4.6, chapter 9). */
import { isoDate } from '../civil-date.ts';
import type { PatientSeries, Run } from '../patient-series.ts';
import type {
  ContainedForecast,
  ProjectedSeason,
  RecommendedVaccine,
  SeriesStatus,
  VaccineGroupForecast,
} from '../result.ts';
import { addYears } from '../seasons.ts';
import type { VaccineGroup } from '../schedule/schedule.ts';
import { guidanceOf, recommendedVaccines } from './recommended-vaccines.ts';
import { vaccineGroupDates, type GroupDates } from './vaccine-group-dates.ts';
import { multipleAntigenStatus } from './vaccine-group-status.ts';

/**
 * The forecasts of a vaccine group. FORECASTVG-1: series of one type only are blended (risk with risk); in a group of
 * one antigen each series group has a forecast of its own (children and 50 years and older, say). What is aged out or
 * not recommended is left out where another forecast remains.
 */
export function vaccineGroupForecasts(
  run: Run,
  group: VaccineGroup,
  best: readonly PatientSeries[],
): VaccineGroupForecast[] {
  const isSingle = group.antigens.length === 1;
  const blends = new Map<string, PatientSeries[]>();
  for (const one of best) {
    const key = isSingle ? one.series.group : one.series.type;
    const blend = blends.get(key);
    if (blend === undefined) blends.set(key, [one]);
    else blend.push(one);
  }
  const kept = [...blends.values()].map((contained) => ({
    contained,
    status: statusOf(isSingle, contained),
  }));
  const open = kept.filter(({ status }) => status !== 'Aged Out' && status !== 'Not Recommended');
  return (open.length > 0 ? open : kept).map(({ contained, status }) =>
    blended(run, group, contained, status),
  );
}

function statusOf(isSingle: boolean, contained: readonly PatientSeries[]): SeriesStatus {
  const statuses = contained.map(({ forecast }) => forecast?.status ?? 'Not Complete');
  const [first] = statuses;
  return isSingle && first !== undefined ? first : multipleAntigenStatus(statuses);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function blended(
  run: Run,
  group: VaccineGroup,
  contained: readonly PatientSeries[],
  status: SeriesStatus,
): VaccineGroupForecast {
  const due = contained.filter(({ forecast }) => forecast?.status === 'Not Complete');
  const isOpen = status === 'Not Complete';
  const [first] = contained;
  const blend: Mutable<VaccineGroupForecast> = {
    vaccineGroup: group.name,
    seriesType: first?.series.type ?? 'Standard',
    status,
    reasons: unique(contained.flatMap(({ forecast }) => forecast?.reason ?? [])), // FORECASTVG-7
    recommendedAntigens: due.map(({ of }) => of.antigen.name), // FORECASTVG-8
    recommendedVaccines: isOpen ? union(due.flatMap((one) => recommendedVaccines(run, one))) : [], // FORECASTVG-9
    guidance: unique(contained.flatMap((one) => guidanceOf(run, one))),
    series: contained.map(containedForecast),
  };
  if (isOpen) putDates(blend, vaccineGroupDates(run, group, contained));
  if (first !== undefined) putSeriesGroup(run, group, first, blend);
  return blend;
}

function unique<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)];
}

const DATES = [
  ['earliest', 'earliestDate'],
  ['recommended', 'recommendedDate'],
  ['pastDue', 'pastDueDate'],
  ['latest', 'latestDate'],
  ['unadjustedRecommended', 'unadjustedRecommendedDate'],
  ['unadjustedPastDue', 'unadjustedPastDueDate'],
] as const;

function putDates(blend: Mutable<VaccineGroupForecast>, dates: GroupDates): void {
  if (dates.doseNumber !== undefined) blend.doseNumber = dates.doseNumber;
  for (const [from, to] of DATES) {
    const day = dates[from];
    if (day !== undefined) blend[to] = isoDate(day);
  }
}

function putSeriesGroup(
  run: Run,
  group: VaccineGroup,
  first: PatientSeries,
  blend: Mutable<VaccineGroupForecast>,
): void {
  if (group.antigens.length === 1) blend.seriesGroup = first.series.groupName;
  const season = projectedSeasonOf(run, first);
  if (season !== undefined) blend.projectedSeason = season;
}

function union(vaccines: readonly RecommendedVaccine[]): readonly RecommendedVaccine[] {
  if (vaccines.length < 2) return vaccines;
  const known = new Map(vaccines.map((one) => [`${one.cvx} ${one.mvx ?? ''} ${one.tradeName ?? ''}`, one]));
  return [...known.values()];
}

function containedForecast({ series, forecast, satisfied }: PatientSeries): ContainedForecast {
  const status = forecast?.status ?? 'Not Complete';
  const contained: Mutable<ContainedForecast> = {
    antigen: series.antigen,
    series: series.name,
    status,
    validDoses: satisfied.length,
    seriesDoses: series.doses.length,
  };
  if (forecast?.reason !== undefined) contained.reason = forecast.reason;
  if (forecast?.target !== undefined && status === 'Not Complete')
    contained.targetDose = forecast.target.number;
  return contained;
}

function projectedSeasonOf(run: Run, { series }: PatientSeries): ProjectedSeason | undefined {
  const years = run.seasonShifts[series.season] ?? 0;
  const window = run.schedule.calendar.windows[series.season];
  if (years === 0 || window === undefined) return undefined;
  const dates = (move: number) => ({
    ...(window.start !== undefined && { startDate: isoDate(addYears(window.start, move)) }),
    ...(window.end !== undefined && { endDate: isoDate(addYears(window.end, move)) }),
  });
  return { published: dates(0), used: dates(years), years };
}

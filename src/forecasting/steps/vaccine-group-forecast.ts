/** Makes the forecasts of a vaccine group from the best series of its antigens (Logic Specification 4.6, chapter 9). */
import { isoDate } from '../civil-date.ts';
import type { PatientSeries, Run } from '../patient-series.ts';
import type { ContainedForecast, ProjectedSeason, RecommendedVaccine, SeriesStatus, VaccineGroupForecast } from '../result.ts';
import { addYears } from '../seasons.ts';
import type { VaccineGroup } from '../schedule/schedule.ts';
import { guidanceOf, recommendedVaccines } from './recommended-vaccines.ts';
import { vaccineGroupDates } from './vaccine-group-dates.ts';
import { multipleAntigenStatus } from './vaccine-group-status.ts';

/**
 * The forecasts of a vaccine group. FORECASTVG-1: series of one type only are blended (risk with risk); in a group of
 * one antigen each series group has a forecast of its own (children and 50 years and older, say). What is aged out or
 * not recommended is left out where another forecast remains.
 */
export function vaccineGroupForecasts(run: Run, group: VaccineGroup, best: readonly PatientSeries[]): VaccineGroupForecast[] {
  const isSingle = group.antigens.length === 1;
  const blends = new Map<string, PatientSeries[]>();
  for (const one of best) {
    const key = isSingle ? one.series.group : one.series.type;
    const blend = blends.get(key);
    if (blend === undefined) blends.set(key, [one]);
    else blend.push(one);
  }
  const kept = [...blends.values()].map((contained) => ({ contained, status: statusOf(isSingle, contained) }));
  const open = kept.filter(({ status }) => status !== 'Aged Out' && status !== 'Not Recommended');
  return (open.length > 0 ? open : kept).map(({ contained, status }) => blended(run, group, contained, status));
}

function statusOf(isSingle: boolean, contained: readonly PatientSeries[]): SeriesStatus {
  const statuses = contained.map(({ forecast }) => forecast?.status ?? 'Not Complete');
  const [first] = statuses;
  return isSingle && first !== undefined ? first : multipleAntigenStatus(statuses);
}

function blended(run: Run, group: VaccineGroup, contained: readonly PatientSeries[], status: SeriesStatus): VaccineGroupForecast {
  const [first] = contained;
  const due = contained.filter(({ forecast }) => forecast?.status === 'Not Complete');
  const projectedSeason = first && projectedSeasonOf(run, first);
  return {
    vaccineGroup: group.name,
    seriesType: first?.series.type ?? 'Standard',
    ...(group.antigens.length === 1 && first !== undefined && { seriesGroup: first.series.groupName }),
    status,
    reasons: [...new Set(contained.flatMap(({ forecast }) => forecast?.reason ?? []))], // FORECASTVG-7
    ...(status === 'Not Complete' && datesOf(run, group, contained)),
    recommendedAntigens: due.map(({ of }) => of.antigen.name), // FORECASTVG-8
    recommendedVaccines: status === 'Not Complete' ? union(due.flatMap((one) => recommendedVaccines(run, one))) : [], // FORECASTVG-9
    guidance: [...new Set(contained.flatMap((one) => guidanceOf(run, one)))],
    series: contained.map(containedForecast),
    ...(projectedSeason !== undefined && { projectedSeason }),
  };
}

function datesOf(run: Run, group: VaccineGroup, contained: readonly PatientSeries[]) {
  const dates = vaccineGroupDates(run, group, contained);
  const { doseNumber, earliest, recommended, pastDue, latest, unadjustedRecommended, unadjustedPastDue } = dates;
  return {
    ...(doseNumber !== undefined && { doseNumber }),
    ...(earliest !== undefined && { earliestDate: isoDate(earliest) }),
    ...(recommended !== undefined && { recommendedDate: isoDate(recommended) }),
    ...(pastDue !== undefined && { pastDueDate: isoDate(pastDue) }),
    ...(latest !== undefined && { latestDate: isoDate(latest) }),
    ...(unadjustedRecommended !== undefined && { unadjustedRecommendedDate: isoDate(unadjustedRecommended) }),
    ...(unadjustedPastDue !== undefined && { unadjustedPastDueDate: isoDate(unadjustedPastDue) }),
  };
}

function union(vaccines: readonly RecommendedVaccine[]): RecommendedVaccine[] {
  const known = new Map(vaccines.map((vaccine) => [`${vaccine.cvx} ${vaccine.mvx ?? ''} ${vaccine.tradeName ?? ''}`, vaccine]));
  return [...known.values()];
}

function containedForecast({ series, forecast, satisfied }: PatientSeries): ContainedForecast {
  const { status = 'Not Complete', reason, target } = forecast ?? {};
  return {
    antigen: series.antigen,
    series: series.name,
    status,
    ...(reason !== undefined && { reason }),
    ...(target !== undefined && status === 'Not Complete' && { targetDose: target.number }),
    validDoses: satisfied.length,
    seriesDoses: series.doses.length,
  };
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

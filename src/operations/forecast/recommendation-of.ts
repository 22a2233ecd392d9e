/**
 * A forecast as an ImmunizationRecommendation (https://hl7.org/fhir/R4/immunizationrecommendation.html) with the codes
 * of HL7's ImmDS guide: one entry for each vaccine group and series type.
 */
import type {
  CodeableConcept,
  ImmunizationRecommendation,
  ImmunizationRecommendationRecommendation as Entry,
  ImmunizationRecommendationRecommendationDateCriterion as DateCriterion,
  Organization,
  Patient,
  Reference,
} from '@medplum/fhirtypes';
import type { ForecastResult, ProjectedSeason, VaccineGroupForecast } from '../../forecasting/result.ts';
import { CVX } from '../../terminology/tables.ts';
import { dateCode, diseaseOf, groupCode, reasonOf, statusOf, type DATES } from './codes.ts';
import { idFor } from './ids.ts';

/** What the result does not know of itself. */
export interface About {
  /** Reference to the person. */
  readonly patient: Reference<Patient>;
  /** References to doses that can be referred to, by the engine's name for them. */
  readonly doses: ReadonlyMap<string, string>;
  /** Vaccines that were refused or not given, by vaccine group. */
  readonly notGiven?: ReadonlyMap<string, readonly string[]>;
}

/** Who says so: the release of CDC's data behind the result. */
export const authorityOf = (scheduleVersion: string): Reference<Organization> => ({
  type: 'Organization',
  identifier: { system: 'https://www.cdc.gov/iis/cdsi/', value: scheduleVersion },
  display: `CDC CDSi supporting data ${scheduleVersion}`,
});

/** The recommendation of a result; undefined where there is no forecast at all (an unreadable birth date). */
export function recommendationOf(
  result: ForecastResult,
  about: About,
): ImmunizationRecommendation | undefined {
  if (result.forecasts.length === 0) return undefined;
  return {
    resourceType: 'ImmunizationRecommendation',
    patient: about.patient,
    date: result.assessmentDate,
    authority: authorityOf(result.scheduleVersion),
    recommendation: result.forecasts.map((each) => entryOf(result, each, about)),
  };
}

function entryOf(result: ForecastResult, forecast: VaccineGroupForecast, about: About): Entry {
  const { vaccineGroup, seriesType, seriesGroup = '', status, reasons } = forecast;
  return {
    // Ids of elements are unique within the resource and stay as long as the group is forecast.
    id: idFor(vaccineGroup, seriesType, seriesGroup),
    vaccineCode: vaccinesOf(forecast),
    ...diseaseOfGroup(forecast),
    forecastStatus: statusOf(status),
    ...(reasons.length > 0 && { forecastReason: reasons.map(reasonOf) }),
    ...datesOf(forecast),
    description: descriptionOf(forecast),
    ...placeInSeries(forecast),
    ...referring('supportingImmunization', supportOf(result, forecast, about.doses)),
    ...referring('supportingPatientInformation', about.notGiven?.get(vaccineGroup) ?? []),
  };
}

/** R4 has room for one disease: that of a group of one antigen. */
function diseaseOfGroup({ series }: VaccineGroupForecast): Pick<Entry, 'targetDisease'> {
  const [antigen, ...others] = new Set(series.map((each) => each.antigen));
  return antigen === undefined || others.length > 0 ? {} : { targetDisease: diseaseOf(antigen) };
}

type Place = Pick<Entry, 'series' | 'doseNumberPositiveInt' | 'seriesDosesPositiveInt'>;

function placeInSeries({ series, doseNumber }: VaccineGroupForecast): Place {
  const names = [...new Set(series.map((each) => each.series))].join('; ');
  const total = sameOf(series.map(({ seriesDoses }) => seriesDoses));
  return {
    ...(names !== '' && { series: names }),
    ...(doseNumber !== undefined && { doseNumberPositiveInt: doseNumber }),
    ...(total !== undefined && { seriesDosesPositiveInt: total }),
  };
}

type Referring = 'supportingImmunization' | 'supportingPatientInformation';

const referring = (name: Referring, references: readonly string[]): Pick<Entry, Referring> =>
  references.length === 0 ? {} : { [name]: references.map((reference) => ({ reference })) };

/** The number that all have; a group whose series differ has none. */
function sameOf(numbers: readonly number[]): number | undefined {
  const [first, ...others] = new Set(numbers);
  return others.length === 0 && first !== undefined && first > 0 ? first : undefined;
}

/** The group first, then the vaccines that the schedule would rather have (FORECASTRECVAC-1). */
function vaccinesOf({ vaccineGroup, recommendedVaccines }: VaccineGroupForecast): CodeableConcept[] {
  const code = groupCode(vaccineGroup);
  const group = { ...(code !== undefined && { coding: [{ system: CVX, code }] }), text: vaccineGroup };
  const products = recommendedVaccines.map(({ cvx, name, tradeName }) => ({
    coding: [{ system: CVX, code: cvx }],
    text: tradeName === undefined ? name : `${name} (${tradeName})`,
  }));
  return [group, ...products];
}

function datesOf(forecast: VaccineGroupForecast): Pick<Entry, 'dateCriterion'> {
  const dates: readonly (readonly [keyof typeof DATES, string | undefined])[] = [
    ['recommended', forecast.recommendedDate],
    ['pastDue', forecast.pastDueDate],
    ['earliest', forecast.earliestDate],
    ['latest', forecast.latestDate],
  ];
  const dateCriterion = dates.flatMap(([name, value]): DateCriterion[] =>
    value === undefined ? [] : [{ code: dateCode(name), value }],
  );
  return dateCriterion.length === 0 ? {} : { dateCriterion };
}

function supportOf(
  { evaluations }: ForecastResult,
  { vaccineGroup, seriesType }: VaccineGroupForecast,
  doses: ReadonlyMap<string, string>,
): string[] {
  const judged = evaluations.filter(
    (each) => each.vaccineGroup === vaccineGroup && each.seriesType === seriesType,
  );
  return [...new Set(judged.flatMap(({ dose }) => doses.get(dose) ?? []))];
}

/** What a reader should know and no element has room for. */
function descriptionOf(forecast: VaccineGroupForecast): string {
  const { seriesType, seriesGroup, guidance, projectedSeason } = forecast;
  const kind = `${seriesGroup ?? seriesType} recommendation.`;
  return [kind, ...guidance, ...(projectedSeason ? [seasonText(projectedSeason)] : [])].join(' ');
}

function seasonText({ published, used, years }: ProjectedSeason): string {
  const range = ({ startDate = '…', endDate = '…' }: ProjectedSeason['used']): string =>
    `${startDate} to ${endDate}`;
  return `The season was projected by ${years} ${Math.abs(years) === 1 ? 'year' : 'years'}: CDC published ${range(published)}, used is ${range(used)}.`;
}

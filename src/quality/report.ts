/** The scores of a sender in a month as a MeasureReport (https://hl7.org/fhir/R4/measurereport.html), and back. */
import { createHash } from 'node:crypto';
import type {
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupPopulation,
  MeasureReportGroupStratifierStratum,
} from '@medplum/fhirtypes';
import type { QualityMeasure } from '../jurisdictions/pack.ts';
import { OWN } from '../terminology/tables.ts';
import type { FieldFigure, Period } from './figures.ts';
import { share } from './measures.ts';
import { MEASURES, type Score } from './scores.ts';

const CODES = `${OWN}CodeSystem/data-quality`;
const MEASURE = `${OWN}Measure/data-quality`;
const POPULATIONS = 'http://terminology.hl7.org/CodeSystem/measure-population';
const UCUM = 'http://unitsofmeasure.org';

/** The id of the one report of an organisation and a period. */
export const reportId = (organization: string, { start, end }: Period): string =>
  `dq-${createHash('sha256')
    .update(JSON.stringify([organization, start, end]))
    .digest('hex')
    .slice(0, 40)}`;

export interface Reported {
  readonly organization: string;
  readonly period: Period;
  readonly scores: readonly Score[];
  readonly now: Date;
}

/** The report: numbers alone. */
export function reportOf({ organization, period, scores, now }: Reported): MeasureReport & { id: string } {
  const reference = `Organization/${organization}`;
  return {
    resourceType: 'MeasureReport',
    id: reportId(organization, period),
    status: 'complete',
    type: 'summary',
    measure: MEASURE,
    subject: { reference },
    date: now.toISOString(),
    reporter: { reference },
    period: { ...period },
    group: scores.map(groupOf),
  };
}

const populations = (numerator: number, denominator: number): MeasureReportGroupPopulation[] => [
  { code: { coding: [{ system: POPULATIONS, code: 'denominator' }] }, count: denominator },
  { code: { coding: [{ system: POPULATIONS, code: 'numerator' }] }, count: numerator },
];

const quantity = (value: number, unit: 'share' | 'days' | 'times') => ({
  measureScore: { value, system: UCUM, ...(unit === 'days' ? { unit: 'days', code: 'd' } : { code: '1' }) },
});

function groupOf({ measure, numerator, denominator, score, fields }: Score): MeasureReportGroup {
  const { unit, title } = MEASURES[measure];
  return {
    code: { coding: [{ system: CODES, code: measure, display: title }] },
    population: populations(numerator, denominator),
    ...(score !== undefined && quantity(score, unit)),
    ...(fields.length > 0 && { stratifier: [{ code: [{ text: 'field' }], stratum: fields.map(stratumOf) }] }),
  };
}

function stratumOf({ field, of, has }: FieldFigure): MeasureReportGroupStratifierStratum {
  const score = share(has, of);
  return {
    value: { text: field },
    population: populations(has, of),
    ...(score !== undefined && quantity(score, 'share')),
  };
}

/** The scores that a report tells. */
export function scoresIn({ group = [] }: MeasureReport): readonly Omit<Score, 'fields'>[] {
  return group.flatMap(({ code, population = [], measureScore }) => {
    const measure = code?.coding?.[0]?.code;
    const count = (name: string): number =>
      population.find((each) => each.code?.coding?.[0]?.code === name)?.count ?? 0;
    if (!isMeasure(measure)) return [];
    const { value } = measureScore ?? {};
    return [
      {
        measure,
        numerator: count('numerator'),
        denominator: count('denominator'),
        ...(value !== undefined && { score: value }),
      },
    ];
  });
}

const isMeasure = (name: string | undefined): name is QualityMeasure =>
  name !== undefined && Object.hasOwn(MEASURES, name);

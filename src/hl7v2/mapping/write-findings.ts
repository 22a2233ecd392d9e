/** What is observed of a person, and what is evaluated and forecast, as OBX under an order that is no vaccination. */
import type {
  Immunization,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Observation,
} from '@medplum/fhirtypes';
import { groupCode } from '../../operations/forecast/codes.ts';
import { CVX } from '../../terminology/tables.ts';
import { vaccineOf } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Written, WrittenSegment } from '../message.ts';
import { compactOf } from '../time.ts';
import { KINDS } from './observations.ts';
import { LOINC, REGISTRY, SNOMED } from './systems.ts';
import { ceOf, inOrder } from './write.ts';
import type { WriteObx } from './write-dose.ts';

/** ORC and RXA that say that no vaccine was given. */
function noDose(day: string, number: string): WrittenSegment[] {
  const blank = (count: number): Written[] => Array.from({ length: count }, () => undefined);
  const vaccine = ['998', 'No vaccine administered', 'CVX'];
  return [
    { name: 'ORC', fields: ['RE', undefined, [number, REGISTRY]] },
    { name: 'RXA', fields: ['0', '1', compactOf(day), undefined, vaccine, '999', ...blank(13), 'NA'] },
  ];
}

const loincOf = ({ code }: Observation): string =>
  code.coding?.find(({ system, code: each = '' }) => system === LOINC && each in KINDS)?.code ?? '';

/** Observations of the kinds that messages carry. */
export function findingSegments(
  observations: readonly Observation[],
  today: string,
  obx: WriteObx,
): WrittenSegment[] {
  const told = observations.filter((each) => loincOf(each) !== '' && each.status !== 'entered-in-error');
  if (told.length === 0) return [];
  return [...noDose(today, '9999'), ...told.flatMap((each, at) => findingObx(each, at + 1, obx))];
}

/** HL7 table 0085. */
const STATUSES: Readonly<Partial<Record<Observation['status'], string>>> = {
  preliminary: 'P',
  corrected: 'C',
};

function findingObx(observation: Observation, group: number, obx: WriteObx): WrittenSegment[] {
  const loinc = loincOf(observation);
  const {
    valueCodeableConcept: value,
    valueString,
    valueQuantity,
    valueDateTime,
    effectivePeriod,
  } = observation;
  const date = observation.effectiveDateTime;
  const display = KINDS[loinc]?.display ?? '';
  const write = (type: string, what: Written): WrittenSegment =>
    obx(type, [loinc, display], {
      ...{ group, value: what },
      ...(date !== undefined && { date }),
      ...(valueQuantity?.unit !== undefined && { unit: valueQuantity.unit }),
      status: STATUSES[observation.status] ?? 'F',
    });
  const bound = (code: string, name: string, day: string | undefined): WrittenSegment[] =>
    day === undefined ? [] : [obx('DT', [code, name], { group, value: compactOf(day) })];
  const [type, written]: [string, Written] =
    value !== undefined
      ? ['CE', ceOf(inOrder(value, SNOMED), value.text)]
      : valueQuantity !== undefined
        ? ['NM', JSON.stringify(valueQuantity.value)]
        : valueDateTime !== undefined
          ? ['TS', compactOf(valueDateTime)]
          : ['ST', valueString];
  return [
    write(type, written),
    ...bound('30946-8', 'Contraindication effective date', effectivePeriod?.start),
    ...bound('30944-3', 'Contraindication expiration date', effectivePeriod?.end),
  ];
}

const SCHEDULE: Written = ['VXC16', 'ACIP Schedule', 'CDCPHINVS'];

const vaccineField = (cvx: string): Written => [cvx, vaccineOf(terminology(), cvx)?.short, 'CVX'];

/** The evaluations of a dose: one group of OBX for each vaccine group that it counts in. */
export function evaluationObx(
  dose: Immunization,
  evaluations: readonly ImmunizationEvaluation[],
  obx: WriteObx,
): WrittenSegment[] {
  const own = evaluations.filter(
    ({ immunizationEvent: { reference } }) => reference === `Immunization/${dose.id ?? ''}`,
  );
  const groups = Map.groupBy(own, ({ description = '' }) => groupNamed(description));
  const cvx = inOrder(dose.vaccineCode, CVX)[0]?.code ?? '';
  return [...groups].flatMap(([group, all], at) => {
    const [first] = all;
    if (first === undefined) return [];
    // A vaccine group counts where each of its antigens does.
    const worst = all.find(({ doseStatus }) => codeOf(doseStatus) !== 'valid') ?? first;
    return evaluatedObx(groupCode(group) ?? cvx, worst, at + 1, obx);
  });
}

/** The evaluation names its vaccine group in words: `MMR, Standard series`. */
const groupNamed = (description: string): string => description.split(',')[0] ?? '';

const codeOf = (concept: ImmunizationEvaluation['doseStatus'] | undefined): string =>
  concept?.coding?.[0]?.code ?? '';

function evaluatedObx(
  cvx: string,
  evaluation: ImmunizationEvaluation,
  group: number,
  obx: WriteObx,
): WrittenSegment[] {
  const { date, doseNumberPositiveInt, seriesDosesPositiveInt, doseStatus, doseStatusReason, series } =
    evaluation;
  const dated = date === undefined ? {} : { date };
  const write = (type: string, code: readonly [string, string], value: Written): WrittenSegment[] =>
    value === undefined ? [] : [obx(type, code, { group, value, ...dated })];
  const why = doseStatusReason?.map(({ text, coding }) => text ?? coding?.[0]?.code ?? '').join(' ');
  return [
    ...write('CE', ['30956-7', 'Vaccine type'], vaccineField(cvx)),
    ...write('CE', ['59779-9', 'Immunization schedule used'], SCHEDULE),
    ...write('ST', ['59780-7', 'Immunization series name'], series),
    ...write('NM', ['30973-2', 'Dose number in series'], numberText(doseNumberPositiveInt)),
    ...write(
      'NM',
      ['59782-3', 'Number of doses in primary immunization series'],
      numberText(seriesDosesPositiveInt),
    ),
    ...write('ID', ['59781-5', 'Dose validity'], codeOf(doseStatus) === 'valid' ? 'Y' : 'N'),
    ...write('ST', ['30982-3', 'Reason applied by forecast logic'], why),
  ];
}

const numberText = (number: number | undefined): string | undefined => number?.toString();

/** LOINC codes of the dates of a forecast. */
export const FORECAST_DATES = [
  ['30981-5', 'Earliest date to give'],
  ['30980-7', 'Date vaccine due'],
  ['59777-3', 'Latest date to give immunization'],
  ['59778-1', 'Date when overdue for immunization'],
] as const;

/** What is due: one order that is no vaccination, and a group of OBX for each recommendation. */
export function forecastSegments(
  recommendation: ImmunizationRecommendation,
  obx: WriteObx,
): WrittenSegment[] {
  const day = recommendation.date;
  const entries = recommendation.recommendation.flatMap((entry, at) => {
    const cvx = inOrder(entry.vaccineCode?.[0], CVX)[0]?.code;
    if (cvx === undefined) return [];
    const group = at + 1;
    const write = (type: string, code: readonly [string, string], value: Written): WrittenSegment[] =>
      value === undefined ? [] : [obx(type, code, { group, value, date: day })];
    const dateOf = (loinc: string): string | undefined =>
      entry.dateCriterion?.find(({ code }) => code.coding?.some((each) => each.code === loinc))?.value;
    return [
      ...write('CE', ['30956-7', 'Vaccine type'], vaccineField(cvx)),
      ...write('CE', ['59779-9', 'Immunization schedule used'], SCHEDULE),
      ...write('ST', ['59783-1', 'Status in immunization series'], statusText(entry.forecastStatus)),
      ...FORECAST_DATES.flatMap(([code, name]) => {
        const date = dateOf(code);
        return date === undefined ? [] : write('DT', [code, name], compactOf(date));
      }),
      ...write('NM', ['30973-2', 'Dose number in series'], numberText(entry.doseNumberPositiveInt)),
    ];
  });
  return entries.length === 0 ? [] : [...noDose(day, '9999'), ...entries];
}

const statusText = ({ text, coding }: { text?: string; coding?: { code?: string }[] }): string | undefined =>
  text ?? coding?.[0]?.code;

/** Runs a test case of CDC's workbooks and compares each field that the case expects with what the engine says. */
import { forecast } from '../forecast.ts';
import type { EvaluationReason, ForecastResult, VaccineGroupForecast } from '../result.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { recordTrace, type TraceEntry } from '../trace.ts';
import type { CaseDose, CdsiCase } from './case.ts';

export const FIELDS = [
  'seriesStatus',
  'doseNumber',
  'earliestDate',
  'recommendedDate',
  'pastDueDate',
  'evaluationStatus',
  'evaluationReason',
] as const;

export type Field = (typeof FIELDS)[number];

/** One field of one case; `dose` counts from 1. */
export interface Comparison {
  readonly id: string;
  readonly suite: string;
  readonly vaccineGroup: string;
  readonly field: Field;
  readonly dose?: number;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly agrees: boolean;
}

/** Reasons of the workbooks and of the specification, in lower case, as the engine names them. */
const REASONS: Readonly<Record<string, EvaluationReason>> = {
  'age: too young': 'too-young',
  'age: too old': 'too-old',
  'interval: too soon': 'too-soon',
  'live virus conflict': 'vaccine-conflict',
  'inadvertent vaccine': 'inadvertent',
  'inadvertent administration': 'inadvertent',
  'vaccine conflict': 'vaccine-conflict',
  'not a preferable or allowable vaccine': 'not-preferable-or-allowable',
  'series already complete': 'series-complete',
};

/** Everything of a run that a case is compared with. */
interface Outcome {
  readonly result: ForecastResult;
  /** Names of the prioritized series of the vaccine group. */
  readonly prioritized: ReadonlySet<string>;
  /** What became of each dose in each series, best or not. */
  readonly satisfied: readonly TraceEntry[];
}

/**
 * Compares every field. Seasons are read literally, as the cases were written for the season of the release, and each
 * row of a case is a dose: two of one type on one day are no slip of a registry here.
 */
export function compareCase(schedule: Schedule, test: CdsiCase): Comparison[] {
  const outcome = run(schedule, test);
  const chosen = forecastMeant(test, outcome.result);
  return [
    ...compareForecast(test, chosen, outcome),
    ...test.doses.flatMap((dose, at) => compareDose(test, dose, at + 1, outcome)),
  ];
}

function run(schedule: Schedule, test: CdsiCase): Outcome {
  const trace = recordTrace();
  const { birthDate, gender, assessmentDate, observations } = test;
  const doses = test.doses.map(({ date, cvx, mvx }, at) => ({
    id: String(at + 1),
    date,
    cvx,
    ...(mvx !== undefined && { mvx }),
  }));
  const result = forecast(
    schedule,
    {
      patient: { birthDate, gender },
      doses,
      observations,
      assessmentDate,
      seasons: 'literal',
      duplicates: 'kept',
    },
    trace,
  );
  const antigens =
    schedule.groups.find(({ name }) => name === test.vaccineGroup)?.antigens.map(({ name }) => name) ?? [];
  const entries = trace
    .entries()
    .filter(({ antigen }) => antigen !== undefined && antigens.includes(antigen));
  return {
    result,
    prioritized: new Set(
      entries.flatMap(({ step, series }) => (step === '8.7' && series !== undefined ? [series] : [])),
    ),
    satisfied: entries.filter(({ step }) => step === '6.10'),
  };
}

/**
 * The forecast of the group that a row is about: the workbook has one row where the engine may give several. It is
 * the risk forecast, if there is one; in a group of several antigens the standard one, if no risk dose is owed any
 * more but the standard series still owes one for an antigen of the risk series (MMR before a journey). Of several
 * that remain, the best fitting.
 */
function forecastMeant(test: CdsiCase, { forecasts }: ForecastResult): VaccineGroupForecast | undefined {
  const ofGroup = forecasts.filter(({ vaccineGroup }) => vaccineGroup === test.vaccineGroup);
  const risk = ofGroup.filter(({ seriesType }) => seriesType === 'Risk');
  const standard = ofGroup.filter(({ seriesType }) => seriesType !== 'Risk');
  const candidates =
    risk.length === 0 || (standard.length > 0 && isStandardMeant(risk, standard)) ? standard : risk;
  return candidates.toSorted((a, b) => misfits(test, a) - misfits(test, b))[0];
}

function isStandardMeant(
  risk: readonly VaccineGroupForecast[],
  standard: readonly VaccineGroupForecast[],
): boolean {
  const antigens = new Set(
    [...risk, ...standard].flatMap(({ series }) => series.map(({ antigen }) => antigen)),
  );
  const atRisk = new Set(risk.flatMap(({ series }) => series.map(({ antigen }) => antigen)));
  const owesRisk = risk.some(({ recommendedAntigens }) => recommendedAntigens.length > 0);
  return (
    antigens.size > 1 &&
    !owesRisk &&
    standard.some(({ recommendedAntigens }) => recommendedAntigens.some((name) => atRisk.has(name)))
  );
}

const DATES = ['earliestDate', 'recommendedDate', 'pastDueDate'] as const;

function misfits(test: CdsiCase, found: VaccineGroupForecast): number {
  const dates = DATES.filter((date) => test[date] !== (found[date] ?? null)).length;
  return dates + (sameText(test.seriesStatus, found.status) ? 0 : 1);
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function compareForecast(
  test: CdsiCase,
  found: VaccineGroupForecast | undefined,
  outcome: Outcome,
): Comparison[] {
  const about = { id: test.id, suite: test.suite, vaccineGroup: test.vaccineGroup };
  const status = found?.status ?? null;
  const number = found?.doseNumber ?? null;
  return [
    {
      ...about,
      field: 'seriesStatus',
      expected: test.seriesStatus,
      actual: status,
      agrees: sameText(test.seriesStatus, status ?? ''),
    },
    {
      ...about,
      field: 'doseNumber',
      expected: test.doseNumber === null ? null : String(test.doseNumber),
      actual: number === null ? null : String(number),
      agrees:
        number === test.doseNumber ||
        (number !== null && test.doseNumber === 1 + personsDoses(test, outcome)),
    },
    ...DATES.map((field) => {
      const actual = found?.[field] ?? null;
      return { ...about, field, expected: test[field], actual, agrees: actual === test[field] };
    }),
  ];
}

/** Rows of underlying conditions count every valid dose of the person, in a standard or a risk series (else -1). */
function personsDoses(test: CdsiCase, { prioritized, satisfied }: Outcome): number {
  if (test.observations.length === 0) return -1;
  const valid = satisfied.filter(
    ({ outcome, series }) => outcome === 'Valid' && series !== undefined && prioritized.has(series),
  );
  return new Set(valid.map(({ dose }) => dose)).size;
}

interface Said {
  readonly status: string;
  readonly reasons: readonly EvaluationReason[];
}

function compareDose(test: CdsiCase, dose: CaseDose, number: number, outcome: Outcome): Comparison[] {
  const about = { id: test.id, suite: test.suite, vaccineGroup: test.vaccineGroup, dose: number };
  const said = evaluationsMeant(test, dose, String(number), outcome);
  const statuses = [...new Set(said.map(({ status }) => status))];
  const reasons = [...new Set(said.flatMap((one) => one.reasons))];
  const { status, reason } = dose;
  const comparisons: Comparison[] = [];
  if (status !== undefined) {
    const agrees = statuses.some((one) => sameText(one, status));
    comparisons.push({
      ...about,
      field: 'evaluationStatus',
      expected: status,
      actual: statuses.join(', ') || null,
      agrees,
    });
  }
  if (reason !== undefined) {
    const expected = REASONS[reason.toLowerCase()];
    const agrees = expected !== undefined && reasons.includes(expected);
    comparisons.push({
      ...about,
      field: 'evaluationReason',
      expected: reason,
      actual: reasons.join(', ') || null,
      agrees,
    });
  }
  return comparisons;
}

/** Evaluations of the dose in the group and the series type meant; a dose without an antigen of the group, in its own. */
function evaluationsMeant(
  test: CdsiCase,
  dose: CaseDose,
  id: string,
  { result, prioritized, satisfied }: Outcome,
): Said[] {
  const isMeant = (type: string): boolean => dose.seriesType === undefined || sameText(dose.seriesType, type);
  const all = result.evaluations.filter((one) => one.dose === id && isMeant(one.seriesType));
  const inGroup = all.filter(({ vaccineGroup }) => vaccineGroup === test.vaccineGroup);
  if (inGroup.length > 0) return inGroup;
  if (all.length > 0) return all;
  // The series meant was evaluated, but another series group made it superfluous (Table 8-14).
  const superseded = satisfied.filter(
    (entry) => entry.dose === id && entry.series !== undefined && prioritized.has(entry.series),
  );
  return superseded
    .filter(({ facts }) => isMeant(String(facts['seriesType'])))
    .map(({ outcome }) => ({ status: outcome, reasons: [] }));
}

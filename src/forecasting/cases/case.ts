/** Reads test cases of CDC's CDSi workbooks (healthy 4.45, underlying conditions 4.6) as facts: dates, codes, statuses. */
import { fail } from '../../core/failure.ts';

export interface CaseDose {
  readonly date: string;
  readonly cvx: string;
  readonly mvx?: string;
  /** Expected evaluation; absent where the workbook says nothing. */
  readonly status?: string;
  readonly reason?: string;
  /** The type of the series in which the status is meant (underlying conditions only). */
  readonly seriesType?: 'standard' | 'risk';
}

export interface CdsiCase {
  readonly id: string;
  readonly suite: string;
  /** Name as in the schedule. */
  readonly vaccineGroup: string;
  readonly birthDate: string;
  readonly gender: string;
  readonly assessmentDate: string;
  readonly observations: readonly { readonly code: string; readonly date?: string }[];
  readonly doses: readonly CaseDose[];
  readonly seriesStatus: string;
  /** Null: none is forecast. */
  readonly doseNumber: number | null;
  readonly earliestDate: string | null;
  readonly recommendedDate: string | null;
  readonly pastDueDate: string | null;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The cases of a parsed JSON file: an array of records as CDC's workbooks hold them.
 * @throws Failure `malformed` if it is no such array, `required` if a record lacks what a case needs.
 */
export function readCases(file: unknown): CdsiCase[] {
  if (!Array.isArray(file))
    return fail('malformed', 'A file of cases is a JSON array with one record for each case');
  return file.map((record, at) => {
    if (!isRecord(record)) return fail('malformed', `Case ${at + 1} of the file is not a JSON object`);
    return readCase(record, at + 1);
  });
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readCase(record: Json, at: number): CdsiCase {
  const needed = (name: string): string =>
    text(record, name) ?? fail('required', `Case ${text(record, 'id') ?? at} has no ${name}`);
  const forecast = isRecord(record['forecast']) ? record['forecast'] : {};
  return {
    id: needed('id'),
    suite: text(record, 'suite') ?? 'cases',
    vaccineGroup: text(record, 'vaccineGroupCanonical') ?? needed('vaccineGroup'),
    birthDate: needed('dob'),
    gender: text(record, 'gender') ?? '',
    assessmentDate: needed('assessmentDate'),
    observations: records(record, 'observations').map(readObservation),
    doses: records(record, 'doses').map((dose) => readDose(dose, needed('id'))),
    seriesStatus: needed('seriesStatus'),
    doseNumber: doseNumber(text(forecast, 'doseNumber')),
    earliestDate: text(forecast, 'earliestDate') ?? null,
    recommendedDate: text(forecast, 'recommendedDate') ?? null,
    pastDueDate: text(forecast, 'pastDueDate') ?? null,
  };
}

function text(record: Json, name: string): string | undefined {
  const value = record[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function records(record: Json, name: string): Json[] {
  const list = record[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function readObservation(observation: Json): { code: string; date?: string } {
  const date = text(observation, 'date');
  return { code: text(observation, 'code') ?? '', ...(date !== undefined && { date }) };
}

function readDose(dose: Json, id: string): CaseDose {
  const needed = (name: string): string =>
    text(dose, name) ?? fail('required', `A dose of case ${id} has no ${name}`);
  const mvx = text(dose, 'mvx');
  const status = text(dose, 'evaluationStatus');
  const reason = text(dose, 'evaluationReason');
  const type = text(dose, 'seriesType')?.toLowerCase();
  return {
    date: needed('date'),
    cvx: needed('cvx'),
    ...(mvx !== undefined && { mvx }),
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason }),
    ...((type === 'standard' || type === 'risk') && { seriesType: type }),
  };
}

/** `-` and nothing both mean that no dose is forecast. */
function doseNumber(words: string | undefined): number | null {
  const number = Number(words ?? '-');
  return Number.isInteger(number) ? number : null;
}

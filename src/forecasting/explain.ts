/**
 * Says why: the chain of rules and dates behind a result, in words that a nurse reads and in a structured form with
 * rule identifiers. It is the same forecast, made once more with a trace.
 */
import { isoDate, readDate } from './civil-date.ts';
import { forecast } from './forecast.ts';
import type { ForecastRequest } from './patient.ts';
import type { ForecastResult } from './result.ts';
import type { Schedule } from './schedule/schedule.ts';
import { recordTrace, type TraceEntry } from './trace.ts';
import { inWords } from './words.ts';

export interface ExplainOptions {
  /** Only this vaccine group; without it, every group. */
  readonly vaccineGroup?: string;
  /** Only what concerns this dose (its id). */
  readonly dose?: string;
  /** Every relevant series, also those that were not selected. */
  readonly everySeries?: boolean;
}

export interface Explanation {
  readonly result: ForecastResult;
  /** Rules in the order in which they fired. */
  readonly entries: readonly TraceEntry[];
  /** The same in words; a series begins with a line of its own. */
  readonly lines: readonly string[];
}

/** The forecast of a request with the rules behind it. */
export function explain(
  schedule: Schedule,
  request: ForecastRequest,
  options: ExplainOptions = {},
): Explanation {
  const trace = recordTrace();
  const result = forecast(schedule, request, trace);
  const antigens = antigensOf(schedule, options.vaccineGroup);
  const selected = new Set(result.forecasts.flatMap(({ series }) => series.map((one) => one.series)));
  const entries = trace.entries().filter((entry) => {
    if (entry.antigen === undefined || !antigens.has(entry.antigen)) return false;
    if (options.dose !== undefined && entry.dose !== options.dose) return false;
    return options.everySeries === true || entry.series === undefined || selected.has(entry.series);
  });
  return { result, entries, lines: linesOf(entries, datesOf(request)) };
}

function antigensOf(schedule: Schedule, vaccineGroup: string | undefined): Set<string> {
  const groups = schedule.groups.filter(({ name }) => vaccineGroup === undefined || name === vaccineGroup);
  return new Set(groups.flatMap(({ antigens }) => antigens.map(({ name }) => name)));
}

/** Dates of the doses by id: people know a dose by its date. */
function datesOf({ doses }: ForecastRequest): Map<string, string> {
  return new Map(doses.map(({ id, date }) => [id, isoDate(readDate(date)?.first.day ?? 0)]));
}

function linesOf(entries: readonly TraceEntry[], dates: ReadonlyMap<string, string>): string[] {
  let series: string | undefined;
  return entries.flatMap((entry) => {
    const line = `  ${inWords(entry, dates.get(entry.dose ?? ''))} [${[entry.step, ...entry.rules].join(', ')}]`;
    if (entry.series === undefined || entry.series === series) return [line];
    series = entry.series;
    return [`${entry.series}:`, line];
  });
}

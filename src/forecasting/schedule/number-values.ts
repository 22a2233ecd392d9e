/** Gives every distinct age, date and vaccine type of a release its number. */
import { NO_BEGIN, NO_END, readDate, type Duration } from '../civil-date.ts';
import { fail } from '../../core/failure.ts';
import { cvxCode } from './cvx.ts';
import type { Release, Season } from './release.ts';
import {
  NONE,
  type AgeId,
  type AgeRange,
  type Calendar,
  type DateId,
  type SeasonWindow,
  type Span,
  type VaccineSet,
} from './schedule.ts';

/** Day number of an ISO date of the release. */
export function dayOf(iso: string): number {
  return readDate(iso)?.first.day ?? fail('invalid-value', `The release holds ${iso}, which is no date`);
}

/** Bounds of a row in force, with the defaults of the specification where one is absent. */
export function inForce(row: { readonly effectiveDate?: string; readonly cessationDate?: string }) {
  return {
    from: row.effectiveDate === undefined ? NO_BEGIN : dayOf(row.effectiveDate),
    to: row.cessationDate === undefined ? NO_END : dayOf(row.cessationDate),
  };
}

export function spanOf({ y = 0, m = 0, d = 0 }: Duration): Span {
  return { months: y * 12 + m, days: d };
}

/** Numbers of things that are equal when their keys are. */
function numbering<T>(): { readonly values: T[]; readonly idOf: (key: string, value: T) => number } {
  const values: T[] = [];
  const ids = new Map<string, number>();
  const idOf = (key: string, value: T): number => {
    const id = ids.get(key) ?? values.push(value) - 1;
    ids.set(key, id);
    return id;
  };
  return { values, idOf };
}

/** The numbers of one release, while its schedule is built. */
export interface Numbers {
  readonly vaccineId: (cvx: string) => number;
  readonly vaccineSet: (codes: readonly string[]) => VaccineSet;
  readonly age: (age: Duration | undefined) => AgeId;
  readonly range: (row: { readonly beginAge?: Duration; readonly endAge?: Duration }) => AgeRange;
  readonly calendarOf: (antigen: string) => AntigenCalendar;
  readonly cvxCodes: readonly string[];
  readonly ages: readonly Span[];
  readonly calendar: Calendar;
}

export function numbersOf(release: Release): Numbers {
  const cvxCodes = allVaccines(release);
  const ids = new Map(cvxCodes.map((cvx, id) => [cvx, id]));
  const ages = numbering<Span>();
  const age = (duration: Duration | undefined): AgeId => {
    if (duration === undefined) return NONE;
    const span = spanOf(duration);
    return ages.idOf(`${span.months} ${span.days}`, span);
  };
  const { calendar, calendarOf } = newCalendar();
  return {
    vaccineId: (cvx) => ids.get(cvx) ?? fail('invalid-value', `The release lost CVX ${cvx}`),
    vaccineSet: (codes) => {
      const set = new Uint8Array(cvxCodes.length);
      for (const cvx of codes) set[ids.get(cvx) ?? cvxCodes.length] = 1;
      return set;
    },
    age,
    range: (row) => ({ begin: age(row.beginAge), end: age(row.endAge) }),
    calendarOf,
    cvxCodes,
    ages: ages.values,
    calendar,
  };
}

/** Every vaccine type that is mapped to antigens or takes part in a conflict (BCG has no antigen but is live). */
function allVaccines(release: Release): string[] {
  const named = [
    ...Object.keys(release.vaccines),
    ...release.conflicts.flatMap(({ current, previous }) => [current, ...previous]),
    ...release.preferableVaccines.flatMap((rows) => rows.map(({ cvx }) => cvx)),
    ...release.allowableVaccines.flatMap((rows) => rows.flatMap(({ cvx }) => cvx)),
  ];
  return [...new Set(named.map(cvxCode))].toSorted();
}

/**
 * Dates of one antigen's series doses. The dates of a dose's skips move with the season of that dose, whether they
 * are its first and last day or, as for RSV, the year around it; the dates of a dose without a season never move.
 */
export interface AntigenCalendar {
  readonly date: (iso: string | undefined, season: Season | undefined) => DateId;
}

function newCalendar(): {
  readonly calendar: Calendar;
  readonly calendarOf: (antigen: string) => AntigenCalendar;
} {
  const windows = numbering<SeasonWindow>();
  const dates = numbering<null>();
  const days: number[] = [];
  const windowOf: number[] = [];
  const windowId = (antigen: string, { startDate, endDate }: Season): number => {
    const start = startDate === undefined ? undefined : dayOf(startDate);
    const end = endDate === undefined ? undefined : dayOf(endDate);
    return windows.idOf(`${antigen} ${startDate ?? ''} ${endDate ?? ''}`, { antigen, start, end });
  };
  const calendarOf = (antigen: string): AntigenCalendar => ({
    date: (iso, season) => {
      if (iso === undefined) return NONE;
      const window = season === undefined ? NONE : windowId(antigen, season);
      const id = dates.idOf(`${iso} ${window}`, null);
      days[id] = dayOf(iso);
      windowOf[id] = window;
      return id;
    },
  });
  return { calendar: { days, windowOf, windows: windows.values }, calendarOf };
}

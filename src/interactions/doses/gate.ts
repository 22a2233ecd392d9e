/**
 * Which of a record's reports can be of one dose with another, by what stands beside their text. It leaves out none of which the
 * derivation would find a pair (matching/doses.ts), and spares the others the parsing, the scores and a question to the database.
 */
import { DAY_MS } from '../../core/civil-day.ts';
import type { Facts } from '../../consent/visibility.ts';
import { DOSE_RULES } from '../../matching/dose-rules.ts';
import type { Stored } from '../../storage/store.ts';
import { terminology } from '../../terminology/load.ts';
import { groupsOf } from '../../terminology/lookup.ts';

/** The first of a month may stand for the month, or the year. */
const INEXACT_DAYS = 366 + DOSE_RULES.windowDays;

/** What a report is compared by: its vaccine groups and codes, and its days. */
interface Glimpse {
  readonly kinds: readonly string[];
  readonly day: number;
  readonly reach: number;
}

/** Undefined for a report of which too little is kept beside it. */
function glimpseOf({ facts = [] }: Pick<Stored, 'facts'>): Glimpse | undefined {
  const [{ codes = [], day }] = facts.length === 1 ? (facts as readonly [Facts]) : [{}];
  if (codes.length === 0 || day === undefined) return undefined;
  return {
    kinds: [...codes, ...codes.flatMap((cvx) => groupsOf(terminology(), cvx))],
    day: Date.parse(day) / DAY_MS,
    reach: day.endsWith('-01') ? INEXACT_DAYS : DOSE_RULES.windowDays,
  };
}

/** The value of the first identifier, as it stands in the text. */
const NUMBER = /"identifier":\[.*?"value":"((?:[^"\\]|\\.)*)"/s;

const areNear = (a: Glimpse, b: Glimpse): boolean => Math.abs(a.day - b.day) <= Math.max(a.reach, b.reach);

/** The reports of which another one may be of the same dose; all of them where too little is kept beside one. */
export function mayRepeat(reports: readonly Stored[]): readonly Stored[] {
  if (reports.length < 2) return [];
  const seen = reports.map((report) => ({ report, glimpse: glimpseOf(report) }));
  if (seen.some(({ glimpse }) => glimpse === undefined)) return reports;
  const paired = new Set([...sharing(reports), ...nearing(seen as readonly Seen[])]);
  return reports.filter((report) => paired.has(report));
}

/** Those that have a number in common. */
function sharing(reports: readonly Stored[]): readonly Stored[] {
  const byNumber = Map.groupBy(reports, ({ json }) => NUMBER.exec(json)?.[1]);
  byNumber.delete(undefined);
  return [...byNumber.values()].filter(({ length }) => length > 1).flat();
}

interface Seen {
  readonly report: Stored;
  readonly glimpse: Glimpse;
}

/** Those of one kind on days that are near each other. */
function nearing(seen: readonly Seen[]): ReadonlySet<Stored> {
  const near = new Set<Stored>();
  const byKind = new Map<string, Seen[]>();
  for (const one of seen) {
    for (const kind of new Set(one.glimpse.kinds)) {
      const others = byKind.get(kind) ?? [];
      for (const { report } of others.filter((other) => areNear(other.glimpse, one.glimpse)))
        near.add(report).add(one.report);
      others.push(one);
      byKind.set(kind, others);
    }
  }
  return near;
}

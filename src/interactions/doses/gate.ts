/**
 * Whether any two of a record's reports can be of one dose, by what stands beside their text. It never says no where the
 * derivation would find a pair (matching/doses.ts), and spares most records the parsing, the scores and a question to the database.
 */
import type { Facts } from '../../consent/visibility.ts';
import { DOSE_RULES } from '../../matching/dose-rules.ts';
import type { Stored } from '../../storage/store.ts';
import { terminology } from '../../terminology/load.ts';
import { groupsOf } from '../../terminology/lookup.ts';

const DAY_MS = 86_400_000;
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

/** Whether a pair is worth looking at. */
export function mayRepeat(reports: readonly Stored[]): boolean {
  const byKind = new Map<string, Glimpse[]>();
  const numbers = new Set<string>();
  for (const report of reports) {
    const glimpse = glimpseOf(report);
    const number = NUMBER.exec(report.json)?.[1];
    if (glimpse === undefined || (number !== undefined && numbers.has(number))) return true;
    if (number !== undefined) numbers.add(number);
    for (const kind of new Set(glimpse.kinds)) {
      const others = byKind.get(kind) ?? [];
      if (others.some((other) => areNear(other, glimpse))) return true;
      byKind.set(kind, [...others, glimpse]);
    }
  }
  return false;
}

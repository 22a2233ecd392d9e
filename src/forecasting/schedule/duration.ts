/** Reads the lengths of time of the supporting data, such as `15 months - 4 days` (CALCDT-1 to CALCDT-6). */
import type { Duration } from '../civil-date.ts';

const TERM = /([+-])?\s*(\d+)\s*(year|month|week|day)s?/giy;

/**
 * The duration a text names; undefined if it follows another grammar than `N unit [(+|-) N unit …]`.
 * A sign belongs to the term after it. Weeks become days.
 */
export function parseDuration(text: string): Duration | undefined {
  const total = { y: 0, m: 0, d: 0 };
  TERM.lastIndex = 0;
  let end = 0;
  for (let term = TERM.exec(text); term !== null; term = TERM.exec(text)) {
    if (end > 0 && term[1] === undefined) return undefined;
    addTerm(total, term[3] ?? '', Number(term[2]) * (term[1] === '-' ? -1 : 1));
    TERM.lastIndex += /^\s*/.exec(text.slice(TERM.lastIndex))?.[0].length ?? 0;
    end = TERM.lastIndex;
  }
  return end === text.length && end > 0 ? compact(total) : undefined;
}

function addTerm(total: { y: number; m: number; d: number }, unit: string, n: number): void {
  const name = unit.toLowerCase();
  if (name === 'year') total.y += n;
  else if (name === 'month') total.m += n;
  else total.d += name === 'week' ? 7 * n : n;
}

function compact({ y, m, d }: { y: number; m: number; d: number }): Duration {
  const duration = { ...(y !== 0 && { y }), ...(m !== 0 && { m }), ...(d !== 0 && { d }) };
  return Object.keys(duration).length === 0 ? { d: 0 } : duration;
}

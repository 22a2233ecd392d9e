/** Decides which observations of the patient are active on the assessment date (Logic Specification 4.6, §4.1 and chapter 5). */
import { readDate, type CivilDate } from './civil-date.ts';
import type { Observation } from './patient.ts';
import type { ActiveObservation } from './patient-series.ts';

/** Observations that have begun and not ended; of several with one code, the most recent. Undated ones are active. */
export function activeObservations(
  observations: readonly Observation[],
  today: number,
): Map<string, ActiveObservation> {
  const active = new Map<string, ActiveObservation>();
  for (const { code, date, endDate } of observations) {
    const began = date === undefined ? undefined : readDate(date)?.first;
    if (isOver(endDate, today) || (began !== undefined && began.day > today)) continue;
    active.set(code, { code, date: later(active.get(code)?.date, began) });
  }
  return active;
}

function isOver(endDate: string | undefined, today: number): boolean {
  const ended = endDate === undefined ? undefined : readDate(endDate)?.last;
  return ended !== undefined && ended.day < today;
}

function later(a: CivilDate | undefined, b: CivilDate | undefined): CivilDate | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.day > b.day ? a : b;
}

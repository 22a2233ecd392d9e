/**
 * Decides whether a dose came too soon after a vaccine that it conflicts with, such as two live vaccines
 * (Logic Specification 4.6, §6.7, CALCDTCONFLICT-1, -2, CONFLICT-3), and when a next dose no longer would (CALCDTCONFLICT-3).
 */
import type { AdministeredDose, Run } from '../patient-series.ts';
import type { Conflict, PreferableList } from '../schedule/schedule.ts';

/** The earlier dose, of any antigen, that the dose is in conflict with. Asked once for a dose, whatever the series. */
export function conflictingDose(run: Run, dose: AdministeredDose): AdministeredDose | undefined {
  if (dose.conflictsWith === undefined) dose.conflictsWith = findConflict(run, dose) ?? null;
  return dose.conflictsWith ?? undefined;
}

function findConflict(run: Run, dose: AdministeredDose): AdministeredDose | undefined {
  const { conflicts } = dose.vaccine;
  if (conflicts === undefined) return undefined;
  for (const previous of run.doses) {
    if (previous.date.day >= dose.date.day) return undefined;
    const conflict = conflicts.get(previous.vaccine.id);
    if (conflict !== undefined && isTooSoon(run, conflict, previous, dose)) return previous;
  }
  return undefined;
}

/** CALCDTCONFLICT-2: the shorter end interval after a Valid dose or one without a status, else the longer one. */
function isTooSoon(run: Run, { begin, minEnd, end }: Conflict, previous: AdministeredDose, dose: AdministeredDose): boolean {
  const days = dose.date.day - previous.date.day;
  if (days < begin) return false;
  if (days < minEnd !== days < end) run.conflictsDependOnValidity = true;
  return days < (previous.isValid ? minEnd : end);
}

/**
 * CALCDTCONFLICT-3: the day on which no administered dose conflicts any more with a preferable vaccine of the target
 * dose; undefined if none does. It always takes the conflict end interval: a forecast has no use for a grace period.
 */
export function conflictEnd(run: Run, { conflictEnds }: PreferableList): number | undefined {
  if (conflictEnds.size === 0) return undefined;
  let latest: number | undefined;
  for (const { vaccine, date } of run.doses) {
    if (!vaccine.isConflicting) continue;
    const days = conflictEnds.get(vaccine.id);
    if (days !== undefined && (latest === undefined || date.day + days > latest)) latest = date.day + days;
  }
  return latest;
}

/**
 * Decides whether a dose came too soon after a vaccine that it conflicts with, such as two live vaccines
 * (Logic Specification 4.6, §6.7, CALCDTCONFLICT-1, -2, CONFLICT-3), and when a next dose no longer would (CALCDTCONFLICT-3).
 */
import type { AdministeredDose, Run } from '../patient-series.ts';
import type { Conflict, PreferableList, VaccineId } from '../schedule/schedule.ts';

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
function isTooSoon(
  run: Run,
  { begin, minEnd, end }: Conflict,
  previous: AdministeredDose,
  dose: AdministeredDose,
): boolean {
  const days = dose.date.day - previous.date.day;
  if (days < begin) return false;
  if (days < minEnd !== days < end) run.conflictsDependOnValidity = true;
  return days < (previous.isValid ? minEnd : end);
}

/**
 * CALCDTCONFLICT-3: the day from which a preferable vaccine of the target dose conflicts with no administered dose any
 * more; undefined if none does. It always takes the conflict end interval: a forecast has no use for a grace period.
 * Where the list holds a vaccine without conflicts there is nothing to wait for: MMR delays nasal influenza vaccine,
 * but not influenza vaccination.
 */
export function conflictEnd(run: Run, { conflicts }: PreferableList): number | undefined {
  let earliest: number | undefined;
  for (const ofVaccine of conflicts) {
    const end = latestEnd(run, ofVaccine);
    if (end === undefined) return undefined;
    if (earliest === undefined || end < earliest) earliest = end;
  }
  return earliest;
}

function latestEnd(run: Run, conflicts: ReadonlyMap<VaccineId, Conflict>): number | undefined {
  let latest: number | undefined;
  for (const { vaccine, date } of run.doses) {
    const end = vaccine.isConflicting ? conflicts.get(vaccine.id)?.end : undefined;
    if (end !== undefined && (latest === undefined || date.day + end > latest)) latest = date.day + end;
  }
  return latest;
}

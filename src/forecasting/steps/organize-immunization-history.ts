/**
 * Reads the doses of the request and breaks them into antigen administered records (Logic Specification 4.6, §4.2).
 * What cannot be placed is set aside by a rule each and reported; nothing throws.
 */
import { NO_END, readDate, type CivilDate } from '../civil-date.ts';
import type { Dose, DuplicateReading } from '../patient.ts';
import type { AdministeredDose } from '../patient-series.ts';
import type { Notice, SetAside } from '../result.ts';
import { cvxCode } from '../schedule/cvx.ts';
import type { Schedule, Vaccine } from '../schedule/schedule.ts';

/** What doses are placed against. */
export interface Frame {
  readonly schedule: Schedule;
  readonly birth: CivilDate;
  readonly today: number;
  readonly duplicates: DuplicateReading;
}

export interface History {
  /** By date; doses of one day in an order that does not depend on the order of the request. */
  readonly doses: readonly AdministeredDose[];
  readonly notices: readonly Notice[];
}

export function organizeHistory(frame: Frame, doses: readonly Dose[]): History {
  const notices: Notice[] = [];
  const placed: AdministeredDose[] = [];
  for (const dose of doses) {
    const outcome = placeDose(frame, dose, notices);
    if (typeof outcome === 'string') notices.push({ kind: outcome, dose: dose.id });
    else placed.push(outcome);
  }
  if (placed.length > 1) placed.sort(inOrder);
  return { doses: frame.duplicates === 'kept' ? placed : withoutDuplicates(placed, notices), notices };
}

function placeDose(frame: Frame, dose: Dose, notices: Notice[]): AdministeredDose | SetAside {
  if (dose.status !== undefined && dose.status !== 'completed') return 'not-given';
  const vaccine = vaccineOf(frame.schedule, dose.cvx);
  if (vaccine === undefined) return 'unknown-vaccine';
  const written = readDate(dose.date);
  if (written === undefined) return 'date-unreadable';
  if (written.last.day < frame.birth.day) return 'before-birth';
  // Of an incomplete date the first possible day counts: if that errs, the patient is offered a dose too many.
  const date = written.first.day < frame.birth.day ? frame.birth : written.first;
  if (date.day > frame.today) return 'after-assessment';
  if (written.first.day !== written.last.day) notices.push({ kind: 'incomplete-date', dose: dose.id });
  return administered(dose, vaccine, date);
}

function vaccineOf(schedule: Schedule, cvx: string): Vaccine | undefined {
  const id = schedule.vaccineIds.get(cvx) ?? schedule.vaccineIds.get(cvxCode(cvx));
  return id === undefined ? undefined : schedule.vaccines[id];
}

function administered(dose: Dose, vaccine: Vaccine, date: CivilDate): AdministeredDose {
  const expires = dose.lotExpirationDate === undefined ? undefined : readDate(dose.lotExpirationDate);
  return {
    id: dose.id,
    date,
    vaccine,
    mvx: manufacturerOf(dose),
    tradeName: dose.tradeName,
    volume: dose.volume,
    // CALCDTLOTEXP-1: of a month, its last day.
    expires: expires?.last.day ?? NO_END,
    hasCondition: dose.isSubPotent ?? false,
    isValid: true,
    conflictsWith: undefined,
  };
}

/** "Unknown manufacturer" is a code of the table, and says nothing. */
function manufacturerOf({ mvx }: Dose): string | undefined {
  const code = mvx?.trim().toUpperCase();
  return code === '' || code === 'UNK' ? undefined : code;
}

/** By day; on one day by vaccine, then what is known of the dose, then id. */
function inOrder(a: AdministeredDose, b: AdministeredDose): number {
  return (
    a.date.day - b.date.day ||
    a.vaccine.id - b.vaccine.id ||
    Number(b.hasCondition) - Number(a.hasCondition) ||
    a.expires - b.expires ||
    compare(b.mvx ?? '', a.mvx ?? '') ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * A dose entered twice: the same vaccine type on the same day, unless two different manufacturers are named. The
 * record that says most stays, and one that says the dose was spoiled stays before any other.
 */
function withoutDuplicates(sorted: readonly AdministeredDose[], notices: Notice[]): AdministeredDose[] {
  const kept: AdministeredDose[] = [];
  for (const dose of sorted) {
    const twin = twinOf(kept, dose);
    if (twin === undefined) kept.push(dose);
    else notices.push({ kind: 'duplicate', dose: dose.id, duplicateOf: twin.id });
  }
  return kept;
}

function twinOf(kept: readonly AdministeredDose[], dose: AdministeredDose): AdministeredDose | undefined {
  for (let at = kept.length - 1; at >= 0; at -= 1) {
    const other = kept[at];
    if (other?.date.day !== dose.date.day || other.vaccine !== dose.vaccine) return undefined;
    if (other.mvx === undefined || dose.mvx === undefined || other.mvx === dose.mvx) return other;
  }
  return undefined;
}

/** The figures of what a sender reported in a period: numbers alone, made of rows that are forgotten at once. */
import { dayAfter } from '../core/civil-day.ts';

/** How many of some have what is asked. */
export interface Part {
  readonly of: number;
  readonly has: number;
}

/** How often a field that the jurisdiction names is filled. */
export interface FieldFigure extends Part {
  /** `Immunization.lotNumber`, `Patient.address`. */
  readonly field: string;
  readonly rule: 'required' | 'if-available';
}

/** Records that were rejected or wait: the age of each in days. */
export type Ages = readonly number[];

/** Civil days, both included. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

export interface Figures {
  readonly period: Period;
  readonly doses: number;
  /** In as many days before. */
  readonly dosesBefore: number;
  /** Days from administration to receipt, of each dose that the sender gave itself. */
  readonly late: readonly number[];
  readonly fields: readonly FieldFigure[];
  /** Messages of which everything could be stored. */
  readonly messages: Part;
  /** Doses and people that came as FHIR, and those of them that were not refused. */
  readonly records: Part;
  /** How often each thing was told of them though they were stored, by code. */
  readonly told: ReadonlyMap<string, number>;
  /** Doses of the same person, day and vaccine as one before them. */
  readonly repeated: number;
  /** Rejected in the period, and those that wait to be corrected, whenever they came. */
  readonly rejected: Ages;
  readonly uncorrected: Ages;
  /** Those that wait for staff, whenever they came. */
  readonly pending: Ages;
}

/** The calendar month before that of a day. */
export function monthBefore(day: string): Period {
  const last = dayAfter(`${day.slice(0, 7)}-01`, -1);
  return { start: `${last.slice(0, 7)}-01`, end: last };
}

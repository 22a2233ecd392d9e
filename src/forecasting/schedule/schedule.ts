/**
 * The schedule as the engine uses it: a release with every code, age and date replaced by a number, and every list
 * that is looked up turned into an index. Built once for a release, never changed.
 */
import type { SeriesType } from './release.ts';

/** Number of a distinct age of the schedule; a patient's dates at these ages are computed once. -1: no age given. */
export type AgeId = number;
/** Number of a date of the schedule that may move with its season. -1: no date given. */
export type DateId = number;
/** Number of a vaccine type (CVX). */
export type VaccineId = number;

export const NONE = -1;

/** A length of time added to a dose's date. */
export interface Span {
  readonly months: number;
  readonly days: number;
}

export interface AgeRange {
  readonly begin: AgeId;
  readonly end: AgeId;
}

/** First and last day numbers on which a row counts (RELEVANT-1, RELEVANT-2); both inclusive. */
interface InForce {
  readonly from: number;
  readonly to: number;
}

export interface AgeRow extends InForce {
  readonly absMin: AgeId;
  readonly min: AgeId;
  readonly earliestRec: AgeId;
  readonly latestRec: AgeId;
  readonly max: AgeId;
}

/** Vaccine types as a table by number: 1 where the type is in the set. */
export type VaccineSet = Uint8Array;

export type IntervalReference =
  | { readonly kind: 'previous' }
  | { readonly kind: 'target-dose'; readonly number: number }
  | { readonly kind: 'most-recent'; readonly vaccines: VaccineSet }
  | { readonly kind: 'observation'; readonly code: string };

export interface IntervalRow extends InForce {
  readonly reference: IntervalReference;
  readonly absMin: Span | undefined;
  readonly min: Span | undefined;
  readonly earliestRec: Span | undefined;
  readonly latestRec: Span | undefined;
  readonly priority: boolean;
}

export interface PreferableRow extends AgeRange {
  readonly vaccine: VaccineId;
  readonly tradeName: string | undefined;
  readonly mvx: string | undefined;
  readonly volume: number | undefined;
  readonly forecast: boolean;
}

/** A list of preferable vaccines with what is looked up in it. */
export interface PreferableList {
  readonly rows: readonly PreferableRow[];
  readonly byVaccine: ReadonlyMap<VaccineId, readonly PreferableRow[]>;
  /**
   * The conflicts of each vaccine of the list with earlier ones, if every one of them has some; empty if a vaccine
   * without conflicts is among them.
   */
  readonly conflicts: readonly ReadonlyMap<VaccineId, Conflict>[];
}

/** A list of allowable vaccines: the age ranges of each type. */
export type AllowableList = ReadonlyMap<VaccineId, readonly AgeRange[]>;

export type SkipCondition =
  | ({ readonly kind: 'age' } & AgeRange)
  | { readonly kind: 'completed-series'; readonly groups: readonly string[] }
  | { readonly kind: 'interval'; readonly interval: Span }
  | ({
      readonly kind: 'count';
      readonly startDate: DateId;
      readonly endDate: DateId;
      readonly count: number;
      readonly logic: 'greater than' | 'equal to' | 'less than';
      readonly validOnly: boolean;
      /** Undefined: any vaccine of the antigen. */
      readonly vaccines: VaccineSet | undefined;
      /** Types of the list that hold no such antigen, so that doses of them are looked for in the whole history. */
      readonly foreign: boolean;
    } & AgeRange);

export interface SkipSet extends InForce {
  readonly all: boolean;
  readonly conditions: readonly SkipCondition[];
}

export interface Skip {
  readonly all: boolean;
  readonly sets: readonly SkipSet[];
}

/** A series dose: what a target dose asks for. */
export interface SeriesDosePlan {
  readonly number: number;
  readonly ages: readonly AgeRow[];
  readonly intervals: readonly IntervalRow[];
  readonly allowableIntervals: readonly IntervalRow[];
  readonly preferable: PreferableList;
  readonly allowable: AllowableList;
  readonly inadvertent: VaccineSet | undefined;
  readonly evaluationSkips: readonly Skip[];
  readonly forecastSkips: readonly Skip[];
  readonly recurring: boolean;
  readonly seasonStart: DateId;
  readonly seasonEnd: DateId;
}

export interface Indication extends AgeRange {
  readonly observation: string;
  readonly guidance: string | undefined;
}

export interface Series {
  readonly name: string;
  readonly antigen: string;
  readonly type: SeriesType;
  readonly group: string;
  readonly groupName: string;
  readonly equivalentGroups: readonly string[];
  /** Empty: every gender. */
  readonly requiredGender: readonly string[];
  readonly isDefault: boolean;
  readonly isProduct: boolean;
  /** A before B before C. */
  readonly priority: string;
  readonly preference: number;
  readonly minAgeToStart: AgeId;
  readonly maxAgeToStart: AgeId;
  readonly indications: readonly Indication[];
  readonly guidance: readonly string[];
  /** Number of the season that its doses are bound to, or -1. */
  readonly season: number;
  readonly doses: readonly SeriesDosePlan[];
}

export interface BirthDateImmunity {
  readonly before: number;
  readonly country: string | undefined;
  readonly exclusions: readonly string[];
}

interface Contraindication extends AgeRange {
  readonly observation: string;
  readonly guidance: string | undefined;
}

interface VaccineContraindication {
  readonly observation: string;
  readonly guidance: string | undefined;
  readonly vaccines: AllowableList;
}

export interface Antigen {
  readonly index: number;
  readonly name: string;
  /** A vaccine of it takes part in a vaccine conflict. */
  readonly inConflicts: boolean;
  readonly immunityObservations: readonly string[];
  readonly immunityBirthDates: readonly BirthDateImmunity[];
  readonly contraindications: readonly Contraindication[];
  readonly vaccineContraindications: readonly VaccineContraindication[];
  /** A series that asks whether a series group is complete comes after the series of that group. */
  readonly series: readonly Series[];
}

export interface VaccineGroup {
  readonly name: string;
  readonly administerFullVaccineGroup: boolean;
  readonly antigens: readonly Antigen[];
}

interface Association extends AgeRange {
  /** Index of the antigen. */
  readonly antigen: number;
}

export interface Conflict {
  readonly begin: number;
  readonly minEnd: number;
  readonly end: number;
}

export interface Vaccine {
  readonly id: VaccineId;
  readonly cvx: string;
  readonly name: string;
  readonly associations: readonly Association[];
  /** Conflicts of this vaccine with earlier doses, by the earlier vaccine's number. */
  readonly conflicts: ReadonlyMap<VaccineId, Conflict> | undefined;
  /** A dose of it can be in conflict with a later dose. */
  readonly isConflicting: boolean;
}

/** A seasonal recommendation of one antigen, as published. */
export interface SeasonWindow {
  readonly antigen: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Dates of skips and seasons: the published day, and the number of the season it moves with (or -1). */
export interface Calendar {
  readonly days: readonly number[];
  readonly windowOf: readonly number[];
  readonly windows: readonly SeasonWindow[];
}

export interface Schedule {
  readonly version: string;
  readonly digest: string;
  /** Months and days of every AgeId. */
  readonly ages: readonly Span[];
  readonly vaccines: readonly Vaccine[];
  readonly vaccineIds: ReadonlyMap<string, VaccineId>;
  readonly antigens: readonly Antigen[];
  readonly groups: readonly VaccineGroup[];
  readonly calendar: Calendar;
  /** Titles and codes of CDSi observations, by CDSi observation code. */
  readonly observations: ReadonlyMap<
    string,
    { readonly title: string; readonly codes: Readonly<Record<string, readonly string[]>> }
  >;
  readonly guidance: ReadonlyMap<string, string>;
}

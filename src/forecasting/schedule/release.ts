/**
 * The compact form in which the project carries a release of CDC's CDSi supporting data: codes, ages, intervals,
 * rules and names, spelled as CDSi spells them. An absent member is an empty attribute of the release.
 */
import type { Duration } from '../civil-date.ts';

/** Raised whenever the shape below changes, so that data compiled by an older program are refused. */
export const RELEASE_FORMAT = 1;

export type SeriesType = 'Standard' | 'Risk' | 'Evaluation Only';
export type Logic = 'AND' | 'OR';
export type SkipContext = 'Evaluation' | 'Forecast' | 'Both';

/** First and last day (ISO dates, both inclusive) on which a row is in force (RELEVANT-1, RELEVANT-2). */
interface InForce {
  readonly effectiveDate?: string;
  readonly cessationDate?: string;
}

/** An age range: from the begin age on, before the end age. */
interface AgeRange {
  readonly beginAge?: Duration;
  readonly endAge?: Duration;
}

export interface AgeRow extends InForce {
  readonly absMinAge?: Duration;
  readonly minAge?: Duration;
  readonly earliestRecAge?: Duration;
  readonly latestRecAge?: Duration;
  readonly maxAge?: Duration;
}

/** What an interval is counted from; exactly one of these. */
export type IntervalFrom =
  | 'previous'
  | { readonly targetDose: number }
  | { readonly mostRecent: readonly string[] }
  | { readonly observation: string };

export interface IntervalRow extends InForce {
  readonly from: IntervalFrom;
  readonly absMinInt?: Duration;
  readonly minInt?: Duration;
  readonly earliestRecInt?: Duration;
  readonly latestRecInt?: Duration;
  /** The interval priority flag of FORECASTPRIORITY-1 (written `override` in the release). */
  readonly priority?: true;
}

export interface PreferableVaccine extends AgeRange {
  readonly cvx: string;
  readonly tradeName?: string;
  readonly mvx?: string;
  /** Millilitres. */
  readonly volume?: number;
  readonly forecast?: true;
}

/** Allowable vaccines that share an age range. */
export interface AllowableVaccines extends AgeRange {
  readonly cvx: readonly string[];
}

/** One condition of a skip (Tables 6-6 to 6-9). */
export type SkipCondition =
  | ({ readonly type: 'Age' } & AgeRange)
  | { readonly type: 'Completed Series'; readonly seriesGroups: readonly string[] }
  | { readonly type: 'Interval'; readonly interval: Duration }
  | ({
      readonly type: 'Vaccine Count';
      readonly startDate?: string;
      readonly endDate?: string;
      readonly doseCount: number;
      readonly doseType: 'Valid' | 'Total';
      readonly doseCountLogic: 'greater than' | 'equal to' | 'less than';
      /** Empty: any vaccine of the antigen. */
      readonly vaccineTypes: readonly string[];
    } & AgeRange);

export interface SkipSet extends InForce {
  readonly logic: Logic;
  readonly conditions: readonly SkipCondition[];
}

export interface ConditionalSkip {
  readonly context: SkipContext;
  readonly logic: Logic;
  readonly sets: readonly SkipSet[];
}

export interface Season {
  readonly startDate?: string;
  readonly endDate?: string;
}

export interface SeriesDose {
  readonly doseNumber: number;
  readonly age?: readonly AgeRow[];
  readonly interval?: readonly IntervalRow[];
  readonly allowableInterval?: readonly IntervalRow[];
  /** Index into `preferableVaccines` of the release: many doses share a list. */
  readonly preferable?: number;
  /** Index into `allowableVaccines` of the release. */
  readonly allowable?: number;
  readonly inadvertent?: readonly string[];
  readonly conditionalSkip?: readonly ConditionalSkip[];
  readonly recurringDose?: true;
  readonly season?: Season;
}

export interface Indication extends AgeRange {
  readonly observation: string;
  readonly guidance?: string;
}

export interface AntigenSeries {
  readonly name: string;
  readonly type: SeriesType;
  readonly seriesGroup: string;
  readonly seriesGroupName: string;
  readonly equivalentSeriesGroups?: readonly string[];
  readonly requiredGender?: readonly ('Male' | 'Female' | 'Unknown')[];
  readonly defaultSeries?: true;
  readonly productPath?: true;
  readonly seriesPriority: string;
  /** Absent: ranked last. */
  readonly seriesPreference?: number;
  readonly minAgeToStart?: Duration;
  readonly maxAgeToStart?: Duration;
  readonly indications?: readonly Indication[];
  /** Keys of texts in guidance.json, which says the same in the project's own words. */
  readonly guidance?: readonly string[];
  readonly doses: readonly SeriesDose[];
}

export interface BirthDateImmunity {
  readonly immunityBirthDate: string;
  readonly birthCountry?: string;
  readonly exclusions?: readonly string[];
}

export interface AntigenContraindication extends AgeRange {
  readonly observation: string;
  readonly guidance?: string;
}

export interface VaccineContraindication {
  readonly observation: string;
  readonly guidance?: string;
  readonly vaccines: readonly AllowableVaccines[];
}

export interface AntigenData {
  readonly name: string;
  readonly vaccineGroup: string;
  readonly immunity?: {
    readonly observations?: readonly string[];
    readonly birthDate?: readonly BirthDateImmunity[];
  };
  readonly contraindications?: readonly AntigenContraindication[];
  readonly vaccineContraindications?: readonly VaccineContraindication[];
  readonly series: readonly AntigenSeries[];
}

interface Association extends AgeRange {
  readonly antigen: string;
}

export interface VaccineData {
  readonly name: string;
  readonly antigens: readonly Association[];
}

/** Every pair of a previous and a current vaccine that share intervals (in days). */
export interface ConflictRow {
  readonly current: string;
  readonly previous: readonly string[];
  readonly begin: number;
  readonly minEnd: number;
  readonly end: number;
}

export interface VaccineGroupData {
  readonly name: string;
  readonly administerFullVaccineGroup: boolean;
  readonly antigens: readonly string[];
}

export interface ObservationData {
  readonly title: string;
  /** Codes by code system as the release names it (SNOMED, CVX, CDCPHINVS). */
  readonly codes?: Readonly<Record<string, readonly string[]>>;
}

/** A whole release. */
export interface Release {
  readonly format: typeof RELEASE_FORMAT;
  readonly version: string;
  /** SHA-256 of the XML files it was compiled from, in the order of their names. */
  readonly digest: string;
  readonly source: string;
  readonly vaccineGroups: readonly VaccineGroupData[];
  readonly vaccines: Readonly<Record<string, VaccineData>>;
  readonly conflicts: readonly ConflictRow[];
  readonly observations: Readonly<Record<string, ObservationData>>;
  readonly preferableVaccines: readonly (readonly PreferableVaccine[])[];
  readonly allowableVaccines: readonly (readonly AllowableVaccines[])[];
  readonly antigens: readonly AntigenData[];
}

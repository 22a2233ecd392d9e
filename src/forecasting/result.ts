/** What the engine answers: evaluations of doses and forecasts of vaccine groups, with the release behind them. */
import type { SeriesType } from './schedule/release.ts';

export type EvaluationStatus = 'Valid' | 'Not Valid' | 'Extraneous' | 'Sub-standard';

export type EvaluationReason =
  | 'expired'
  | 'dose-condition'
  | 'inadvertent'
  | 'too-young'
  | 'age-grace-period'
  | 'too-old'
  | 'too-soon'
  | 'interval-grace-period'
  | 'vaccine-conflict'
  | 'not-preferable-or-allowable'
  | 'vaccine-out-of-age-range'
  | 'wrong-trade-name'
  | 'less-than-recommended-volume'
  | 'series-complete';

export type SeriesStatus =
  'Not Complete' | 'Complete' | 'Immune' | 'Contraindicated' | 'Not Recommended' | 'Aged Out';

/** Why no further dose is due (Table 7-10). */
export type ForecastReason =
  | 'series-complete'
  | 'past-history'
  | 'immune'
  | 'contraindicated'
  | 'past-season'
  | 'exceeded-maximum-age'
  | 'unable-to-finish';

/** One dose judged in the best series of one antigen. */
export interface AntigenEvaluation {
  readonly antigen: string;
  readonly series: string;
  readonly status: EvaluationStatus;
  readonly reasons: readonly EvaluationReason[];
  /** Number of the target dose it was judged against; absent where the series was complete before. */
  readonly targetDose?: number;
}

/** One dose judged for one vaccine group and series type. */
export interface DoseEvaluation {
  readonly dose: string;
  readonly vaccineGroup: string;
  readonly seriesType: SeriesType;
  readonly status: EvaluationStatus;
  /** Every reason of the antigens that have the reported status, in the order of the steps. */
  readonly reasons: readonly EvaluationReason[];
  readonly antigens: readonly AntigenEvaluation[];
}

export interface RecommendedVaccine {
  readonly cvx: string;
  readonly name: string;
  readonly mvx?: string;
  readonly tradeName?: string;
}

/** The series forecast behind a vaccine group forecast. */
export interface ContainedForecast {
  readonly antigen: string;
  readonly series: string;
  readonly status: SeriesStatus;
  readonly reason?: ForecastReason;
  /** Number of the target dose that is forecast. */
  readonly targetDose?: number;
  /** Satisfied target doses of the series. */
  readonly validDoses: number;
  readonly seriesDoses: number;
}

/** A season of the schedule that was moved by whole years to the assessment date. */
export interface ProjectedSeason {
  readonly published: { readonly startDate?: string; readonly endDate?: string };
  readonly used: { readonly startDate?: string; readonly endDate?: string };
  readonly years: number;
}

/** Dates are ISO texts; only a Not Complete forecast has any. */
export interface VaccineGroupForecast {
  readonly vaccineGroup: string;
  readonly seriesType: SeriesType;
  /** Name of the series group in a vaccine group of one antigen, such as `Standard 50+`. */
  readonly seriesGroup?: string;
  readonly status: SeriesStatus;
  readonly reasons: readonly ForecastReason[];
  readonly doseNumber?: number;
  readonly earliestDate?: string;
  /** FORECASTVG-2, adjusted: never before the earliest date. */
  readonly recommendedDate?: string;
  /** FORECASTVG-3, adjusted. */
  readonly pastDueDate?: string;
  readonly latestDate?: string;
  readonly unadjustedRecommendedDate?: string;
  readonly unadjustedPastDueDate?: string;
  readonly recommendedAntigens: readonly string[];
  readonly recommendedVaccines: readonly RecommendedVaccine[];
  readonly guidance: readonly string[];
  readonly series: readonly ContainedForecast[];
  readonly projectedSeason?: ProjectedSeason;
}

export type SetAside =
  | 'not-given'
  | 'duplicate'
  | 'date-unreadable'
  | 'before-birth'
  | 'after-assessment'
  | 'unknown-vaccine'
  | 'no-relevant-series';

/** Something in the request that was handled by a rule of its own. */
export interface Notice {
  readonly kind:
    | SetAside
    | 'incomplete-date'
    | 'birth-date-unreadable'
    | 'birth-date-incomplete'
    | 'birth-after-assessment';
  /** The dose it is about; absent: the patient. */
  readonly dose?: string;
  /** The dose that stands for a duplicate. */
  readonly duplicateOf?: string;
}

export interface ForecastResult {
  /** Version of the supporting data, such as 4.64-508. */
  readonly scheduleVersion: string;
  readonly assessmentDate: string;
  readonly forecasts: readonly VaccineGroupForecast[];
  readonly evaluations: readonly DoseEvaluation[];
  readonly notices: readonly Notice[];
}

/**
 * The habits of vaccination in the United States as they have been over the years: which series a person of an
 * age is offered at a visit, from when on, and which products are used. Ages and gaps are in days. It makes
 * believable histories; what is due and valid is judged by src/forecasting.
 */
import { dayOf } from './calendar.ts';

/** A dose of a series: given at a visit from an age on, after a gap since the dose before. */
export interface Step {
  readonly from: number;
  readonly gap: number;
  /** Before this day nobody was offered the dose. */
  readonly since?: number;
}

/** A product, and when it was in use. */
export interface Use {
  readonly cvx: string;
  readonly weight: number;
  readonly from?: number;
  readonly until?: number;
  /** Ages in days, both ends included. */
  readonly ages?: readonly [low: number, high: number];
  /** A series that began with this product has so many doses. */
  readonly doses?: number;
}

export interface Series {
  readonly name: string;
  readonly steps: readonly Step[];
  /** No dose after this age. */
  readonly until: number;
  readonly since: number;
  /** Before this day only girls were offered it. */
  readonly boysSince?: number;
  /** The first dose is not given after this age. */
  readonly startBy?: number;
  /** Who starts at this age or later needs one dose only. */
  readonly onceFrom?: number;
  /** How many of those offered it take it, of people who do not refuse. */
  readonly taken: number;
  readonly uses: readonly Use[];
}

/** Days of so many months. */
export const months = (count: number): number => Math.ceil(count * 30.44);
/** Days of so many years. */
export const years = (count: number): number => Math.ceil(count * 365.25);

/** Steps in short: from which age, after which gap, since when. */
export const steps = (
  ...list: readonly (readonly [from: number, gap: number, since?: string])[]
): readonly Step[] =>
  list.map(([from, gap, since]) => ({ from, gap, ...(since !== undefined && { since: dayOf(since) }) }));

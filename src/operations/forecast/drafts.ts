/** What is kept of a forecast: its resources with their ids, and a digest by which an unchanged one is known. */
import { createHash } from 'node:crypto';
import type { ForecastResult } from '../../forecasting/result.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import type { Stored } from '../../storage/store.ts';
import { toldOf, type Derived, type Forecasted } from './answer-of.ts';
import { idFor } from './ids.ts';
import type { History } from './request-of.ts';

/** The types that are derived; no client writes them. */
export const DERIVED = ['ImmunizationRecommendation', 'ImmunizationEvaluation'] as const;
export type DerivedType = (typeof DERIVED)[number];

export const isDerived = (type: string): type is DerivedType => (DERIVED as readonly string[]).includes(type);

/** A derived resource on its way to be stored or shown. */
export interface Draft {
  readonly type: DerivedType;
  readonly id: string;
  readonly resource: Derived;
}

/** Raised when the same result is told otherwise than before, so that what is stored is told anew. */
const FORM = '2';

/** Names the rules behind a result: another release makes every forecast stale. */
export const scheduleKey = ({ digest }: Schedule): string => `${FORM}-${digest}`;

/** Makes the id of a thing from what it is. */
export type IdOf = (...parts: readonly string[]) => string;

/** The resources that tell the result of a history. */
export function draftsOf(rules: Schedule, history: History, result: ForecastResult): readonly Draft[] {
  const patient = history.patient.id ?? '';
  return withIds(toldOf(rules, history, result), (...parts) => idFor(patient, ...parts));
}

/** An answer's resources under ids. */
export function withIds({ recommendation, evaluations }: Forecasted, idOf: IdOf): readonly Draft[] {
  const first: Draft[] =
    recommendation === undefined
      ? []
      : [{ type: 'ImmunizationRecommendation', id: idOf('recommendation'), resource: recommendation }];
  return [
    ...first,
    ...evaluations.map(({ key, resource }): Draft => {
      return { type: 'ImmunizationEvaluation', id: idOf('evaluation', ...key), resource };
    }),
  ];
}

/** What is said, without the day on which it was said: another day alone is no other content. */
export const contentOf = (resource: Derived): string => {
  const { id: _id, meta: _meta, date: _date, ...content } = resource;
  return JSON.stringify(sorted(content));
};

/** The same whatever the order of its members. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}

/**
 * A digest of a result without its day, and of the versions that it came from: where neither changed, nothing that is told
 * of them has. To know that costs a fraction of telling it, and most nights it is true of nearly everybody.
 */
export function digestOf(
  { assessmentDate: _day, ...result }: ForecastResult,
  from: readonly Stored[],
): string {
  const hash = createHash('sha256').update(JSON.stringify(result));
  const versions = from.map(({ _id, version }) => `${_id} ${version}`).sort();
  return hash.update(versions.join('\n')).digest('base64url');
}

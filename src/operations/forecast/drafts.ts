/** What is kept of a forecast: its resources with their ids, and a digest by which an unchanged one is known. */
import { createHash } from 'node:crypto';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { answerOf, type Derived, type Forecasted } from './answer-of.ts';
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
const FORM = '1';

/** Names the rules behind a result: another release makes every forecast stale. */
export const scheduleKey = ({ digest }: Schedule): string => `${FORM}-${digest}`;

/** Makes the id of a thing from what it is. */
export type IdOf = (...parts: readonly string[]) => string;

/** The resources of a history on a day. */
export function draftsOf(rules: Schedule, history: History, day: string): readonly Draft[] {
  const patient = history.patient.id ?? '';
  return withIds(answerOf(rules, history, day), (...parts) => idFor(patient, ...parts));
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

/** A digest of all that is said. */
export function digestOf(drafts: readonly Draft[]): string {
  const hash = createHash('sha256');
  // The same code makes them in the same order each time: sorting would cost more than the forecast.
  for (const { id, resource } of drafts) {
    const { date: _date, ...content } = resource;
    hash.update(id).update(JSON.stringify(content));
  }
  return hash.digest('base64url');
}

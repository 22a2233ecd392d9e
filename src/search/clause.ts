/**
 * The small language that search, policy and paging share: a clause says which stored documents are meant.
 * `compile.ts` turns it into a MongoDB filter, `holds.ts` judges one document; both must always agree.
 *
 * Fields are paths in a stored document (`tokens`, `index.family`, `_id`, `patients`, …).
 */
export type Clause =
  /** One of the field's values is one of `keys`. */
  | { readonly op: 'in'; readonly field: string; readonly keys: readonly string[] }
  /** None of the field's values is one of `keys`; true also where the field has none. */
  | { readonly op: 'not-in'; readonly field: string; readonly keys: readonly string[] }
  /** One of the values of the field, an array, begins with one of `prefixes`. */
  | { readonly op: 'prefix'; readonly field: string; readonly prefixes: readonly string[] }
  /** One of the values of the field, an array, has `text` in it. No index serves it. */
  | { readonly op: 'contains'; readonly field: string; readonly text: string }
  /** One of the field's intervals has its ends within the bounds, and the key; instants are milliseconds since 1970 UTC. */
  | {
      readonly op: 'interval';
      readonly field: string;
      readonly many: boolean;
      readonly lo?: Bounds;
      readonly hi?: Bounds;
      /** Only of fields of many intervals. */
      readonly key?: string;
    }
  /** The field's one value is within the bounds, which are of its own type. */
  | { readonly op: 'range'; readonly field: string; readonly within: Bounds<Scalar> }
  /** The document comes after `place` in the order of `keys`, the last of which is `_id`. */
  | {
      readonly op: 'after';
      readonly keys: readonly OrderKey[];
      readonly place: readonly (Scalar | undefined)[];
    }
  | { readonly op: 'exists'; readonly field: string; readonly exists: boolean }
  /** No directive keeps a caller with these keys from the document on this civil day (consent/visibility.ts). */
  | { readonly op: 'sighted'; readonly keys: readonly string[]; readonly day: string }
  | { readonly op: 'not'; readonly of: Clause }
  | { readonly op: 'and'; readonly of: readonly Clause[] }
  | { readonly op: 'or'; readonly of: readonly Clause[] }
  /** Nothing is meant. */
  | { readonly op: 'none' };

export type Scalar = string | number | Date;

export interface Bounds<T extends Scalar = number> {
  readonly gt?: T;
  readonly gte?: T;
  readonly lt?: T;
  readonly lte?: T;
}

/** One key of an order: a field of at most one value. A document without it comes before all others, after them in descending order. */
export interface OrderKey {
  readonly field: string;
  readonly descending: boolean;
}

export const NOTHING: Clause = { op: 'none' };

/** One of the clauses. */
export function anyOf(clauses: readonly Clause[]): Clause {
  const [only, ...more] = clauses;
  if (only === undefined) return NOTHING;
  return more.length === 0 ? only : { op: 'or', of: clauses };
}

/** All of the clauses. */
export function allOf(clauses: readonly Clause[]): Clause {
  const [only, ...more] = clauses;
  return only !== undefined && more.length === 0 ? only : { op: 'and', of: clauses };
}

/** Whether the clause, or a part of it, asks of the field. */
export function asksOf(clause: Clause, field: string): boolean {
  if ('field' in clause) return clause.field === field;
  if (!('of' in clause)) return false;
  return [clause.of].flat().some((each) => asksOf(each, field));
}

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
  /** One of the field's values begins with one of `prefixes`. */
  | { readonly op: 'prefix'; readonly field: string; readonly prefixes: readonly string[] }
  /** One of the field's intervals has its ends within the bounds; instants are milliseconds since 1970 UTC. */
  | { readonly op: 'interval'; readonly field: string; readonly many: boolean; readonly lo?: Bounds; readonly hi?: Bounds }
  | { readonly op: 'exists'; readonly field: string; readonly exists: boolean }
  | { readonly op: 'and'; readonly of: readonly Clause[] }
  | { readonly op: 'or'; readonly of: readonly Clause[] }
  /** Nothing is meant. */
  | { readonly op: 'none' };

export interface Bounds {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}

/** What a resource is found by: its keys, extracted when it is written (index-of.ts) and stored beside it. */

/** An interval of instants (in milliseconds since 1970 UTC) or of numbers, both ends included. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
  /** What must be asked with it, if anything is: its unit, the code beside it. */
  readonly keys?: readonly string[];
}

export interface Keys {
  /** Equality keys of every token, reference and uri parameter, `parameter=key`: they share one multikey index. */
  readonly tokens: readonly string[];
  /** Equality keys of usual values, which no index has (usual.ts). */
  readonly beside?: readonly string[];
  /** Folded texts of string parameters and intervals of dates and numbers, under the parameter's name. */
  readonly index: Readonly<Record<string, readonly string[] | Interval | readonly Interval[]>>;
  /** One scalar for each parameter that can be sorted by. */
  readonly sort: Readonly<Record<string, string | number>>;
  /** Ids of the patients whose record the resource is part of. */
  readonly patients: readonly string[];
  /** Ids of the organisations that administered or reported it. */
  readonly custodians: readonly string[];
  /** Of a person: what candidates share with it (matching/blocking.ts). */
  readonly blocks?: readonly string[];
  /** By which rules they were extracted (rules.ts). */
  readonly rules?: string;
}

/** What a directive leaves of a document, in civil days, to whom (consent/visibility.ts says what it means). */
export interface Visible {
  readonly from: string;
  readonly to: string;
  readonly hits: readonly string[];
  readonly spares: readonly string[];
}

/** What a clause can be judged on: the keys, the id, the time of the last change, and what directives leave visible. */
export interface Keyed extends Keys {
  readonly _id: string;
  readonly lastUpdated: Date;
  readonly visibility?: readonly Visible[];
}

/** One criterion of a search, as its kind is asked to compile it, and what a value is written under. */
import type { SearchParameter } from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import type { Interval } from './keys.ts';

/** What the caller of a search says about itself and its world. */
export interface Setting {
  /** The base URL of this server, without a slash at the end. */
  readonly base: string;
  /** For `ap`, which grows with the distance from today. */
  readonly now: Date;
  /** Whether the query stands where it is logged or kept (a URL, a conditional header): no secret may be in it. */
  readonly inUrl: boolean;
  /** The keyed hashes under which a secret identifier may be stored. */
  readonly blind: (system: string, value: string) => readonly string[];
  /** The codes of a value set; none where it is not known. */
  readonly expand?: (valueSet: string) => readonly Code[] | undefined;
  /** A code and all that are above or below it; none where its system has no hierarchy that is known. */
  readonly hierarchy?: (direction: 'above' | 'below', code: Code) => readonly Code[] | undefined;
  /** Whether storage has all it needs to search a type by a parameter; where it is left out, it has. */
  readonly isReady?: (type: string, name: string) => boolean;
}

export interface Code {
  readonly system: string;
  readonly code: string;
}

/** A parameter of a type, under its name. */
export interface Named<P extends SearchParameter = SearchParameter> {
  readonly name: string;
  readonly parameter: P;
  /** Whether its texts have an index of their own. */
  readonly hot: boolean;
  /** Whether it has a scalar `sort.<name>`. */
  readonly sortable: boolean;
  /** Whether a date may be a Period, which has no greatest length. */
  readonly lasting: boolean;
  /** Whether it says whose record a resource is part of: it alone does, or beside other parameters. */
  readonly record?: 'alone' | 'beside';
}

export interface Asked<P extends SearchParameter = SearchParameter> extends Named<P> {
  readonly modifier?: string;
  /** The alternatives between commas, their escapes still in place; none is empty. */
  readonly values: readonly string[];
  readonly setting: Setting;
}

/** What a kind writes for the values of one parameter. */
export interface Written {
  readonly tokens?: readonly string[];
  readonly index?: Readonly<Record<string, readonly string[] | Interval | readonly Interval[]>>;
  readonly sort?: string | number;
  /** Whether what is sorted by is longer than a day. */
  readonly isLong?: boolean;
}

/** The modifier cannot be used on this parameter. */
export function refuseModifier({ name, modifier = '' }: Asked): never {
  const which = /^[A-Za-z-]{1,32}$/.test(modifier) ? `":${modifier}"` : 'like the one sent';
  fail('not-understood', `The parameter "${name}" has no modifier ${which}.`);
}

/** The value of this parameter cannot be understood; `expected` says what would be. */
export function refuseValue({ name }: { readonly name: string }, expected: string): never {
  fail('invalid-value', `The parameter "${name}" has a value that cannot be understood: ${expected}.`);
}

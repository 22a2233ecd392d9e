/**
 * The shape of a catalog entry. An entry says all there is to say about a resource type: routes, search,
 * indexes, compartment, CapabilityStatement and reference pages follow from it.
 */
import type { Interaction } from '../core/context.ts';

/**
 * Data types whose values a token parameter reads (https://hl7.org/fhir/R4/search.html#token).
 * `presence` answers true or false for an element that is a flag or a fact (`deceased[x]`).
 */
export type TokenType =
  | 'code'
  | 'Coding'
  | 'CodeableConcept'
  | 'Identifier'
  | 'ContactPoint'
  | 'boolean'
  | 'string'
  | 'uri'
  | 'id'
  | 'presence';
/** Data types whose values a string parameter reads (https://hl7.org/fhir/R4/search.html#string). */
export type StringType = 'string' | 'HumanName' | 'Address';

interface Definition {
  /**
   * Element paths below the resource, `[x]` left out of choices: `name.family`, `occurrence`. A condition on a
   * child picks among repetitions: `telecom[system=phone]`, `extension[url=http://…].value`.
   */
  readonly paths: readonly string[];
  /** Canonical of the SearchParameter where it is not the base specification's `[type]-[code]`. */
  readonly canonical?: string;
  /** Whether one value is shared by so few resources that they can be looked through; by default the kind says. */
  readonly selective?: boolean;
}
/** `system`: the code system that a bare code is taken from, so that `system|code` finds it too. */
export interface TokenParameter extends Definition {
  readonly kind: 'token';
  readonly of: TokenType;
  readonly system?: string;
  /** Values that much of all resources have: `code`, `system|`, `system|code` (search/usual.ts). */
  readonly usual?: readonly string[];
}
/** `phonetic`: kept and asked as it sounds, and not as it is written. */
export interface StringParameter extends Definition {
  readonly kind: 'string';
  readonly of: StringType;
  readonly phonetic?: boolean;
}
export interface UriParameter extends Definition {
  readonly kind: 'uri';
}
/** `many`: whether a resource may have more than one value; only single dates can be sorted by. */
export interface DateParameter extends Definition {
  readonly kind: 'date';
  readonly many: boolean;
}
/** `targets`: the types a reference may lead to; references to others are not this parameter's. None named: any. */
export interface ReferenceParameter extends Definition {
  readonly kind: 'reference';
  readonly targets: readonly string[];
  /**
   * Only what is referred to by its address counts: what a mere identifier stands for may be of any type, and is not
   * known to be one of the targets.
   */
  readonly literal?: true;
}
export interface NumberParameter extends Definition {
  readonly kind: 'number';
}
export interface QuantityParameter extends Definition {
  readonly kind: 'quantity';
}
/** One of two values that are asked for together; its paths are below the element that has both. */
export type Component =
  TokenParameter | ReferenceParameter | StringParameter | DateParameter | NumberParameter | QuantityParameter;
/**
 * Two values of one element, asked for together. `paths` lead to the element (an empty one: the resource itself),
 * the first component is looked up by equality.
 */
export interface CompositeParameter extends Definition {
  readonly kind: 'composite';
  readonly components: readonly [TokenParameter | ReferenceParameter, Component];
}
export type SearchParameter =
  | TokenParameter
  | StringParameter
  | UriParameter
  | DateParameter
  | ReferenceParameter
  | NumberParameter
  | QuantityParameter
  | CompositeParameter;

/** A parameter without an element of its own; always the registry's, so that it has a canonical. */
export interface DerivedParameter {
  readonly canonical: string;
}

type Paths = string | readonly string[];
const list = (paths: Paths): readonly string[] => (typeof paths === 'string' ? [paths] : paths);

export const token = (paths: Paths, of: TokenType, system?: string): TokenParameter => ({
  kind: 'token',
  paths: list(paths),
  of,
  ...(system !== undefined && { system }),
});
export const string = (paths: Paths, of: StringType = 'string'): StringParameter => ({
  kind: 'string',
  paths: list(paths),
  of,
});
/** Names as they sound. A sound is shared by many names. */
export const phonetic = (paths: Paths, of: StringType): StringParameter => ({
  ...string(paths, of),
  phonetic: true,
  selective: false,
});
export const number = (paths: Paths): NumberParameter => ({ kind: 'number', paths: list(paths) });
export const quantity = (paths: Paths): QuantityParameter => ({ kind: 'quantity', paths: list(paths) });
export const composite = (
  paths: Paths,
  ...components: CompositeParameter['components']
): CompositeParameter => ({ kind: 'composite', paths: list(paths), components });
export const uri = (paths: Paths): UriParameter => ({ kind: 'uri', paths: list(paths) });
/** A date, Period or Timing of which a resource has at most one. */
export const date = (path: string): DateParameter => ({ kind: 'date', paths: [path], many: false });
export const dates = (paths: Paths): DateParameter => ({ kind: 'date', paths: list(paths), many: true });
export const reference = (paths: Paths, ...targets: string[]): ReferenceParameter => ({
  kind: 'reference',
  paths: list(paths),
  targets,
});

/** A reference parameter for which mere identifiers do not count (`where(resolve() is Patient)`). */
export const literal = (parameter: ReferenceParameter): ReferenceParameter => ({
  ...parameter,
  literal: true,
});

/** A parameter whose canonical is not the base specification's `[type]-[code]`. */
export const definedBy = <P extends SearchParameter>(canonical: string, parameter: P): P => ({
  ...parameter,
  canonical,
});

/** A parameter of which one value is shared by much of a population: a state, a country. */
export const common = <P extends SearchParameter>(parameter: P): P => ({ ...parameter, selective: false });
/** A parameter of which hardly two resources share a value, though its kind would not say so. */
export const rare = <P extends SearchParameter>(parameter: P): P => ({ ...parameter, selective: true });

/** A parameter of which some values are so usual that no index leads anywhere by them. */
export const usually = (parameter: TokenParameter, ...usual: readonly string[]): TokenParameter => ({
  ...parameter,
  usual,
});

export interface ResourceEntry {
  readonly type: string;
  /** Profiles whose resources the server takes and checks, beside the base definition. */
  readonly profiles: readonly string[];
  readonly interactions: readonly Interaction[];
  /** Where the resources come from: the database, or the definitions that the server itself works by. */
  readonly source?: 'store' | 'files';
  /** Paths of the references that say whose record a resource is part of; `id` for Patient itself. */
  readonly patient: readonly string[];
  /**
   * Paths of references to what a resource is about: it is part of the same records, which are looked up when it
   * is written. A Provenance of a dose names the dose and not its patient.
   */
  readonly recordOf?: readonly string[];
  /**
   * Paths of references to more that it is about: who may not see that may not see it either. It is not part of their
   * records for that.
   */
  readonly about?: readonly string[];
  /**
   * What decides who may see it, where it is not the standing of the patient: the caller's role (who looked at a
   * record), or the doses behind it (what is derived from them). Absent: the standing.
   */
  readonly sight?: 'role' | 'doses';
  /** Paths of the references to the organisations that administered or reported it. */
  readonly custodians?: readonly string[];
  readonly search: Readonly<Record<string, SearchParameter>>;
  /**
   * Parameters that are `true` or `false` of a resource because of the others of its record that the caller may see:
   * no key is kept, they are worked out when they are asked, among few resources (interactions/derived.ts).
   */
  readonly derived?: Readonly<Record<string, DerivedParameter>>;
  /** Names of parameters that `_sort` takes beside `_id` and `_lastUpdated`; each is kept as `sort.<name>` with an index. */
  readonly sort?: readonly string[];
  /** Order of a search that asks for none; must end a hot index. Without it: by `_id`. */
  readonly defaultSort?: string;
  /**
   * Compound indexes of hot paths, as names of parameters (or `patients`), in index order. The page key `_id`
   * is added. At most one part may have several values.
   */
  readonly hot?: readonly (readonly string[])[];
  /** Of resources that are never changed: the sortable date that is the time of their writing (storage/one-time.ts). */
  readonly oneTime?: string;
  /**
   * Resources of the type describe people, who are told apart by matching: keys of candidates are kept beside them
   * (matching/blocking.ts). Counted up whenever other keys are made of the same values.
   */
  readonly blocking?: number;
}

/** Whether what directives leave visible is kept beside each resource of the type. */
export const isSighted = ({ patient, sight }: ResourceEntry): boolean =>
  patient.length > 0 && sight === undefined;

/** Interactions of a type whose resources clients write. */
export const ALL_INTERACTIONS = [
  'read',
  'vread',
  'create',
  'update',
  'patch',
  'delete',
  'search-type',
  'history-instance',
  'history-type',
] as const satisfies readonly Interaction[];

/** Interactions of a type that only the server itself writes. */
export const READ_ONLY = [
  'read',
  'vread',
  'search-type',
  'history-instance',
  'history-type',
] as const satisfies readonly Interaction[];

/** Interactions of a type that is served from files. */
export const FILES_ONLY = ['read', 'search-type'] as const satisfies readonly Interaction[];

/**
 * Which codes a value set holds: composed of code systems, of parts of them, and of other value sets.
 * https://hl7.org/fhir/R4/valueset.html#compositions
 */
import type { ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { conceptOf, isA, type CodeSystem, type CodeSystems, type Concept } from './code-system.ts';

export interface Member {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  readonly isInactive?: true;
}

/** What value sets are made of. */
export interface Sources {
  readonly systems: CodeSystems;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
}

/** Members by system and code. Undefined where not all of them can be told. */
export type Members = ReadonlyMap<string, Member>;

export const memberKey = (system: string, code: string): string => `${system}|${code}`;

const withoutVersion = (canonical: string): string => canonical.split('|')[0] ?? '';

type Filter = (system: CodeSystem, concept: Concept, asked: ValueSetComposeIncludeFilter) => boolean;

const valuesOf = ({ code, properties }: Concept, property: string): readonly string[] =>
  property === 'code' || property === 'concept' ? [code] : [properties?.[property] ?? []].flat().map(String);

const FILTERS: Readonly<Record<string, Filter>> = {
  'is-a': (system, { code }, { value }) => isA(system, code, value),
  'descendent-of': (system, { code }, { value }) => code !== value && isA(system, code, value),
  'is-not-a': (system, { code }, { value }) => !isA(system, code, value),
  '=': (_system, concept, { property, value }) => valuesOf(concept, property).includes(value),
  in: (_system, concept, { property, value }) =>
    valuesOf(concept, property).some((each) => value.split(',').includes(each)),
};

/** A filter that this server does not know leaves open what it picks. */
function picked(
  system: CodeSystem,
  filters: readonly ValueSetComposeIncludeFilter[],
): readonly Concept[] | undefined {
  if (filters.some(({ op }) => FILTERS[op] === undefined)) return undefined;
  return [...system.concepts.values()].filter((concept) =>
    filters.every((filter) => FILTERS[filter.op]?.(system, concept, filter)),
  );
}

function member(system: string, { code, display, isInactive }: Concept): Member {
  return { system, code, ...(display !== undefined && { display }), ...(isInactive && { isInactive }) };
}

/** Codes named one by one are members whether their system is known here or not. */
function named(
  sources: Sources,
  { system: url = '', concept = [] }: ValueSetComposeInclude,
): readonly Member[] {
  const system = sources.systems.get(url);
  return concept.map((each) => {
    const known = system && conceptOf(system, each.code);
    const display = each.display ?? known?.display;
    return member(url, { ...known, code: each.code, ...(display !== undefined && { display }) });
  });
}

function ofSystem(sources: Sources, include: ValueSetComposeInclude): readonly Member[] | undefined {
  const { system: url = '', concept, filter } = include;
  if (concept !== undefined) return named(sources, include);
  const system = sources.systems.get(url);
  if (system === undefined || (filter === undefined && !system.isComplete && system.id === undefined))
    return undefined;
  return picked(system, filter ?? [])
    ?.filter(({ isAbstract }) => isAbstract !== true)
    .map((each) => member(system.url, each));
}

function keyed(members: readonly Member[]): Members {
  return new Map(members.map((each) => [memberKey(each.system, each.code), each]));
}

const both = (one: Members, other: Members): Members => new Map([...one].filter(([key]) => other.has(key)));

/** What one include names: in its system and in each of its value sets. */
function included(
  sources: Sources,
  include: ValueSetComposeInclude,
  within: readonly string[],
): Members | undefined {
  const own = include.system === undefined ? undefined : ofSystem(sources, include);
  if (include.system !== undefined && own === undefined) return undefined;
  let members = own && keyed(own);
  for (const canonical of include.valueSet ?? []) {
    const other = membersNamed(sources, canonical, within);
    if (other === undefined) return undefined;
    members = members === undefined ? other : both(members, other);
  }
  return members;
}

function membersNamed(sources: Sources, canonical: string, within: readonly string[]): Members | undefined {
  const url = withoutVersion(canonical);
  const valueSet = sources.valueSets.get(url);
  // A value set that includes itself has no members that could be told.
  return valueSet === undefined || within.includes(url) ? undefined : compose(sources, valueSet, within);
}

/** A value set that was sent ready expanded counts as what it lists. */
function listed({ expansion }: ValueSet): Members | undefined {
  const contains = expansion?.contains;
  if (contains === undefined) return undefined;
  return keyed(
    contains.map(({ system = '', code = '', display }) =>
      member(system, { code, ...(display && { display }) }),
    ),
  );
}

/** All of what the parts name; undefined where a part is not known. */
function together(
  sources: Sources,
  parts: readonly ValueSetComposeInclude[],
  within: readonly string[],
): Map<string, Member> | undefined {
  const members = new Map<string, Member>();
  for (const part of parts) {
    const some = included(sources, part, within);
    if (some === undefined) return undefined;
    for (const [key, value] of some) members.set(key, value);
  }
  return members;
}

function compose(sources: Sources, valueSet: ValueSet, within: readonly string[]): Members | undefined {
  const { include, exclude } = valueSet.compose ?? {};
  if (include === undefined) return listed(valueSet);
  const inside = [...within, valueSet.url ?? ''];
  const members = together(sources, include, inside);
  const others = together(sources, exclude ?? [], inside);
  if (members === undefined || others === undefined) return undefined;
  for (const key of others.keys()) members.delete(key);
  return members;
}

/** What is in the value set; undefined where a part of it is not known here. */
export function membersOf(sources: Sources, valueSet: ValueSet): Members | undefined {
  return compose(sources, valueSet, []);
}

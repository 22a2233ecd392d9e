/** What a whole search finds among resources, in which order: a plain reading of the specification. */
import type { Period, Reference, Resource } from '@medplum/fhirtypes';
import { meets, type Place } from './meets.ts';
import { componentsOf, componentTypes, definitionOf, valuesOf } from './parameters.ts';
import { spanOfDate } from './span.ts';
import { plain } from './text.ts';

/** A resource that is stored, with its id. */
export type Kept = Resource & { readonly id: string };

/** One parameter of a query: alternatives between commas. */
export interface Criterion {
  readonly name: string;
  readonly value: string;
}

export interface Search {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly sort?: string;
}

interface World extends Place {
  readonly resources: readonly Kept[];
}

const HAS = /^_has:(\w+):([\w-]+):(.*)$/;
const CHAIN = /^([\w-]+)(?::(\w+))?\.(.*)$/;

const referencesOf = (resource: Kept, code: string): readonly string[] =>
  valuesOf(resource, code).map(({ value }) => (value as Reference).reference ?? '');
const nameOf = ({ resourceType, id }: Kept): string => `${resourceType}/${id}`;

/** Whether the resource meets one criterion. */
function holds(resource: Kept, { name, value }: Criterion, world: World): boolean {
  const [, type, back, rest] = HAS.exec(name) ?? [];
  if (type !== undefined) {
    return world.resources.some(
      (other) =>
        other.resourceType === type &&
        referencesOf(other, back ?? '').includes(nameOf(resource)) &&
        holds(other, { name: rest ?? '', value }, world),
    );
  }
  const [, forward, target, onward] = CHAIN.exec(name) ?? [];
  if (forward === undefined) return holdsItself(resource, { name, value }, world);
  const led = referencesOf(resource, forward);
  return world.resources.some(
    (other) =>
      led.includes(nameOf(other)) &&
      (target === undefined || other.resourceType === target) &&
      holds(other, { name: onward ?? '', value }, world),
  );
}

function holdsItself(resource: Kept, { name, value }: Criterion, world: World): boolean {
  const [code = '', modifier] = name.split(':');
  const alternatives = value.split(',');
  if (code === '_id') return modifier === 'missing' ? value === 'false' : alternatives.includes(resource.id);
  const kind = definitionOf(resource.resourceType, code).type;
  if (kind === 'composite' && modifier === 'missing')
    return isTogether(resource, code) === (value === 'false');
  if (kind === 'composite') return alternatives.some((asked) => holdsTogether(resource, code, asked, world));
  const values = valuesOf(resource, code);
  if (modifier === 'missing') return (values.length === 0) === (value === 'true');
  const isMet = values.some((typed) =>
    alternatives.some((asked) =>
      meets(kind, typed, { parameter: `${resource.resourceType}.${code}`, modifier, asked }, world),
    ),
  );
  return modifier === 'not' || modifier === 'not-in' ? !isMet : isMet;
}

/** Whether any element has both components. */
const isTogether = (resource: Kept, code: string): boolean =>
  componentsOf(resource, code).some((components) => components.every((values) => values.length > 0));

/** Both components, of one element. */
function holdsTogether(resource: Kept, code: string, asked: string, world: World): boolean {
  const kinds = componentTypes(resource.resourceType, code);
  const parts = asked.split('$');
  return componentsOf(resource, code).some((components) =>
    components.every((values, at) =>
      values.some((typed) => meets(kinds[at] ?? '', typed, { parameter: '', asked: parts[at] ?? '' }, world)),
    ),
  );
}

type Key = string | number | undefined;

/** What a resource is sorted by: the beginning of a date, the first text of a string. */
function keyOf(resource: Kept, code: string): Key {
  if (code === '_id') return resource.id;
  const [first] = valuesOf(resource, code);
  if (first === undefined) return undefined;
  if (definitionOf(resource.resourceType, code).type !== 'date') return plain(String(first.value));
  if (first.type !== 'Period') return spanOfDate(String(first.value)).from;
  const { start } = first.value as Period;
  return start === undefined ? -Infinity : spanOfDate(start).from;
}

/** What is missing comes first; text in the order of its bytes. */
function order(a: Key, b: Key): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number') return Math.sign(a === b ? 0 : a - Number(b));
  return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
}

/** By the keys of `_sort`, then by id, which goes the way of the last key. */
function comparing(sort: string): (a: Kept, b: Kept) => number {
  const keys = sort.split(',').map((key) => ({ code: key.replace(/^-/, ''), isDown: key.startsWith('-') }));
  const all = [...keys, { code: '_id', isDown: keys.at(-1)?.isDown ?? false }];
  return (a, b) =>
    all.reduce((decided, { code, isDown }) => {
      const here = order(keyOf(a, code), keyOf(b, code));
      return decided !== 0 ? decided : isDown ? -here : here;
    }, 0);
}

/** The order of a type where none is asked for, as the server documents it. */
const OWN_ORDER: Readonly<Record<string, string>> = {
  Immunization: '-date',
  ImmunizationRecommendation: '-date',
  ImmunizationEvaluation: '-date',
  Consent: '-date',
  Observation: '-date',
};

/** Ids of what is found, in order. */
export function finds(
  { type, criteria, sort = OWN_ORDER[type] ?? '_id' }: Search,
  world: World,
): readonly string[] {
  return world.resources
    .filter(({ resourceType }) => resourceType === type)
    .filter((resource) => criteria.every((each) => holds(resource, each, world)))
    .toSorted(comparing(sort))
    .map(({ id }) => id);
}

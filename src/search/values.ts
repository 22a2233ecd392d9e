/** What a search parameter reads in a resource: element paths of the catalog, with their conditions on repetitions. */
import { valuesAt, type Found } from '../fhir/path.ts';

interface Step {
  readonly path: string;
  /** Only repetitions whose child has this value go on. */
  readonly where?: readonly [child: string, value: string];
}

const STEP = /([^.[\]]+(?:\.[^.[\]]+)*)(?:\[([^=\]]+)=([^\]]*)\])?\.?/g;
const steps = new Map<string, readonly Step[]>();

/** Paths come from the catalog, never from a caller, so that what is remembered stays small. */
function stepsOf(path: string): readonly Step[] {
  const known = steps.get(path);
  if (known !== undefined) return known;
  const parsed = [...path.matchAll(STEP)].map(([, before = '', child, value = '']): Step =>
    child === undefined ? { path: before } : { path: before, where: [child, value] },
  );
  steps.set(path, parsed);
  return parsed;
}

const NONE: readonly Found[] = [];

function isMeant({ value }: Found, [child, wanted]: readonly [string, string]): boolean {
  return valuesAt(value, child).some((each) => each.value === wanted);
}

function step({ value }: Found, { path, where }: Step, into: Found[]): void {
  for (const found of valuesAt(value, path)) {
    if (where === undefined || isMeant(found, where)) into.push(found);
  }
}

/** Most parameters have no value in most resources: what is not there is left at the first step. */
function follow(resource: unknown, path: string): readonly Found[] {
  let from: readonly Found[] = [{ value: resource }];
  for (const each of stepsOf(path)) {
    const next: Found[] = [];
    for (const found of from) step(found, each, next);
    if (next.length === 0) return NONE;
    from = next;
  }
  return from;
}

/** What is at the paths, in the order of the paths and of the resource. */
export function foundAt(resource: unknown, [path = '', ...more]: readonly string[]): readonly Found[] {
  const found = follow(resource, path);
  return more.length === 0 ? found : [...found, ...more.flatMap((each) => follow(resource, each))];
}

const valueOf = ({ value }: Found): unknown => value;

/** Every value at the paths. */
export const valuesOf = (resource: unknown, paths: readonly string[]): readonly unknown[] =>
  foundAt(resource, paths).map(valueOf);

/** The values without what a choice has as plain text: `occurrenceString` says when, but is no date. */
export const datesAmong = (found: readonly Found[]): readonly unknown[] =>
  found.filter(({ type }) => type !== 'String').map(valueOf);

/** The text of a child element, where the value is an element that has one. */
export function textOf(value: unknown, child: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = (value as Readonly<Record<string, unknown>>)[child];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The texts of a child element that repeats. */
export function textsOf(value: unknown, child: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const found: unknown = (value as Readonly<Record<string, unknown>>)[child];
  return (Array.isArray(found) ? (found as unknown[]) : [found]).filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
}

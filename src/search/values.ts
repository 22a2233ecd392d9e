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

function step(from: readonly Found[], { path, where }: Step): readonly Found[] {
  const found = from.flatMap(({ value }) => valuesAt(value, path));
  if (where === undefined) return found;
  const [child, wanted] = where;
  return found.filter(({ value }) => valuesAt(value, child).some((each) => each.value === wanted));
}

const foundAt = (resource: unknown, paths: readonly string[]): readonly Found[] =>
  paths.flatMap((path) => stepsOf(path).reduce<readonly Found[]>(step, [{ value: resource }]));

/** Every value at the paths, in the order of the paths and of the resource. */
export function valuesOf(resource: unknown, paths: readonly string[]): readonly unknown[] {
  return foundAt(resource, paths).map(({ value }) => value);
}

/** The same without what a choice has as plain text: `occurrenceString` says when, but is no date. */
export function datesOf(resource: unknown, paths: readonly string[]): readonly unknown[] {
  return foundAt(resource, paths)
    .filter(({ type }) => type !== 'String')
    .map(({ value }) => value);
}

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

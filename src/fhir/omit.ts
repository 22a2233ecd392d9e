/**
 * A resource without some of its elements, for readers from whom those are hidden. The narrative and contained
 * resources could repeat what is hidden, so they leave with it; the rest says of itself that it is not the whole
 * (https://hl7.org/fhir/R4/resource.html#simple-tags).
 */
import { subsetted } from './elements.ts';
import { choiceName } from './path.ts';

type Node = Readonly<Record<string, unknown>>;

/** One element name, and the child by whose value repetitions are picked: `telecom[system=phone]`. */
interface Step {
  readonly name: string;
  readonly where?: readonly [child: string, value: string];
}

const STEP = /([^.[\]]+)(?:\[([^=\]]+)=([^\]]*)\])?/g;
const known = new Map<string, readonly Step[]>();

/** Paths come from tables, never from a caller, so that what is remembered stays small. */
function stepsOf(path: string): readonly Step[] {
  const before = known.get(path);
  if (before !== undefined) return before;
  const steps = [...path.matchAll(STEP)].map(([, name = '', child, value = '']): Step =>
    child === undefined ? { name } : { name, where: [child, value] },
  );
  known.set(path, steps);
  return steps;
}

/**
 * The resource without what is at the paths, marked SUBSETTED.
 * @param paths element paths below the resource as the catalog writes them, `[x]` left out
 */
export function withoutPaths(resource: unknown, paths: readonly string[]): object {
  let left: unknown = resource;
  for (const path of [...paths, 'text', 'contained']) left = without(left, stepsOf(path));
  return subsetted(withoutInner(left) as Node);
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);

/** Undefined where nothing is left. */
function without(value: unknown, steps: readonly Step[]): unknown {
  const [step, ...more] = steps;
  if (step === undefined) return undefined;
  if (Array.isArray(value)) return filled(value.map((each: unknown) => without(each, steps)));
  if (!isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (!isNamed(key, step.name)) return [[key, inner]];
    const left = lessOf(inner, step, more);
    return left === undefined ? [] : [[key, left]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function lessOf(value: unknown, step: Step, more: readonly Step[]): unknown {
  if (Array.isArray(value)) return filled(value.map((each: unknown) => lessOf(each, step, more)));
  return isPicked(value, step) ? without(value, more) : value;
}

/** A list whose members have gone has gone. */
function filled(list: readonly unknown[]): unknown {
  const left = list.filter((each) => each !== undefined);
  return left.length === 0 ? undefined : left;
}

/** Extensions of a primitive stand under its name with a line before it; a choice's properties have endings. */
function isNamed(key: string, name: string): boolean {
  const plain = key.startsWith('_') ? key.slice(1) : key;
  return plain === name || choiceName(plain, name);
}

const isPicked = (value: unknown, { where }: Step): boolean =>
  where === undefined || (isNode(value) && value[where[0]] === where[1]);

/** References to what was contained lead nowhere now. */
function withoutInner(value: unknown): unknown {
  if (Array.isArray(value)) return filled(value.map(withoutInner));
  if (!isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === 'reference' && typeof inner === 'string' && inner.startsWith('#')) return [];
    const left = withoutInner(inner);
    return left === undefined ? [] : [[key, left]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

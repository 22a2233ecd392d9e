/**
 * The value that an operation of a FHIRPath Patch brings, and under which JSON name the element takes it: the
 * type of the value decides the name of a choice (https://hl7.org/fhir/R4/fhirpatch.html#anonymous).
 */
import { fail } from '../../core/failure.ts';
import { isPrimitiveType } from '../element-table.ts';
import { elementOf, keysOf, type Element } from './elements.ts';
import { beside, own, type Holder } from './location.ts';
import { partsIn, type Part } from './operation.ts';
import { isBranch, type Tree } from './tree.ts';

/** What an element gets: a primitive may have a value, parts beside it, or both. */
export interface Content {
  readonly key: string;
  readonly value: Tree | undefined;
  readonly beside: Tree | undefined;
}

/** Types that are Quantity with constraints, and are kept as such (https://hl7.org/fhir/R4/datatypes.html#quantity). */
const QUANTITIES: ReadonlySet<string> = new Set([
  'Quantity',
  'SimpleQuantity',
  'MoneyQuantity',
  'Age',
  'Count',
  'Distance',
  'Duration',
]);

/** Types that have no name of their own in Parameters: a choice can be none of them. */
const ANONYMOUS = '';

const wrongType = (where: string, element: Element): never =>
  fail(
    'invalid',
    `${where}: ${element.name} does not take a value of this type; it takes ${element.types.join(', ')}.`,
  );

/** The ending of `valueX`, or of `_valueX` where there are extensions only. */
function typeOf(part: Part, where: string): string {
  const names = Object.keys(part).map((name) => name.replace(/^_/, ''));
  const types = new Set(
    names.filter((name) => /^value[A-Z]/.test(name)).map((name) => name.slice('value'.length)),
  );
  if (part['resource'] !== undefined) types.add('Resource');
  if (part['part'] !== undefined) types.add(ANONYMOUS);
  const [type, ...more] = types;
  return type === undefined || more.length > 0 ? fail('malformed', `${where} needs one value.`) : type;
}

/** How a primitive is written is judged with the whole resource, afterwards; here only that it is one. */
function fits(expected: string, type: string, content: Content): boolean {
  if (isPrimitiveType(expected)) return type !== ANONYMOUS && !isBranch(content.value);
  if (type === ANONYMOUS) return expected !== 'Resource';
  return type === expected || (QUANTITIES.has(type) && QUANTITIES.has(expected));
}

function keyOf(element: Element, type: string, where: string): string {
  if (element.choice !== true) return element.name;
  const key = element.name + type;
  const taken = keysOf(element).some(([one]) => one === key);
  return taken ? key : wrongType(where, element);
}

function put(into: Holder, element: Element, content: Content, where: string): void {
  const { key } = content;
  if (element.list !== true) {
    if (own(into, key) !== undefined || own(into, beside(key)) !== undefined)
      fail('invalid', `${where}: a part of the value comes twice.`);
    into[key] = content.value;
    into[beside(key)] = content.beside;
    return;
  }
  const [values, parts] = [own(into, key) ?? [], own(into, beside(key)) ?? []] as [
    readonly Tree[],
    readonly Tree[],
  ];
  into[key] = [...values, content.value ?? null];
  into[beside(key)] = [...parts, content.beside ?? null];
}

function anonymous(part: Part, type: string, where: string): Tree {
  const into: Holder = {};
  for (const [name, inner] of partsIn(part['part'], where)) {
    const element = elementNamed(type, name) ?? fail('invalid', `${where}: ${type} has no such part.`);
    put(into, element, contentFor(element, inner, where), where);
  }
  const said = Object.entries(into).filter((entry): entry is [string, Tree] => entry[1] !== undefined);
  return Object.fromEntries(said);
}

/** The element of that name, which may be written with the `[x]` of a choice. */
export function elementNamed(type: string, name: string): Element | undefined {
  return elementOf(type, name.replace(/\[x\]$/, ''));
}

function valueIn(part: Part, type: string): Tree | undefined {
  return type === 'Resource' ? part['resource'] : part[`value${type}`];
}

/**
 * What the element gets from the part. Throws a Failure: malformed where the part has not one value, invalid
 * where the element does not take its type.
 */
export function contentFor(element: Element, part: Part, where: string): Content {
  const type = typeOf(part, where);
  const key = keyOf(element, type, where);
  const expected = element.types[0] ?? '';
  const value = type === ANONYMOUS ? anonymous(part, expected, where) : valueIn(part, type);
  const content: Content = { key, value, beside: part[beside(`value${type}`)] };
  return element.choice === true || fits(expected, type, content) ? content : wrongType(where, element);
}

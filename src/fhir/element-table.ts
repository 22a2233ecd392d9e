/**
 * The shape of what R4 says of every element: as `scripts/build.ts` writes it, and as the server reads it.
 * https://hl7.org/fhir/R4/elementdefinition.html
 */

/** An element as the build writes it; what is left out is false, none, or zero. */
export interface ElementRow {
  /** Data types by name: several for a choice; `Patient.contact` for elements with elements of their own. */
  readonly types: readonly string[];
  /** Whether its properties are named after their type (`value[x]`). */
  readonly choice?: true;
  readonly required?: true;
  readonly list?: true;
  readonly summary?: true;
  readonly modifier?: true;
  /** Resource types that a reference may lead to; left out where any may. */
  readonly targets?: readonly string[];
  /** Key in `codes` of the codes that a required binding allows; left out where they cannot be counted. */
  readonly codes?: string;
}

export type TypeRow = Readonly<Record<string, ElementRow>>;

export interface DefinitionTable {
  /** Names of the resource types among the types. */
  readonly resources: readonly string[];
  readonly types: Readonly<Record<string, TypeRow>>;
  /** The codes of each required binding, by code system. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One property of the JSON form: each type of a choice has its own. */
export interface Property {
  readonly name: string;
  /** Name of the element: `occurrence` for `occurrenceDateTime`. */
  readonly element: string;
  readonly type: string;
  readonly isPrimitive: boolean;
  readonly row: ElementRow;
  readonly allowed?: CodeSet;
}

export interface CodeSet {
  readonly codes: ReadonlySet<string>;
  /** `system|code` */
  readonly coded: ReadonlySet<string>;
}

export interface TypeDefinition {
  readonly name: string;
  readonly isResource: boolean;
  readonly elements: TypeRow;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly RequiredElement[];
}

/** An element that must be there, under one of these properties: a value, or extensions that say why it is absent. */
interface RequiredElement {
  readonly element: string;
  readonly properties: readonly string[];
}

export interface Definitions {
  /** Names of all resource types. */
  readonly resources: ReadonlySet<string>;
  /** Names of all types that have elements. */
  readonly types: readonly string[];
  /** The codes of each value set that a required binding of R4 names, by code system. */
  readonly codes: DefinitionTable['codes'];
  get(type: string): TypeDefinition | undefined;
}

/** Primitive types begin with a small letter, as no other type does. */
export function isPrimitiveType(type: string): boolean {
  return type.charCodeAt(0) > 0x60;
}

/** The property that carries an element of this type: `occurrenceDateTime`. */
export function propertyName(element: string, row: ElementRow, type: string): string {
  if (row.choice !== true) return element;
  // A profile of Quantity keeps the property of its type: `doseQuantity` takes a SimpleQuantity.
  const ending = type === 'SimpleQuantity' ? 'Quantity' : type;
  return element + ending.charAt(0).toUpperCase() + ending.slice(1);
}

/** The same value for the same key, made when first asked for. */
function remembered<T>(make: (key: string) => T | undefined): (key: string) => T | undefined {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (value !== undefined) made.set(key, value);
    return value;
  };
}

function codeSet(table: DefinitionTable, key: string): CodeSet | undefined {
  const systems = table.codes[key];
  if (systems === undefined) return undefined;
  const coded = Object.entries(systems).flatMap(([system, codes]) =>
    codes.map((code) => `${system}|${code}`),
  );
  return { codes: new Set(Object.values(systems).flat()), coded: new Set(coded) };
}

type CodeSets = (key: string) => CodeSet | undefined;

function propertiesOf(elements: TypeRow, sets: CodeSets): ReadonlyMap<string, Property> {
  const all = Object.entries(elements).flatMap(([element, row]) =>
    row.types.map((type): Property => {
      const allowed = row.codes === undefined ? undefined : sets(row.codes);
      const name = propertyName(element, row, type);
      const property = { name, element, type, isPrimitive: isPrimitiveType(type), row };
      return allowed === undefined ? property : { ...property, allowed };
    }),
  );
  return new Map(all.map((property) => [property.name, property]));
}

function requiredOf(elements: TypeRow): readonly RequiredElement[] {
  return Object.entries(elements)
    .filter(([, row]) => row.required === true)
    .map(([element, row]) => {
      const properties = row.types.flatMap((type) => {
        const name = propertyName(element, row, type);
        return isPrimitiveType(type) ? [name, `_${name}`] : [name];
      });
      return { element, properties };
    });
}

/** The tables ready for use. A server meets few of R4's types: each is made when it is first asked for. */
export function definitionsFrom(table: DefinitionTable): Definitions {
  const resources = new Set(table.resources);
  const sets = remembered((key) => codeSet(table, key));
  const get = remembered((name): TypeDefinition | undefined => {
    const elements = Object.hasOwn(table.types, name) ? table.types[name] : undefined;
    if (elements === undefined) return undefined;
    const properties = propertiesOf(elements, sets);
    return { name, isResource: resources.has(name), elements, properties, required: requiredOf(elements) };
  });
  return { resources, types: Object.keys(table.types), codes: table.codes, get };
}

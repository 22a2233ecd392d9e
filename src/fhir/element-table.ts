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
export interface RequiredElement {
  readonly element: string;
  readonly properties: readonly string[];
}

export type Definitions = ReadonlyMap<string, TypeDefinition>;

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

function codeSetsOf(table: DefinitionTable): ReadonlyMap<string, CodeSet> {
  return new Map(
    Object.entries(table.codes).map(([key, systems]) => {
      const codes = new Set(Object.values(systems).flat());
      const coded = new Set(
        Object.entries(systems).flatMap(([system, all]) => all.map((code) => `${system}|${code}`)),
      );
      return [key, { codes, coded }];
    }),
  );
}

function propertiesOf(elements: TypeRow, sets: ReadonlyMap<string, CodeSet>): ReadonlyMap<string, Property> {
  const all = Object.entries(elements).flatMap(([element, row]) =>
    row.types.map((type): Property => {
      const allowed = row.codes === undefined ? undefined : sets.get(row.codes);
      const property = {
        name: propertyName(element, row, type),
        element,
        type,
        isPrimitive: isPrimitiveType(type),
        row,
      };
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

/** Makes the tables ready for use; pure. */
export function definitionsFrom(table: DefinitionTable): Definitions {
  const resources = new Set(table.resources);
  const sets = codeSetsOf(table);
  return new Map(
    Object.entries(table.types).map(([name, elements]) => [
      name,
      {
        name,
        isResource: resources.has(name),
        elements,
        properties: propertiesOf(elements, sets),
        required: requiredOf(elements),
      },
    ]),
  );
}

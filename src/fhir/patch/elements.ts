/** Which elements there are below a type, and under which names JSON may have them. */
import { definitions } from '../definitions.ts';
import { isPrimitiveType, propertyName, type ElementRow } from '../element-table.ts';

export interface Element extends ElementRow {
  /** Without `[x]`. */
  readonly name: string;
}

/** The element of that name below a data type, a resource type or an anonymous element (`Patient.contact`). */
export function elementOf(type: string, name: string): Element | undefined {
  // Primitives differ in their value only; what they have beside it is what every element has.
  const rows = definitions.get(isPrimitiveType(type) ? 'Element' : type)?.elements ?? {};
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  return row === undefined ? undefined : { ...row, name };
}

/** Profiles of Quantity that definitions name are Quantity to a path. */
function baseOf(type: string): string {
  return type === 'SimpleQuantity' || type === 'MoneyQuantity' ? 'Quantity' : type;
}

/** The JSON names that the element may have, each with the type that it tells. */
export function keysOf(element: Element): readonly (readonly [key: string, type: string])[] {
  const types = element.choice === true ? element.types : element.types.slice(0, 1);
  return types.map((type) => [propertyName(element.name, element, type), baseOf(type)] as const);
}

/** The words that constraints are written in. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import type { Node } from '../findings.ts';

/** A constraint that one object can be judged by. */
export interface Invariant {
  /** Its name in HL7's definitions. */
  readonly key: string;
  /** What must be so, for the caller. */
  readonly says: string;
  readonly holds: (node: Node) => boolean;
}

/** Whether the element has a value or, being primitive, extensions. */
export const has = (node: Node, ...names: readonly string[]): boolean =>
  names.some((name) => node[name] !== undefined || node[`_${name}`] !== undefined);

const isCapital = (code: number): boolean => code >= 65 && code <= 90;

/** Whether the element, a choice, has a value of whatever type. */
export const hasChoice = (node: Node, element: string): boolean =>
  Object.keys(node).some((name) => {
    const at = name.startsWith('_') ? 1 : 0;
    return name.startsWith(element, at) && isCapital(name.charCodeAt(at + element.length));
  });

export const needsOneOf = (key: string, ...names: readonly string[]): Invariant => ({
  key,
  says: `one of ${names.join(', ')} must be there`,
  holds: (node) => has(node, ...names),
});

export const needs = (key: string, name: string, other: string): Invariant => ({
  key,
  says: `${name} must not be there without ${other}`,
  holds: (node) => !has(node, name) || has(node, other),
});

export const excludes = (key: string, name: string, other: string): Invariant => ({
  key,
  says: `${name} and ${other} must not both be there`,
  holds: (node) => !has(node, name) || !has(node, other),
});

/** Constraints by the type or element they are of (`Patient`, `Patient.contact`). */
export type Constraints = Readonly<Record<string, readonly Invariant[]>>;

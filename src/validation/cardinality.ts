/**
 * Whether an object has every element that it must have, and one type only of each choice: what JSON Schema
 * cannot say where extensions may stand in for a value. https://hl7.org/fhir/R4/formats.html#choice
 */
import type { Property, TypeDefinition } from '../fhir/element-table.ts';
import { report, type Findings, type Node } from './findings.ts';

/** Notes the elements that are missing. */
export function checkRequired(findings: Findings, definition: TypeDefinition, node: Node): void {
  for (const { element, properties } of definition.required) {
    if (properties.every((name) => node[name] === undefined))
      report(findings, 'malformed', 'R4 demands this element; send it.', element);
  }
}

/** Notes a second type of one choice. The properties are those of the choices found in one object. */
export function checkChoices(findings: Findings, chosen: readonly Property[]): void {
  chosen.forEach((property, at) => {
    const first = chosen.findIndex((other) => other.element === property.element);
    const isOther = chosen[first] !== property;
    if (isOther && first < at)
      report(findings, 'malformed', 'This element takes one type of value; send one only.', property.element);
  });
}

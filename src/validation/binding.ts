/**
 * Whether codes come from the value set that R4 demands for their element.
 * https://hl7.org/fhir/R4/terminologies.html#strength
 */
import type { CodeSet, Property } from '../fhir/element-table.ts';
import { isNode, nodesAt, report, type Findings, type Node } from './findings.ts';

function holdsCoding(allowed: CodeSet, coding: Node): boolean {
  const { system, code } = coding;
  return typeof system === 'string' && typeof code === 'string' && allowed.coded.has(`${system}|${code}`);
}

function holdsConcept(allowed: CodeSet, concept: Node): boolean {
  // An extension may say why there is no code.
  if (concept['coding'] === undefined && concept['extension'] !== undefined) return true;
  return nodesAt(concept, 'coding').some((coding) => holdsCoding(allowed, coding));
}

function holds(allowed: CodeSet, type: string, value: unknown): boolean {
  if (typeof value === 'string') return allowed.codes.has(value);
  if (!isNode(value)) return true;
  if (type === 'CodeableConcept') return holdsConcept(allowed, value);
  return type !== 'Coding' || holdsCoding(allowed, value);
}

/** Notes a value (one element of the property) whose required binding does not hold. */
export function checkBinding(findings: Findings, property: Property, value: unknown): void {
  if (property.allowed === undefined || holds(property.allowed, property.type, value)) return;
  const valueSet = property.row.codes ?? '';
  report(
    findings,
    'code-invalid',
    `The code is not in the value set that R4 demands here; take one of ${valueSet}.`,
  );
}

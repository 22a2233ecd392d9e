/**
 * What a primitive value must be beside having the form of its type.
 * https://hl7.org/fhir/R4/datatypes.html#primitive
 */
import { isRealDate } from '../fhir/date.ts';
import type { Property } from '../fhir/element-table.ts';
import { isKeptNumber } from '../fhir/json.ts';
import { report, type Findings } from './findings.ts';
import { noteLocalUri, type Links } from './links.ts';
import { checkNarrative } from './narrative.ts';

type Check = (findings: Findings, value: unknown, links: Links) => void;

function checkDate(findings: Findings, value: unknown): void {
  if (typeof value === 'string' && !isRealDate(value))
    report(findings, 'invalid-value', 'No calendar has this date; correct it.');
}

function checkInteger(findings: Findings, value: unknown): void {
  // 1e2 and 1.0 are integers to JSON Schema, which reads the number and not its text.
  if (isKeptNumber(value)) report(findings, 'invalid-value', 'An integer is written with digits only.');
}

const noteUri: Check = (_findings, value, links) => {
  noteLocalUri(links, value);
};

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['date', checkDate],
  ['dateTime', checkDate],
  ['instant', checkDate],
  ['integer', checkInteger],
  ['positiveInt', checkInteger],
  ['unsignedInt', checkInteger],
  ['uri', noteUri],
  ['url', noteUri],
  ['canonical', noteUri],
  ['xhtml', checkNarrative],
]);

/** Notes what is wrong with one primitive value of the property. */
export function checkPrimitive(findings: Findings, property: Property, value: unknown, links: Links): void {
  CHECKS.get(property.type)?.(findings, value, links);
}

/**
 * Whether a resource has the JSON structure of its type: properties, types, forms of primitive values, nothing
 * empty. https://hl7.org/fhir/R4/json.html. The validators are made by `scripts/build.ts`; ajv runs there only.
 */
import { createRequire } from 'node:module';
import type { FailureKind } from '../core/failure.ts';
import { definitions } from '../fhir/definitions.ts';
import { isKeptNumber } from '../fhir/json.ts';
import { isNode, report, type Findings, type Node, type Place } from './findings.ts';

/** One fault as ajv tells it. */
interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly Fault[] | null;
}

const validators = createRequire(import.meta.url)('../../build/validators.cjs') as Readonly<
  Record<string, Validator>
>;

/** Whether resources of the type can be checked, as a whole or inside others. */
export function isReadable(type: string): boolean {
  return Object.hasOwn(validators, type);
}

const RULES: Readonly<Record<string, { readonly kind: FailureKind; readonly message: string }>> = {
  additionalProperties: { kind: 'malformed', message: 'R4 has no such property here; leave it out.' },
  type: {
    kind: 'malformed',
    message:
      'The value has the wrong JSON type; R4 has another here, and null only in lists of primitive values.',
  },
  minProperties: { kind: 'malformed', message: 'An object must not be empty; leave it out.' },
  minItems: { kind: 'malformed', message: 'A list must not be empty; leave it out.' },
  required: { kind: 'malformed', message: 'A resource must name its resourceType.' },
  pattern: {
    kind: 'invalid-value',
    message: 'The text is blank or has not the form that its data type demands.',
  },
  minimum: { kind: 'invalid-value', message: 'The number is below what its data type allows.' },
  maximum: { kind: 'invalid-value', message: 'The number is above what its data type allows.' },
};
const OTHER_RULE = {
  kind: 'malformed',
  message: 'The value does not have the structure that R4 demands here.',
} as const;

/** Names that FHIR could have; others may be anything, even a person's, and are not repeated. */
const PROPERTY_NAME = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/;

/** Property names become element names: `_given` is about `given`, `occurrenceDateTime` about `occurrence`. */
function placeBelow(top: Place, type: string, path: readonly string[]): Place {
  const place = [...top];
  let at = type;
  for (const step of path) {
    if (/^\d+$/.test(step)) {
      place.push(Number(step));
      continue;
    }
    const name = step.startsWith('_') ? step.slice(1) : step;
    const property = definitions.get(at)?.properties.get(name);
    place.push(property?.element ?? name);
    at = name === step ? (property?.type ?? '') : 'Element';
  }
  return place;
}

function pathOf(fault: Fault): readonly string[] {
  const path = fault.instancePath.split('/').slice(1);
  const unknown = fault.params['additionalProperty'];
  return typeof unknown === 'string' && PROPERTY_NAME.test(unknown) ? [...path, unknown] : path;
}

function holdsKeptNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isKeptNumber(value) || Object.values(value).some(holdsKeptNumber);
}

/** The same resource with numbers that JavaScript can calculate with: kept ones are objects to ajv. */
function withPlainNumbers(value: unknown): unknown {
  if (isKeptNumber(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (!isNode(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withPlainNumbers(each)]));
}

function faultsOf(validate: Validator, resource: Node): readonly Fault[] {
  if (validate(resource)) return [];
  if (!holdsKeptNumber(resource)) return validate.errors ?? [];
  return validate(withPlainNumbers(resource)) ? [] : (validate.errors ?? []);
}

/**
 * Notes what is wrong with the structure of a resource whose type is readable; resources inside it are not
 * looked into.
 *
 * @returns whether the structure is sound, so that other checks can rely on it
 */
export function checkStructure(findings: Findings, type: string, resource: Node): boolean {
  const validate = validators[type];
  const faults = validate === undefined ? [] : faultsOf(validate, resource);
  for (const fault of faults) {
    const rule = RULES[fault.keyword] ?? OTHER_RULE;
    const place = placeBelow(findings.place, type, pathOf(fault));
    report({ ...findings, place }, rule.kind, rule.message);
  }
  return faults.length === 0;
}

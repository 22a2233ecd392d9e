/** How generated queries ask by a parameter: its name with the modifiers that it takes, and values that resources may have. */
import fc from 'fast-check';
import { CONFIDENTIALITY, DAYS, ORGANIZATIONS, PATIENTS, TIMES, URLS, one } from './people.ts';

const PREFIXES = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
export const dates = fc
  .tuple(one(PREFIXES), one([...DAYS, ...TIMES, '2020-08']))
  .map((parts) => parts.join(''));
export const numbers = fc
  .tuple(one(PREFIXES), one(['1', '2', '2.5', '3', '10', '1e2', '2.0']))
  .map((parts) => parts.join(''));
export const identifiers = one(['1', 'urn:a|1', '|2', 'urn:b|', 'urn:a|9']);
export const conceptOf = (system: string, codes: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    one(codes),
    one(codes).map((code) => `${system}|${code}`),
    one([`${system}|`, '|03', 'urn:local|08']),
  );
const words = one(['hep', 'HEPATITIS', 'gro', 'polio', 'b']);
export const quantities = fc
  .tuple(numbers, one(['', '|http://unitsofmeasure.org|mg', '||mg', '||x', '|urn:no|mg']))
  .map((parts) => parts.join(''));
const uris = one([...URLS, 'http://a.example/', 'http://b.example/fhir/x']);
export const patientReference = one(PATIENTS).chain((id) => one([id, `Patient/${id}`]));

/** For each parameter, names with the modifiers it takes, and values. */
export type Shape = readonly [names: readonly string[], values: fc.Arbitrary<string>];
export const shape = (name: string, values: fc.Arbitrary<string>, ...modifiers: readonly string[]): Shape => [
  [name, ...modifiers.map((modifier) => `${name}:${modifier}`)],
  values,
];
export const string = (name: string, values: readonly string[]): Shape[] => [
  shape(name, one(values.flatMap((each) => [each, each.slice(0, 3), each.toUpperCase()])), 'contains'),
  [[`${name}:exact`], one(values)],
];
export const concepts = (name: string, system: string, codes: readonly string[]): Shape[] => [
  shape(name, conceptOf(system, codes), 'not'),
  [[`${name}:text`], words],
];
export const COMMON: readonly Shape[] = [
  shape('_id', one(['p1', 'd2', 'v3', 'c4', 'nobody'])),
  shape('_security', one(['N', `${CONFIDENTIALITY}|R`, 'urn:local|N', `${CONFIDENTIALITY}|`]), 'not'),
  shape('_tag', one(['a', 'urn:t|a', 'urn:u|', 'b']), 'not'),
  shape('_source', uris),
  [['_source:below', '_source:above', '_profile:below', '_profile:above'], uris],
  shape('_profile', uris),
  shape(
    '_lastUpdated',
    one(['ge2026-11-22T12:00:10Z', 'lt2026-11-22T12:00:20.000Z', '2026-11-22', 'eb2026-11-22T12:00:30Z']),
  ),
];

export const organizationReference = one(ORGANIZATIONS).chain((id) => one([id, `Organization/${id}`]));
/** Two values of one element, asked for together. */
export const together = (first: fc.Arbitrary<string>, second: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(first, second).map((parts) => parts.join('$'));

/** Generated queries of every kind that ask for what generated people have. */
import fc from 'fast-check';
import type { Criterion, Search } from '../specification/finds.ts';
import {
  CITIES,
  CODES,
  CVX,
  DAYS,
  FAMILIES,
  GIVEN,
  ORGANIZATIONS,
  PATIENTS,
  TIMES,
  TYPES,
  URLS,
  one,
} from './people.ts';

const PREFIXES = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const dates = fc.tuple(one(PREFIXES), one([...DAYS, ...TIMES])).map((parts) => parts.join(''));
const numbers = fc
  .tuple(one(PREFIXES), one(['1', '2', '2.5', '3', '10', '1e2', '2.0']))
  .map((parts) => parts.join(''));
const identifiers = one(['1', 'urn:a|1', '|2', 'urn:b|', 'urn:a|9']);
const conceptOf = (system: string, codes: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    one(codes),
    one(codes).map((code) => `${system}|${code}`),
    one([`${system}|`, '|03', 'urn:local|08']),
  );
const words = one(['hep', 'HEPATITIS', 'gro', 'polio', 'b']);
const quantities = fc
  .tuple(numbers, one(['', '|http://unitsofmeasure.org|mg', '||mg', '||x', '|urn:no|mg']))
  .map((parts) => parts.join(''));
const uris = one([...URLS, 'http://a.example/', 'http://b.example/fhir/x']);
const patientReference = one(PATIENTS).chain((id) => one([id, `Patient/${id}`]));

/** For each parameter, names with the modifiers it takes, and values. */
type Shape = readonly [names: readonly string[], values: fc.Arbitrary<string>];
const shape = (name: string, values: fc.Arbitrary<string>, ...modifiers: readonly string[]): Shape => [
  [name, ...modifiers.map((modifier) => `${name}:${modifier}`)],
  values,
];
const string = (name: string, values: readonly string[]): Shape[] => [
  shape(name, one(values.flatMap((each) => [each, each.slice(0, 3), each.toUpperCase()])), 'contains'),
  [[`${name}:exact`], one(values)],
];
const concepts = (name: string, system: string, codes: readonly string[]): Shape[] => [
  shape(name, conceptOf(system, codes), 'not'),
  [[`${name}:text`], words],
];
const COMMON: readonly Shape[] = [
  shape('_tag', one(['a', 'urn:t|a', 'urn:u|', 'b']), 'not'),
  shape('_source', uris),
  [['_source:below', '_source:above', '_profile:below', '_profile:above'], uris],
  shape('_profile', uris),
  shape(
    '_lastUpdated',
    one(['ge2026-11-22T12:00:10Z', 'lt2026-11-22T12:00:20.000Z', '2026-11-22', 'eb2026-11-22T12:00:30Z']),
  ),
];

const ORGANIZATION_REFERENCE = one(ORGANIZATIONS).chain((id) => one([id, `Organization/${id}`]));
const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  Patient: [
    ...COMMON,
    shape('identifier', identifiers, 'not'),
    [['identifier:of-type'], one([`${TYPES}|MR|1`, `${TYPES}|MR|2`, `${TYPES}|MC|1`])],
    [['identifier:text'], one(['rec', 'number'])],
    shape('active', one(['true', 'false']), 'not'),
    ...string('family', FAMILIES),
    ...string('given', GIVEN),
    ...string('name', [...FAMILIES, ...GIVEN, 'Ana Smith', 'Smith Ana']),
    ...string('address', [...CITIES, '12 main', 'OR']),
    ...string('address-city', CITIES),
    shape('gender', one(['female', 'http://hl7.org/fhir/administrative-gender|male', 'other']), 'not'),
    shape('phone', one(['555-1', 'a@b.example'])),
    shape('telecom', one(['555-1', 'a@b.example', '|555-1'])),
    shape('birthdate', dates),
    shape('death-date', dates),
    shape('deceased', one(['true', 'false'])),
    shape('birth-order', numbers),
    shape('organization', ORGANIZATION_REFERENCE, 'Organization'),
    shape('provider-status', one(['A', 'urn:status|I'])),
    shape('provider-organization', ORGANIZATION_REFERENCE),
    shape(
      'provider-status-at',
      fc.tuple(ORGANIZATION_REFERENCE, one(['A', 'urn:status|I'])).map((parts) => parts.join('$')),
    ),
  ],
  Immunization: [
    ...COMMON,
    shape('identifier', identifiers, 'not'),
    shape(
      'status',
      one(['completed', 'http://hl7.org/fhir/event-status|not-done', 'urn:no|completed']),
      'not',
    ),
    ...concepts('vaccine-code', CVX, CODES),
    shape('patient', patientReference, 'Patient'),
    shape('date', dates),
    shape('primary-source', one(['true', 'false'])),
    shape('manufacturer', one(['Organization/o1', 'o2'])),
    [['manufacturer:identifier'], one(['urn:mvx|PFR', 'PFR', 'urn:no|PFR'])],
    shape('manufacturer-code', one(['urn:mvx|PFR', 'PFR', 'MSD']), 'not'),
    ...string('lot-number', ['AB12', 'ab-13', 'C1']),
    ...string('series', ['Hep B', 'Polio']),
    shape('performer', ORGANIZATION_REFERENCE, 'Organization'),
    shape('reaction-date', dates),
    shape('dose-number', numbers),
  ],
  Observation: [
    ...COMMON,
    shape('status', one(['final', 'amended']), 'not'),
    ...concepts('code', 'http://loinc.org', ['1', '2']),
    ...concepts('combo-code', 'http://loinc.org', ['1', '3']),
    shape('patient', patientReference),
    shape('subject', patientReference, 'Patient'),
    shape('date', dates),
    shape('value-quantity', quantities),
    shape('combo-value-quantity', quantities),
    shape('component-value-quantity', quantities),
    ...concepts('value-concept', 'urn:value', ['y', 'n']),
    shape('value-date', dates),
    shape(
      'code-value-quantity',
      fc.tuple(conceptOf('http://loinc.org', ['1', '2']), quantities).map((parts) => parts.join('$')),
    ),
    shape(
      'combo-code-value-quantity',
      fc.tuple(one(['1', 'http://loinc.org|3']), quantities).map((parts) => parts.join('$')),
    ),
    shape(
      'component-code-value-quantity',
      fc.tuple(one(['1', '3']), quantities).map((parts) => parts.join('$')),
    ),
    shape(
      'code-value-concept',
      fc.tuple(one(['1', '2']), one(['y', 'urn:value|n'])).map((parts) => parts.join('$')),
    ),
    shape(
      'code-value-string',
      fc.tuple(one(['1', '2']), one(['pos', 'NEG'])).map((parts) => parts.join('$')),
    ),
    shape(
      'code-value-date',
      fc.tuple(one(['1', '2']), dates).map((parts) => parts.join('$')),
    ),
  ],
};

const TYPES_SEARCHED = Object.keys(SHAPES);

const plainCriterion = (type: string): fc.Arbitrary<Criterion> =>
  one(SHAPES[type] ?? []).chain(([names, values]) =>
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          name: one(names),
          value: fc.array(values, { minLength: 1, maxLength: 2 }).map((all) => all.join(',')),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          name: fc.constant(`${(names[0] ?? '').split(':')[0] ?? ''}:missing`),
          value: one(['true', 'false']),
        }),
      },
    ),
  );

/** Chains from doses and findings to patients, and back. */
const criterion = (type: string): fc.Arbitrary<Criterion> => {
  const chained =
    type === 'Patient'
      ? one(['Immunization', 'Observation']).chain((other) =>
          plainCriterion(other).map(({ name, value }) => ({ name: `_has:${other}:patient:${name}`, value })),
        )
      : fc
          .tuple(plainCriterion('Patient'), one(['patient', 'patient:Patient']))
          .map(([{ name, value }, reference]) => ({ name: `${reference}.${name}`, value }));
  return fc.oneof({ weight: 5, arbitrary: plainCriterion(type) }, { weight: 1, arbitrary: chained });
};

/** Both ends of a stretch, or other criteria that repeat one parameter. */
const DATED: Readonly<Record<string, readonly string[]>> = {
  Patient: ['birthdate', 'death-date', '_has:Immunization:patient:date'],
  Immunization: ['date', 'reaction-date', 'patient.birthdate', 'patient:Patient.death-date'],
  Observation: ['date', 'value-date', 'patient.birthdate'],
};
const repeated = (type: string): fc.Arbitrary<Criterion[]> =>
  one(DATED[type] ?? []).chain((name) =>
    fc.array(
      dates.map((value) => ({ name, value })),
      { minLength: 2, maxLength: 3 },
    ),
  );

const SORTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Patient: [
    undefined,
    'birthdate',
    '-birthdate',
    'family',
    '-family',
    '_id',
    '-_id',
    'family,-birthdate',
    '-_lastUpdated',
  ],
  Immunization: [undefined, 'date', '-date', '_lastUpdated', '-_id', '-date,_id'],
  Observation: [undefined, 'date', '-date', '-_lastUpdated'],
};

/** A search, how many matches a page has, and whether the few it is asked of are named. */
export interface Asked extends Search {
  readonly count: number;
  readonly isNarrow: boolean;
}

export const asked: fc.Arbitrary<Asked> = one(TYPES_SEARCHED).chain((type) =>
  fc
    .record({
      criteria: fc.oneof(
        { weight: 4, arbitrary: fc.array(criterion(type), { minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: repeated(type) },
      ),
      sort: one(SORTS[type] ?? []),
      count: fc.integer({ min: 1, max: 20 }),
      isNarrow: fc.boolean(),
    })
    .map(({ sort, ...rest }) => ({ type, ...rest, ...(sort !== undefined && { sort }) })),
);

/** By which parameters each type is asked in generated queries: every one of R4 and of the registry's own. */
import fc from 'fast-check';
import {
  CITIES,
  CODES,
  CONFIDENTIALITY,
  CVX,
  DISEASE,
  FAMILIES,
  GIVEN,
  REASON,
  TYPES,
  one,
} from './people.ts';
import {
  COMMON,
  concepts,
  conceptOf,
  dates,
  identifiers,
  numbers,
  organizationReference,
  patientReference,
  quantities,
  shape,
  string,
  together,
  type Shape,
} from './shapes.ts';

const OWN_SETS = 'https://fhir-iis.org/fhir/ValueSet/';
const HL7_SETS = 'http://hl7.org/fhir/ValueSet/';
const GENDER = 'http://hl7.org/fhir/administrative-gender';
const ADDRESS_USE = 'http://hl7.org/fhir/address-use';
const RACE = 'urn:oid:2.16.840.1.113883.6.238';
const LOINC = 'http://loinc.org';
const FORECAST = 'http://hl7.org/fhir/us/immds/CodeSystem/ForecastStatus';
const VALIDITY = 'http://terminology.hl7.org/CodeSystem/immunization-evaluation-dose-status';

const PATIENT: readonly Shape[] = [
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
  ...string('address-state', ['OR', 'WA']),
  ...string('address-country', ['US', 'Österreich']),
  ...string('address-postalcode', ['97301', '97301-1234']),
  shape('address-use', one(['home', `${ADDRESS_USE}|old`, 'urn:no|home']), 'not'),
  shape('gender', one(['female', `${GENDER}|male`, 'other']), 'not'),
  [['gender:in', 'gender:not-in'], one([`${HL7_SETS}administrative-gender`])],
  shape('phone', one(['555-1', 'a@b.example'])),
  shape('email', one(['555-1', 'a@b.example']), 'not'),
  shape('telecom', one(['555-1', 'a@b.example', '|555-1'])),
  shape('birthdate', dates),
  shape('death-date', dates),
  shape('deceased', one(['true', 'false'])),
  shape('birth-order', numbers),
  ...string('mothers-maiden-name', ['Nguyễn', "O'Hara"]),
  shape('general-practitioner', organizationReference, 'Organization'),
  ...concepts('language', 'urn:ietf:bcp:47', ['en', 'vi']),
  shape('link', patientReference, 'Patient'),
  shape('organization', organizationReference, 'Organization'),
  shape('race', one(['2106-3', `${RACE}|2108-9`, `${RACE}|`, '|2106-3']), 'not'),
  [['race:below', 'race:above'], one([`${RACE}|2106-3`, `${RACE}|2108-9`])],
  shape('ethnicity', one(['2135-2', `${RACE}|2186-5`]), 'not'),
  ...concepts('registry-status', 'urn:status', ['A', 'I']),
  ...concepts('provider-status', 'urn:status', ['A', 'I']),
  shape('provider-organization', organizationReference),
  shape('provider-status-at', together(organizationReference, one(['A', 'urn:status|I']))),
];

const IMMUNIZATION: readonly Shape[] = [
  ...COMMON,
  shape('identifier', identifiers, 'not'),
  shape('status', one(['completed', 'http://hl7.org/fhir/event-status|not-done', 'urn:no|completed']), 'not'),
  ...concepts('vaccine-code', CVX, CODES),
  [
    ['vaccine-code:in', 'vaccine-code:not-in'],
    one([`${OWN_SETS}vaccine-active`, `${OWN_SETS}vaccine-non-us`]),
  ],
  [['vaccine-code:below', 'vaccine-code:above'], one(CODES).map((code) => `${CVX}|${code}`)],
  shape('patient', patientReference, 'Patient'),
  shape('date', dates),
  shape('primary-source', one(['true', 'false']), 'not'),
  ...concepts('report-origin', 'urn:origin', ['record', 'recall']),
  shape('location', one(['l1', 'Location/l2']), 'Location'),
  shape('manufacturer', one(['Organization/o1', 'o2'])),
  [['manufacturer:identifier'], one(['urn:mvx|PFR', 'PFR', 'urn:no|PFR'])],
  shape('manufacturer-code', one(['urn:mvx|PFR', 'PFR', 'MSD']), 'not'),
  ...string('lot-number', ['AB12', 'ab-13', 'C1']),
  ...string('series', ['Hep B', 'Polio']),
  shape('performer', organizationReference, 'Organization'),
  shape('reporting-organization', organizationReference, 'Organization'),
  shape('reaction', one(['v1', 'Observation/v2']), 'Observation'),
  shape('reaction-date', dates),
  ...concepts('reason-code', 'urn:reason', ['travel', 'job']),
  shape('reason-reference', one(['Observation/v1', 'v2', 'Condition/k1'])),
  ...concepts('status-reason', 'urn:reason', ['immune', 'refused']),
  ...concepts('target-disease', DISEASE, ['66071002', '14189004']),
  shape('dose-number', numbers),
];

const CONSENT: readonly Shape[] = [
  ...COMMON,
  shape('identifier', identifiers, 'not'),
  shape(
    'status',
    one(['active', 'http://hl7.org/fhir/consent-state-codes|inactive', 'urn:no|active']),
    'not',
  ),
  ...concepts('scope', 'urn:scope', ['a', 'b']),
  ...concepts('category', 'urn:category', ['c', 'd']),
  ...concepts('action', 'urn:action', ['e', 'f']),
  shape('purpose', one(['TREAT', `${REASON}|CLINTRL`, 'urn:local|', '|TREAT']), 'not'),
  [
    ['purpose:below', 'purpose:above'],
    one(['TREAT', 'CLINTRL', 'HPAYMT']).map((code) => `${REASON}|${code}`),
  ],
  shape('security-label', one(['N', `${CONFIDENTIALITY}|R`]), 'not'),
  shape('patient', patientReference, 'Patient'),
  shape(
    'consentor',
    patientReference.map((each) => `Patient/${each.replace('Patient/', '')}`),
  ),
  shape('organization', organizationReference, 'Organization'),
  shape('actor', organizationReference, 'Organization'),
  shape('data', one(['Immunization/d1', 'Observation/v1']), 'Immunization'),
  shape('source-reference', one(['Consent/c1', 'DocumentReference/x1']), 'Consent'),
  shape('date', dates),
  shape('period', dates),
];

/** The registry computes these on the day of the test. */
const computed = fc.tuple(
  one(['', 'ne', 'gt', 'ge', 'le', 'ap']),
  one(['2026-11', '2026-11-22', '2026-11-23']),
);
const dayComputed = fc.oneof(
  dates,
  computed.map((parts) => parts.join('')),
);
const dosesOfPeople = one(['Immunization/d18', 'd26', 'Immunization/d7']);

const RECOMMENDATION: readonly Shape[] = [
  shape('_lastUpdated', one(['ge2026-11-22', 'lt2026-11-22'])),
  shape('patient', patientReference, 'Patient'),
  shape('date', dayComputed),
  shape('identifier', identifiers),
  shape('information', one(['Observation/v1', 'Condition/k1'])),
  shape('status', one(['notComplete', 'agedOut', `${FORECAST}|complete`, `${FORECAST}|`]), 'not'),
  [['status:text'], one(['not', 'AGED'])],
  shape('support', dosesOfPeople, 'Immunization'),
  shape('target-disease', one(['66071002', `${DISEASE}|840539006`, '1']), 'not'),
  [['target-disease:text'], one(['covid', 'HEP'])],
  shape('vaccine-type', conceptOf(CVX, ['45', '89', '03', '213']), 'not'),
  [['vaccine-type:below', 'vaccine-type:above'], one(['45', '08']).map((code) => `${CVX}|${code}`)],
];

const EVALUATION: readonly Shape[] = [
  shape('_lastUpdated', one(['ge2026-11-22', 'lt2026-11-22'])),
  shape('patient', patientReference, 'Patient'),
  shape('date', dayComputed),
  shape('identifier', identifiers),
  shape('dose-status', one(['valid', `${VALIDITY}|notvalid`]), 'not'),
  [['dose-status:text'], one(['not', 'VALID'])],
  shape('immunization-event', dosesOfPeople, 'Immunization'),
  shape('status', one(['completed', 'entered-in-error']), 'not'),
  shape('target-disease', one(['36653000', `${DISEASE}|840539006`, '1']), 'not'),
  [['target-disease:text'], one(['mump', 'COVID'])],
];

const OBSERVATION: readonly Shape[] = [
  ...COMMON,
  shape('status', one(['final', 'amended']), 'not'),
  ...concepts('code', LOINC, ['1', '2']),
  ...concepts('combo-code', LOINC, ['1', '3']),
  shape('patient', patientReference),
  shape('subject', patientReference, 'Patient'),
  shape('date', dates),
  shape('value-quantity', quantities),
  shape('combo-value-quantity', quantities),
  shape('component-value-quantity', quantities),
  ...concepts('value-concept', 'urn:value', ['y', 'n']),
  shape('value-date', dates),
  shape('code-value-quantity', together(conceptOf(LOINC, ['1', '2']), quantities)),
  shape('combo-code-value-quantity', together(one(['1', `${LOINC}|3`]), quantities)),
  shape('component-code-value-quantity', together(one(['1', '3']), quantities)),
  shape('code-value-concept', together(one(['1', '2']), one(['y', 'urn:value|n']))),
  shape('code-value-string', together(one(['1', '2']), one(['pos', 'NEG']))),
  shape('code-value-date', together(one(['1', '2']), dates)),
];

export const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  Patient: PATIENT,
  Immunization: IMMUNIZATION,
  Consent: CONSENT,
  ImmunizationRecommendation: RECOMMENDATION,
  ImmunizationEvaluation: EVALUATION,
  Observation: OBSERVATION,
};

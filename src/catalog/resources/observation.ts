/** Observation: a reaction, a titer or another finding that bears on immunization. */
import {
  ALL_INTERACTIONS,
  composite,
  date,
  dates,
  quantity,
  reference,
  string,
  token,
  type ResourceEntry,
} from '../define.ts';
import { clinical, clinicalPatient } from '../shared.ts';

const CODE = token('code', 'CodeableConcept');
/** The observation itself, and its components. */
const BOTH = ['', 'component'];

const REQUESTS = [
  'CarePlan',
  'DeviceRequest',
  'ImmunizationRecommendation',
  'MedicationRequest',
  'NutritionOrder',
  'ServiceRequest',
] as const;
const SOURCES = [
  'DocumentReference',
  'ImagingStudy',
  'Media',
  'MolecularSequence',
  'Observation',
  'QuestionnaireResponse',
] as const;

export const observation = {
  type: 'Observation',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'performer'],
  custodians: ['performer'],
  search: {
    'based-on': reference('basedOn', ...REQUESTS),
    category: token('category', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    'code-value-concept': composite('', CODE, token('valueCodeableConcept', 'CodeableConcept')),
    'code-value-date': composite('', CODE, dates(['valueDateTime', 'valuePeriod'])),
    'code-value-quantity': composite('', CODE, quantity('valueQuantity')),
    'code-value-string': composite('', CODE, string('valueString')),
    'combo-code': token(['code', 'component.code'], 'CodeableConcept'),
    'combo-code-value-concept': composite(BOTH, CODE, token('valueCodeableConcept', 'CodeableConcept')),
    'combo-code-value-quantity': composite(BOTH, CODE, quantity('valueQuantity')),
    'combo-data-absent-reason': token(['dataAbsentReason', 'component.dataAbsentReason'], 'CodeableConcept'),
    'combo-value-concept': token(
      ['valueCodeableConcept', 'component.valueCodeableConcept'],
      'CodeableConcept',
    ),
    'combo-value-quantity': quantity([
      'valueQuantity',
      'valueSampledData',
      'component.valueQuantity',
      'component.valueSampledData',
    ]),
    'component-code': token('component.code', 'CodeableConcept'),
    'component-code-value-concept': composite(
      'component',
      CODE,
      token('valueCodeableConcept', 'CodeableConcept'),
    ),
    'component-code-value-quantity': composite('component', CODE, quantity('valueQuantity')),
    'component-data-absent-reason': token('component.dataAbsentReason', 'CodeableConcept'),
    'component-value-concept': token('component.valueCodeableConcept', 'CodeableConcept'),
    'component-value-quantity': quantity(['component.valueQuantity', 'component.valueSampledData']),
    'data-absent-reason': token('dataAbsentReason', 'CodeableConcept'),
    date: clinical('date', date('effective')),
    'derived-from': reference('derivedFrom', ...SOURCES),
    device: reference('device', 'Device', 'DeviceMetric'),
    encounter: clinical('encounter', reference('encounter', 'Encounter', 'EpisodeOfCare')),
    focus: reference('focus'),
    'has-member': reference('hasMember', 'Observation', 'MolecularSequence', 'QuestionnaireResponse'),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
    method: token('method', 'CodeableConcept'),
    'part-of': reference(
      'partOf',
      ...[
        'Immunization',
        'Procedure',
        'MedicationAdministration',
        'MedicationDispense',
        'MedicationStatement',
        'ImagingStudy',
      ],
    ),
    patient: clinicalPatient('subject'),
    performer: reference(
      'performer',
      ...['Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient', 'RelatedPerson'],
    ),
    specimen: reference('specimen', 'Specimen'),
    status: token('status', 'code', 'http://hl7.org/fhir/observation-status'),
    subject: reference('subject', 'Patient', 'Group', 'Device', 'Location'),
    'value-concept': token('valueCodeableConcept', 'CodeableConcept'),
    'value-date': dates(['valueDateTime', 'valuePeriod']),
    'value-quantity': quantity(['valueQuantity', 'valueSampledData']),
    'value-string': string(['valueString', 'valueCodeableConcept.text']),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;

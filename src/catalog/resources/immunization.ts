/** Immunization: a dose given, refused or reported from history. */
import { ALL_INTERACTIONS, date, reference, string, token, type ResourceEntry } from '../define.ts';

export const immunization = {
  type: 'Immunization',
  profiles: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-immunization'],
  interactions: ALL_INTERACTIONS,
  patient: ['patient'],
  custodians: ['performer.actor'],
  search: {
    identifier: token('identifier', 'Identifier'),
    status: token('status', 'code'),
    'vaccine-code': token('vaccineCode', 'CodeableConcept'),
    date: date('occurrence'),
    patient: reference('patient', 'Patient'),
    performer: reference('performer.actor', 'Organization', 'Practitioner', 'PractitionerRole'),
    location: reference('location', 'Location'),
    'lot-number': string('lotNumber'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;

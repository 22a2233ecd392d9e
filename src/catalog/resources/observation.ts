/** Observation: a reaction, a titer or another finding that bears on immunization. */
import { ALL_INTERACTIONS, period, reference, token, type ResourceEntry } from '../define.ts';
import { clinical, clinicalPatient } from '../shared.ts';

export const observation = {
  type: 'Observation',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['subject', 'performer'],
  custodians: ['performer'],
  search: {
    category: token('category', 'CodeableConcept'),
    code: clinical('code', token('code', 'CodeableConcept')),
    date: clinical('date', period('effective')),
    encounter: clinical('encounter', reference('encounter', 'Encounter', 'EpisodeOfCare')),
    focus: reference('focus'),
    identifier: clinical('identifier', token('identifier', 'Identifier')),
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
    status: token('status', 'code', 'http://hl7.org/fhir/observation-status'),
    subject: reference('subject', 'Patient', 'Group', 'Device', 'Location'),
    'value-concept': token('valueCodeableConcept', 'CodeableConcept'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;

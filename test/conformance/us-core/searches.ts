/** The searches of the US Core server CapabilityStatement, each of which finds one record. */
const text = encodeURIComponent;
const MRN = text('http://clinic.example.org/mrn|us-core-1');

/** Id of the record of a name. */
type IdOf = (name: string) => string;

/** What is found, and the queries that find it. */
type Searches = readonly (readonly [name: string, ...queries: readonly string[]])[];

/** Under the ids of requirements.ts. */
export const SEARCHES: Readonly<Record<string, (idOf: IdOf) => Searches>> = {
  '52': () => [['Patient', 'identifier=us-core-1']],
  '55': () => [['Patient', 'identifier=us-core-1', `identifier=${MRN}`]],
  '58': (idOf) => [
    [
      'Immunization',
      `patient=${idOf('Patient')}&lot-number=AB12`,
      `patient=Patient/${idOf('Patient')}&lot-number=AB12`,
    ],
  ],
  '61': () => [['Patient', 'birthdate=2015-03-01&name=okafor', 'birthdate=ge2015-03-01&name=okafor']],
  '62': (idOf) => [
    [
      'Immunization',
      `date=${text('2024-03-01T10:15:30-08:00')}`,
      `date=${text('2024-03-01T18:15:30+00:00')}`,
      `date=${text('lt2024-03-01T10:15:31-08:00')}&lot-number=AB12&patient=${idOf('Patient')}`,
    ],
  ],
  '390': (idOf) => [['not given', `patient=${idOf('Patient')}&status=not-done`]],
  '455': () => [['Organization', `identifier=${text('http://hl7.org/fhir/sid/us-npi|1234567893')}`]],
  '456, 457': () => [['Organization', 'identifier=12345', 'identifier=38D0000001']],
  '466, 467': () => [['Patient', 'family=eze', 'address=bend']],
  '473': (idOf) => [['PractitionerRole', `practitioner=${idOf('Practitioner')}`]],
  Patient: (idOf) => [
    [
      'Patient',
      `_id=${idOf('Patient')}`,
      'identifier=us-core-1',
      'name=okafor',
      'birthdate=2015-03-01&name=okafor',
      'gender=female&name=okafor',
    ],
  ],
  'Patient, more': () => [
    [
      'Patient',
      'birthdate=2015-03-01&family=okafor',
      'family=okafor&gender=female',
      'death-date:missing=true&family=okafor',
    ],
    ['Patient who died', 'death-date=2020-01-01&family=okonkwo'],
  ],
  Immunization: (idOf) => [['Immunization', `patient=${idOf('Patient')}&lot-number=AB12`]],
  'Immunization, more': (idOf) => [
    [
      'Immunization',
      `patient=${idOf('Patient')}&date=2024-03-01`,
      `patient=${idOf('Patient')}&status=completed&lot-number=AB12`,
    ],
  ],
  Organization: () => [['Organization', 'name=riverside', 'address=salem']],
  Practitioner: (idOf) => [
    [
      'Practitioner',
      'name=lindqvist',
      `identifier=${text('http://hl7.org/fhir/sid/us-npi|1003000126')}`,
      `_id=${idOf('Practitioner')}`,
    ],
  ],
  PractitionerRole: (idOf) => [
    ['PractitionerRole', 'specialty=163W00000X', `practitioner=Practitioner/${idOf('Practitioner')}`],
  ],
  Location: () => [
    [
      'Location',
      'name=riverside',
      'address=salem',
      'address-city=salem',
      'address-state=OR',
      'address-postalcode=97301',
    ],
  ],
  RelatedPerson: (idOf) => [
    [
      'RelatedPerson',
      `_id=${idOf('RelatedPerson')}`,
      `patient=${idOf('Patient')}`,
      'name=ifeoma',
      `patient=${idOf('Patient')}&name=ifeoma`,
    ],
  ],
};

/** One resource of each US Core profile that a registry keeps, with every element that must be supported. */
const NPI = 'http://hl7.org/fhir/sid/us-npi';
export const CVX = 'http://hl7.org/fhir/sid/cvx';
export const NDC = 'http://hl7.org/fhir/sid/ndc';
const ROLES = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
export const profile = (name: string): string => US_CORE + name;

const address = {
  line: ['12 Main St'],
  city: 'Salem',
  state: 'OR',
  postalCode: '97301',
  country: 'US',
};
const telecom = [{ system: 'phone', value: '+15035550100', use: 'work' }];
const concept = (system: string, code: string): object => ({ coding: [{ system, code }] });
export const to = (type: string, id: string): { reference: string } => ({ reference: `${type}/${id}` });

export const patient = {
  resourceType: 'Patient',
  meta: { profile: [profile('patient')] },
  identifier: [{ system: 'http://clinic.example.org/mrn', value: 'us-core-1' }],
  name: [
    { use: 'official', family: 'Okafor', given: ['Ada', 'Ngozi'], suffix: ['Jr'] },
    { use: 'old', family: 'Eze', given: ['Ada'], period: { end: '2019-05-01' } },
  ],
  telecom: [{ system: 'phone', value: '+15035550101', use: 'mobile' }],
  gender: 'female',
  birthDate: '2015-03-01',
  address: [address, { use: 'old', line: ['1 Hill Rd'], city: 'Bend', state: 'OR', postalCode: '97701' }],
  communication: [{ language: concept('urn:ietf:bcp:47', 'en') }],
};

export const died = {
  identifier: [{ system: 'http://clinic.example.org/mrn', value: 'us-core-2' }],
  name: [{ family: 'Okonkwo', given: ['Obi'] }],
  address: [{ state: 'OR' }],
  deceasedDateTime: '2020-01-01',
};

export const organization = {
  resourceType: 'Organization',
  meta: { profile: [profile('organization')] },
  identifier: [
    { system: NPI, value: '1234567893' },
    { system: 'urn:oid:2.16.840.1.113883.6.300', value: '12345' },
    { system: 'urn:oid:2.16.840.1.113883.4.7', value: '38D0000001' },
  ],
  active: true,
  name: 'Riverside Clinic',
  telecom,
  address: [address],
};

export const practitioner = {
  resourceType: 'Practitioner',
  meta: { profile: [profile('practitioner')] },
  identifier: [{ system: NPI, value: '1003000126' }],
  name: [{ family: 'Lindqvist', given: ['Maja'] }],
  telecom,
  address: [address],
};

export const role = (practitionerId: string, organizationId: string, locationId: string) => ({
  resourceType: 'PractitionerRole',
  meta: { profile: [profile('practitionerrole')] },
  practitioner: to('Practitioner', practitionerId),
  organization: to('Organization', organizationId),
  code: [concept('http://terminology.hl7.org/CodeSystem/practitioner-role', 'nurse')],
  specialty: [concept('http://nucc.org/provider-taxonomy', '163W00000X')],
  location: [to('Location', locationId)],
  telecom,
  endpoint: [{ display: 'Direct' }],
});

export const location = (organizationId: string) => ({
  resourceType: 'Location',
  meta: { profile: [profile('location')] },
  status: 'active',
  name: 'Riverside Clinic, ground floor',
  telecom,
  address,
  managingOrganization: to('Organization', organizationId),
});

export const relatedPerson = (patientId: string) => ({
  resourceType: 'RelatedPerson',
  meta: { profile: [profile('relatedperson')] },
  active: true,
  patient: to('Patient', patientId),
  relationship: [concept('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'MTH')],
  name: [{ family: 'Okafor', given: ['Ifeoma'] }],
  telecom: [{ system: 'phone', value: '+15035550102' }],
  address: [address],
});

interface Given {
  readonly patient: string;
  readonly practitioner: string;
  readonly organization: string;
  readonly location: string;
}

/** A dose, with what US Core 7.0 and 8.0 add. */
export const dose = (given: Given) => ({
  resourceType: 'Immunization',
  meta: { profile: [profile('immunization')] },
  status: 'completed',
  vaccineCode: {
    coding: [
      { system: CVX, code: '08' },
      { system: NDC, code: '00006-4981-01' },
    ],
  },
  patient: to('Patient', given.patient),
  encounter: { display: 'Well-child visit' },
  occurrenceDateTime: '2024-03-01T10:15:30-08:00',
  primarySource: true,
  location: to('Location', given.location),
  lotNumber: 'AB12',
  performer: [
    { actor: to('Practitioner', given.practitioner) },
    { actor: to('Organization', given.organization) },
  ],
});

export const notGiven = (patientId: string) => ({
  resourceType: 'Immunization',
  meta: { profile: [profile('immunization')] },
  status: 'not-done',
  statusReason: concept('http://terminology.hl7.org/CodeSystem/v3-ActReason', 'PATOBJ'),
  vaccineCode: concept(CVX, '03'),
  patient: to('Patient', patientId),
  occurrenceDateTime: '2024-04-01',
  primarySource: true,
});

/** Who recorded resources, and the organization that sent them. */
export const provenance = (organizationId: string, ...targets: readonly { reference: string }[]) => ({
  resourceType: 'Provenance',
  meta: { profile: [profile('provenance')] },
  target: targets,
  recorded: '2024-03-01T18:15:30Z',
  agent: [
    {
      type: concept(ROLES, 'author'),
      who: { display: 'A nurse whose name was sent as text' },
      onBehalfOf: to('Organization', organizationId),
    },
    {
      type: concept(
        'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
        'transmitter',
      ),
      who: to('Organization', organizationId),
    },
  ],
});

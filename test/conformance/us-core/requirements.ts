/**
 * The requirements of US Core 6.1 on servers that bear on the types a registry keeps, in our own words, under the
 * numbers of the requirement set of Inferno's US Core test kit; and what 7.0 and 8.0 add to Immunization. Those on
 * clients, on types that are not kept here (medications, notes, vital signs …) and on certified health IT are left out.
 */
type Strength = 'SHALL' | 'SHOULD';

export interface Requirement {
  /** Numbers in the set of 6.1.0; a name where only the CapabilityStatement says it. */
  readonly id: string;
  readonly strength: Strength;
  readonly says: string;
  /** The suite that shows it, where it is not this one. */
  readonly shownBy?: string;
  /** Why it is decided otherwise, or is not the server's to keep. */
  readonly deviation?: string;
}

const shall = (id: string, says: string, more: Partial<Requirement> = {}): Requirement => ({
  id,
  strength: 'SHALL',
  says,
  ...more,
});
const should = (id: string, says: string, more: Partial<Requirement> = {}): Requirement => ({
  ...shall(id, says, more),
  strength: 'SHOULD',
});

const REST = 'REST rules';
const AUTHORIZATION = 'test/auth, test/policy';

export const REQUIREMENTS: readonly Requirement[] = [
  shall(
    '1, 13, 75, 90–99',
    'Every element that is mandatory or must be supported can be stored and is served.',
  ),
  should('2, 16', 'The supported profiles are named in supportedProfile.'),
  shall('14', 'The CapabilityStatement instantiates that of a US Core server.'),
  shall('15', 'The statement says in full what the server does.', { shownBy: `${REST} 105, 106` }),
  shall('17', 'The interactions of each profile’s type are declared.'),
  shall('18–21', 'A code outside a required binding is refused, and text does not stand for it.'),
  shall('23, 27', 'A code outside an extensible binding is taken, with a warning.'),
  shall('39', 'An element that nobody has said is left out.'),
  shall('40–49', 'A mandatory element that is not known carries a reason for its absence.', {
    deviation:
      'A registry does not take a person without name or birth date, or a dose without date; a vaccine that is not known has a CVX code of its own (999), a gender is stored as unknown.',
  }),
  shall('51', 'What is searched by GET is searched by POST.'),
  shall('52', 'Every search can be made by GET.'),
  shall('55', 'A token is searched by its code, and by system and code.'),
  shall('58', 'A reference is searched by id, and by type and id.'),
  shall('61', 'A date is searched by day.'),
  shall('62', 'A dateTime is searched by second and zone.'),
  should('63', 'A search need not name a status.'),
  should('174', 'References name a logical id.'),
  should('176', 'Resources are not contained in others.', {
    deviation: 'What a sender contains is stored and served as it was sent.',
  }),
  should('187', 'Records are not deleted.', {
    deviation:
      'DELETE is offered; history keeps every version, and a patient with a record cannot be deleted (409).',
  }),
  should('188, 190', 'What was entered in error says so, and is found by searches.'),
  should('193–199', 'Resources are translated into the language asked for.', {
    deviation: 'Nothing is translated; language is served as it was sent.',
  }),
  shall('266', 'The original source of what was passed on is kept.'),
  shall('390', 'A dose not given has status not-done, and may say why.'),
  shall('391', 'A dose has a CVX code.'),
  should('392', 'An NDC is kept beside the CVX code.'),
  should('393, 394', 'CVX and NDC go by the URIs that HL7 gives them.'),
  shall('455', 'Organizations have National Provider Identifiers.'),
  should('456, 457', 'Organizations have NAIC and CLIA numbers.'),
  should('466, 467', 'Previous names and addresses are told by their use.'),
  should('472', 'A social security number does not stand in an identifier.'),
  shall('473', 'PractitionerRole is kept, so that a practitioner is found with where and how to reach them.'),
  shall('499, 503, 506', 'Provenance of doses, patients and related persons is kept and brought along.'),
  shall('508', 'Who sent information is kept as the one on whose behalf an agent acted.'),
  should('532', 'SMART App Launch is supported.', { shownBy: AUTHORIZATION }),
  shall('533, 534', 'The Patient profile and at least one other are supported.'),
  shall('535', 'The server behaves as FHIR’s RESTful API says.', { shownBy: REST }),
  shall('536', 'An invalid parameter is answered with 400.'),
  shall('537, 538, 543', 'What is not authorized is answered with 401, 403 or 404.', {
    shownBy: AUTHORIZATION,
  }),
  shall('539', 'An unknown resource is answered with 404.'),
  shall('540', 'JSON is served and taken.'),
  should('541', 'XML is served and taken.', {
    deviation: 'JSON alone: a second format doubles what can differ.',
  }),
  should('542', 'A resource names the profiles that it meets in meta.profile.', {
    deviation: 'What the sender claims is checked and kept; the server claims nothing in its stead.',
  }),
  should('548', '$expand is offered.'),
  shall('558', 'Clocks go by one source of time.', {
    deviation: 'A matter of the machine: docs/operations.md says what to set up.',
  }),
  shall('562', 'Every transaction is recorded.', { shownBy: 'test/audit' }),
  shall('564, 568', 'Connections that are not within a safe network are encrypted (TLS 1.2 or newer).', {
    deviation: 'A matter of the proxy in front of the server: docs/operations.md.',
  }),
  shall('570', 'Clients are authorized by SMART App Launch.', { shownBy: AUTHORIZATION }),
  shall('572', 'Consent is kept to as the jurisdiction demands.', { shownBy: 'test/consent' }),
  shall('Patient', '_id, identifier, name, birthdate with name, gender with name find a patient.'),
  should('Patient, more', 'birthdate with family, family with gender, death-date with family do too.'),
  shall('Immunization', 'patient finds doses.'),
  should('Immunization, more', 'patient with date, and patient with status, do too.'),
  shall('Organization', 'name and address find an organization.'),
  shall('Practitioner', 'name and identifier find a practitioner; _id should.'),
  shall('PractitionerRole', 'specialty and practitioner find a role; the practitioner can be included.'),
  shall('Location', 'name and address find a location; city, state and postal code should.'),
  shall('RelatedPerson', '_id finds a related person; patient, name and both together should.'),
  shall('7.0 and 8.0, Immunization', 'encounter, location, lotNumber, performer and its actor are kept.'),
];

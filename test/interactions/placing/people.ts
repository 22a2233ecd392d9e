/** People of the tests of placing: whole enough to be told apart, and the same again as another clinic writes them. */
import { call, type Reply } from '../../world/requests.ts';
import type { World } from '../../world/world.ts';

export const CLINIC_MRN = 'http://lakeside.example.org/mrn';

/** A child as its first clinic describes it. */
export const maya = (more: object = {}): object => ({
  resourceType: 'Patient',
  identifier: [{ system: 'http://harbor.example.org/mrn', value: 'H-1' }],
  name: [{ family: 'Okonkwo-Reyes', given: ['Maya', 'Lucia'] }],
  gender: 'female',
  birthDate: '2023-04-17',
  telecom: [{ system: 'phone', value: '804-555-0142' }],
  address: [{ line: ['118 Walnut Street'], city: 'Richmond', state: 'VA', postalCode: '23220' }],
  extension: [
    { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: 'Reyes' },
  ],
  ...more,
});

/** The same child as another clinic writes it: no second name, the street in short. */
export const mayaAgain = (more: object = {}): object =>
  maya({
    identifier: [{ system: CLINIC_MRN, value: 'L-77' }],
    name: [{ family: 'Okonkwo Reyes', given: ['Maya'] }],
    address: [{ line: ['118 Walnut St'], city: 'Richmond', state: 'VA', postalCode: '23220' }],
    ...more,
  });

/** Her brother at the same address. */
export const brother = (more: object = {}): object =>
  maya({
    identifier: [{ system: 'http://harbor.example.org/mrn', value: 'H-2' }],
    name: [{ family: 'Okonkwo-Reyes', given: ['Daniel'] }],
    gender: 'male',
    birthDate: '2020-09-02',
    ...more,
  });

/** A record that may be hers: another given name, all the rest the same. */
export const unclear = (more: object = {}): object =>
  mayaAgain({ name: [{ family: 'Okonkwo Reyes', given: ['Esperanza'] }], ...more });

/** Sends a Patient as a system that does not know the registry's id. */
export const arrives = (
  w: Pick<World, 'url'>,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> => call(w, 'POST', '/Patient', { body, headers: { prefer: 'placing=match', ...headers } });

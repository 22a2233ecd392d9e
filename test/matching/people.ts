/** People for tests of matching: a test says only what matters to it. */
import type { Person } from '../../src/matching/person.ts';
import { nameOf, type WrittenName } from '../../src/matching/normalize.ts';

/** A person with everything a registry likes to know, but for what the test says. */
export function person(but: Partial<Person> & { readonly name?: WrittenName } = {}): Person {
  const { name = { given: ['Oliver', 'Mason'], family: 'Arnold' }, ...rest } = but;
  return {
    names: [nameOf(name)],
    birthDate: '2019-04-23',
    sex: 'male',
    places: [{ number: '3543', street: 'hearth ln', city: 'alderwood', zip: '22033' }],
    phones: ['7035550123'],
    emails: [],
    identifiers: [],
    secrets: [],
    mothersMaidenName: 'banks',
    ...rest,
  };
}

/** RXA-10, RXA-11, ORC-10 and ORC-12: who gave, ordered and entered a dose, and where. */
import type { Immunization, Practitioner } from '@medplum/fhirtypes';
import type { Repetition } from '../message.ts';
import type { About } from './order.ts';
import type { Reading } from './patient.ts';
import { hdOf, practitionerOf } from './read.ts';
import { coding, isNobody, systemOf, table } from './systems.ts';

/** Functions of table 0443, and the names that people have inside the dose. */
const FUNCTIONS = {
  AP: 'Administering Provider',
  OP: 'Ordering Provider',
  EP: 'Entering Provider',
} as const;

type Who = Pick<Immunization, 'contained' | 'performer' | 'location'>;

/** People are kept inside the dose: v2 names them, but they are not accounts or staff that the registry knows. */
export function performersOf({ organization }: Reading, { group, rxa, isOwn }: About): Who {
  const people = [
    personOf('AP', rxa.field(10)[0]),
    personOf('OP', group.orc?.field(12)[0]),
    personOf('EP', group.orc?.field(10)[0]),
  ].flatMap((person) => person ?? []);
  const performer = [
    ...people.map(({ id = '' }) => ({
      function: {
        coding: [
          coding(table('0443'), id.toUpperCase(), FUNCTIONS[id.toUpperCase() as keyof typeof FUNCTIONS]),
        ],
      },
      actor: { reference: `#${id}` },
    })),
    ...(isOwn ? [{ actor: { reference: organization } }] : []),
  ];
  return {
    ...(people.length > 0 && { contained: people }),
    ...(performer.length > 0 && { performer }),
    ...locationOf(rxa.field(11)[0]),
  };
}

const personOf = (role: keyof typeof FUNCTIONS, sent: Repetition | undefined): Practitioner | undefined =>
  practitionerOf(sent, role.toLowerCase());

/** The facility is the fourth component; older messages have it in the first. */
function locationOf(sent: Repetition | undefined): Pick<Immunization, 'location'> {
  const facility = isNobody(hdOf(sent, 4)) ? hdOf(sent, 1) : hdOf(sent, 4);
  if (isNobody(facility)) return {};
  const value = facility.namespace || facility.universal;
  return { location: { identifier: { system: systemOf(facility), value }, display: value } };
}

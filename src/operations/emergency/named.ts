/** Whom an emergency access is asked for, and whether somebody on file is that person: nothing is guessed. */
import { fail } from '../../core/failure.ts';
import type { Ask } from '../../core/context.ts';
import { MOST_CANDIDATES } from '../../interactions/arrival.ts';
import { arrivingPerson, storedPerson } from '../../interactions/person-of-record.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { blocksOfPerson } from '../../matching/blocking.ts';
import type { Person } from '../../matching/person.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Stored } from '../../storage/store.ts';
import { patientIn } from '../match.ts';

/**
 * The person named.
 * @throws Failure `required` for a description that names nobody
 */
export function personNamed({ secrets }: Pick<Rooms, 'secrets'>, ask: Ask): Person {
  const person = arrivingPerson(secrets, patientIn(ask));
  const [name] = person.names;
  const isNamed = name?.family !== undefined && name.given !== undefined;
  const isTold = person.birthDate !== undefined || person.identifiers.length > 0 || person.secrets.length > 0;
  return isNamed && isTold
    ? person
    : fail('required', 'Name one person: family and first given name, and the birth date or an identifier.');
}

/** The one person on file who is named and whom the grant shows; undefined for nobody, for several, for a hidden one. */
export async function oneNamed(rooms: Rooms, grant: Grant, person: Person): Promise<Stored | undefined> {
  const keys = { blocks: blocksOfPerson(person), secretKeys: person.secrets };
  const candidates = await rooms.store.candidates(keys, MOST_CANDIDATES);
  const ids = candidates
    // What one submitter alone reported of a person is not that person's record.
    .filter(({ replacedBy, linkedTo }) => replacedBy === undefined && linkedTo === undefined)
    .filter((stored) => isNamed(person, storedPerson(stored)))
    .map(({ _id }) => _id);
  const shown = await rooms.store.readMany(grant, 'Patient', ids);
  return shown.length === 1 ? shown[0] : undefined;
}

/** Whether all that is said of the named person is on file of the other. */
function isNamed(named: Person, other: Person): boolean {
  const [name] = named.names;
  const { birthDate } = named;
  return (
    other.names.some(({ family, given }) => family === name?.family && given === name?.given) &&
    (birthDate === undefined || birthDate === other.birthDate) &&
    hasNumbers(named, other)
  );
}

const hasNumbers = (named: Person, other: Person): boolean =>
  named.secrets.every((each) => other.secrets.includes(each)) &&
  named.identifiers.every(({ system, value }) =>
    other.identifiers.some((each) => each.system === system && each.value === value),
  );

/**
 * The benchmark's people stored straight, many in one transaction: every document as a transaction of theirs over HTTP
 * would have left it, but without its record in the log, and without the reservations that go after a day. A test holds
 * the two ways equal.
 */
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { parseJson } from '../../fhir/json.ts';
import { fewAtOnce } from '../../interactions/at-once.ts';
import { prepare } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { sighted } from '../../interactions/sight.ts';
import { make, type Unit } from '../../storage/write.ts';
import type { Bodies } from './bodies.ts';
import type { Known } from './scenarios.ts';

/** People in one transaction. */
const BATCH = 25;
/** People who are remembered, evenly spread over all: what is asked for is not a corner of the store. */
const REMEMBERED = 20_000;

type Person = ReturnType<Bodies['transaction']>;
interface Stored {
  readonly person: Person;
  readonly patient: string;
  readonly doses: readonly string[];
}

/**
 * Stores so many people of ten doses each in an empty store.
 * @returns what can be asked for, of some of them
 * @throws Error where the store refuses them
 */
export async function fill(rooms: Rooms, people: number, bodies: Bodies): Promise<Known> {
  const known = { patients: [] as string[], doses: [] as string[], people: [] as Known['people'][number][] };
  const every = Math.max(1, Math.ceil(people / REMEMBERED));
  const batch = async (size: number, at: number): Promise<void> => {
    const some = Array.from({ length: size }, () => personOf(rooms, bodies.transaction()));
    const unit = some.flatMap((each) => each.unit);
    const clash = await rooms.store.commit(await sighted(rooms, unit));
    if (clash !== undefined)
      throw new Error(`The store refused people of the benchmark: ${clash.why} in ${clash.in}`);
    for (const [nth, { person, patient, doses }] of some.entries()) {
      if ((at * BATCH + nth) % every !== 0) continue;
      known.patients.push(patient);
      // One of them, another of each.
      known.doses.push(...doses.slice(known.patients.length % doses.length).slice(0, 1));
      known.people.push(person.who);
    }
  };
  const [first = 0, ...others] = sizes(people);
  // The first of an index that has several keys of one document changes the index itself: alone, it meets nobody.
  await batch(first, 0);
  await fewAtOnce(others, (size, at) => batch(size, at + 1));
  return known;
}

const sizes = (people: number): readonly number[] =>
  Array.from({ length: Math.ceil(people / BATCH) }, (_, at) => Math.min(BATCH, people - at * BATCH));

/** One person's transaction as documents. */
function personOf(rooms: Rooms, person: Person): Stored & { readonly unit: Unit } {
  const { entry = [] } = parseJson(person.json) as Bundle;
  const entries = entry.map(({ fullUrl = '', resource }) => ({
    fullUrl,
    id: rooms.newId(),
    resource: resource as Resource,
  }));
  const [patient, ...doses] = entries.map(({ id }) => id);
  const [itself] = entries;
  const unit = entries.flatMap(({ id, resource }) => {
    const { stored } = prepare(rooms, referring(resource, itself), {
      id,
      version: 1,
      lastUpdated: rooms.now(),
    });
    return make(resource.resourceType, stored);
  });
  return { person, patient: patient ?? '', doses, unit };
}

const referring = (resource: Resource, patient: { readonly id: string } | undefined): Resource =>
  resource.resourceType === 'Immunization' && patient !== undefined
    ? { ...resource, patient: { reference: `Patient/${patient.id}` } }
    : resource;

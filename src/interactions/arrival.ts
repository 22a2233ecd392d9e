/**
 * Where a Patient belongs that comes from somebody who does not know the registry's id: to a person on file, to a
 * new one, or before a person's eyes. Placing and showing are two decisions: all people are looked through, and a
 * match that the caller may not see is answered as if there were none (docs/matching.md, "What arrives").
 */
import { createHash } from 'node:crypto';
import type { Patient, Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { blocksOfPerson, keysOf } from '../matching/blocking.ts';
import { decide, judge, type Answer, type Judged } from '../matching/patients.ts';
import type { Person } from '../matching/person.ts';
import { scorerFor } from '../matching/scorers.ts';
import { placementIdOf, type Placement } from '../pending/placement.ts';
import { submitterOf } from '../policy/known.ts';
import { BLOCKS } from '../search/rules.ts';
import type { Link, Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import { reservation, type Target } from './condition.ts';
import { arrivingPerson, storedPerson } from './person-of-record.ts';
import type { Rooms } from './rooms.ts';
import { isStaff } from './staff.ts';
import { survivorOf } from './forwards.ts';

/** Far more than a person has by any key; what has as many says too little to be placed by. */
export const MOST_CANDIDATES = 500;

export type Found = Judged<Stored>;

/** Where a Patient belongs. */
export interface Arrival {
  /** The one on file, where the caller may see it. */
  readonly match?: Stored;
  /** It looks new to the caller, and is the record of this person. */
  readonly linkedTo?: Link;
  /** It looks new to the caller, and may be of people whom it does not see. */
  readonly maybe?: readonly Found[];
  /** Staff must settle it first. */
  readonly waits?: Waiting;
  /** What keeps others from making the same person meanwhile. */
  readonly reserve: (holder: string) => Unit;
}

export interface Waiting {
  readonly reason: 'too-little' | 'uncertain' | 'ambiguous';
  readonly candidates: readonly Found[];
  /** Under which what is decided of this very record is remembered. */
  readonly placement: string;
  /** The Task that waits already for the same record. */
  readonly task?: string;
}

/** Whether a Patient that comes with the ask is looked for. Staff, and whoever no token speaks for, may choose. */
export function isPlaced({ type, actor, prefer, door }: Ask): boolean {
  // A patient's own token makes nobody: it knows the one record that it is about.
  if (type !== 'Patient' || actor.scopes?.some(({ level }) => level === 'patient') === true) return false;
  if (!isStaff(actor)) return true;
  return prefer.placing === undefined ? door === 'hl7v2' : prefer.placing === 'match';
}

/**
 * Places a Patient.
 * @throws Failure `unavailable` while candidates cannot be found, `business-rule` for a record that staff rejected
 */
export async function arrivalOf(rooms: Rooms, target: Target, resource: Resource): Promise<Arrival> {
  if (rooms.isSearchable?.('Patient', BLOCKS) === false)
    fail('unavailable', 'People cannot be told apart just now; send the request again later.');
  const person = arrivingPerson(rooms.secrets, resource as Patient);
  const submitter = submitterOf(target.grant.known, target.ask.actor);
  const placement = placementIdOf(rooms.secrets, submitter, person);
  const reserve = await reservationOf(rooms, person);
  const known = (await rooms.store.note('placements', placement)) as Placement | undefined;
  if (known !== undefined) return asDecided(rooms, target, known, { reserve, submitter });
  const found = await candidatesOf(rooms, person, submitter);
  return { reserve, ...(await inSight(rooms, target, { person, submitter, placement, found })) };
}

interface Placing {
  readonly person: Person;
  readonly submitter: string;
  readonly placement: string;
  readonly found: readonly Found[];
}

type Placed = Omit<Arrival, 'reserve'>;

/** What staff decided of the same record before, or that they have not yet. */
async function asDecided(
  { store }: Rooms,
  { grant }: Target,
  known: Placement,
  { reserve, submitter }: Pick<Arrival, 'reserve'> & Pick<Placing, 'submitter'>,
): Promise<Arrival> {
  const { _id, state, task } = known;
  const patient = known.patient && ((await survivorOf(store, known.patient)) ?? known.patient);
  if (state === 'rejected')
    fail('business-rule', 'The staff of the registry looked at this record before and rejected it.');
  if (state === 'waits')
    return { reserve, waits: { reason: 'uncertain', candidates: [], placement: _id, task } };
  if (patient === undefined) return { reserve: (holder) => [...reserve(holder), ...madeBy(known, holder)] };
  const [match] = await store.readMany(grant, 'Patient', [patient]);
  // Where it can no longer be seen it looks new.
  return match === undefined ? { reserve, linkedTo: { person: patient, submitter } } : { reserve, match };
}

/** Remembers whom staff's word that somebody is new has made. */
const madeBy = (known: Placement, holder: string): Unit => [
  {
    do: 'replace',
    in: 'placements',
    match: { _id: known._id, state: 'new', patient: null },
    doc: { ...known, patient: holder.slice('Patient/'.length) },
  },
];

/** Everybody who may be the person, the likeliest first. What another submitter alone knows is nobody's candidate. */
export async function candidatesOf(
  rooms: Rooms,
  person: Person,
  submitter: string,
): Promise<readonly Found[]> {
  const keys = { blocks: blocksOfPerson(person), secretKeys: person.secrets };
  const all = await rooms.store.candidates(keys, MOST_CANDIDATES);
  const open = all.filter(
    ({ linkedTo, replacedBy }) =>
      replacedBy === undefined && (linkedTo === undefined || linkedTo.submitter === submitter),
  );
  // Who has a record of its own of somebody goes on with that.
  const own = new Set(open.flatMap(({ linkedTo }) => linkedTo?.person ?? []));
  const scorer = scorerFor(rooms.matching.weights, await rooms.store.size('Patient'));
  const people = open
    .filter(({ _id }) => !own.has(_id))
    .map((stored): [Stored, Person] => [stored, storedPerson(stored)]);
  return judge(scorer, person, people, rooms.matching.thresholds);
}

async function inSight(rooms: Rooms, target: Target, placing: Placing): Promise<Placed> {
  const { person, found } = placing;
  const answer = decide(person, found, rooms.matching.thresholds);
  if (answer.answer === 'no-match') return {};
  const seen = await seenOf(rooms, target, found);
  const hidden = found.filter(({ candidate }) => !seen.has(candidate._id));
  if (answer.answer === 'match' && !seen.has(answer.match.candidate._id))
    return { linkedTo: { person: answer.match.candidate._id, submitter: placing.submitter } };
  const visible = found.filter(({ candidate }) => seen.has(candidate._id));
  const again = hidden.length === 0 ? answer : decide(person, visible, rooms.matching.thresholds);
  return asSeen(again, hidden, placing);
}

async function seenOf(
  { store }: Rooms,
  { grant }: Target,
  found: readonly Found[],
): Promise<ReadonlySet<string>> {
  if (!grant.may('read', 'Patient') || found.length === 0) return new Set();
  const ids = found.map(({ candidate }) => candidate._id);
  return new Set((await store.readMany(grant, 'Patient', ids)).map(({ _id }) => _id));
}

function asSeen(answer: Answer<Stored>, hidden: readonly Found[], { placement }: Placing): Placed {
  if (answer.answer === 'match') return { match: answer.match.candidate };
  if (answer.answer === 'review')
    return { waits: { reason: answer.reason, candidates: answer.candidates, placement } };
  return hidden.length === 0 ? {} : { maybe: hidden };
}

/** What two records that come at the same moment must not both be new under. */
const GUARDED = /^[diy]:/;
const MOST_GUARDS = 8;

async function reservationOf({ store, secrets, now }: Rooms, person: Person): Promise<Arrival['reserve']> {
  const keys = [...keysOf(person).filter((key) => GUARDED.test(key)), ...person.secrets];
  const ids = keys.slice(0, MOST_GUARDS).map((key) => guardId(secrets.hash('placing', key)[0] ?? ''));
  // Before anybody is looked for: who has made the person by then is found.
  const held = await Promise.all(ids.map((_id) => store.note('reservations', _id)));
  return (holder) => ids.map((_id, at) => reservation(held[at], { _id, holder, at: now() }));
}

const guardId = (hash: string): string =>
  createHash('sha256').update('placing').update(hash).digest('base64url');

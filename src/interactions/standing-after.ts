/** The standing of a person once a unit of work is done: who the person is, what was said, who administered doses. */
import type { Consent, Patient } from '@medplum/fhirtypes';
import { standing, storing, type Person } from '../consent/standing.ts';
import type { StandingDocument, Store, Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import { packKey } from './pack-key.ts';
import type { Rooms } from './rooms.ts';
import { administeredIn, CURRENT_DOSES, isOf } from './written-in.ts';

/** A person whom a unit is about. */
export interface Subjected {
  readonly id: string;
  readonly unit: Unit;
  readonly known: StandingDocument | undefined;
  /** Of a merged person: the one that took its place. */
  readonly survivor: string | undefined;
  /** Whether the unit makes the person. */
  readonly isNew?: boolean;
}

/** What of a stored Patient bears on who may see the record. */
export function personOf({ json, linkedTo }: Pick<Stored, 'json' | 'linkedTo'>): Person {
  const { birthDate, deceasedBoolean, deceasedDateTime } = JSON.parse(json) as Patient;
  return {
    ...(birthDate !== undefined && { birthDate }),
    deceased: deceasedBoolean === true || deceasedDateTime !== undefined,
    ...(linkedTo && { submitter: linkedTo.submitter }),
  };
}

/** A change of the directives changes no status. */
const statusesKept = ({ statuses, silentSince: since }: StandingDocument): Partial<StandingDocument> => ({
  ...(statuses && { statuses }),
  ...(since !== undefined && { silentSince: since }),
});

/** The standing that a unit leaves. */
export async function nextStanding(
  rooms: Rooms,
  { id, unit, known, survivor, isNew }: Subjected,
  person: Person,
): Promise<StandingDocument> {
  const store = isNew === true ? NOTHING_STORED : rooms.store;
  const [own, others, administering] = await Promise.all([
    directivesAfter(store, unit, id),
    survivor === undefined ? [] : directivesAfter(rooms.store, unit, survivor),
    administeringAfter(store, unit, id),
  ]);
  const consents = [...own, ...others];
  const days = storing(rooms.pack, person, consents);
  return {
    _id: id,
    generation: (known?.generation ?? 0) + 1,
    touched: known?.touched ?? 0,
    pack: packKey(rooms.pack),
    person,
    restrictions: standing(rooms.pack, person, consents),
    administering,
    ...(known && statusesKept(known)),
    ...(days && { storing: days }),
  };
}

/** What of the store bears on a standing. */
type Bearings = Pick<Store, 'directivesOf' | 'administeringOf'>;

const NOTHING_STORED: Bearings = {
  directivesOf: () => Promise.resolve([]),
  administeringOf: () => Promise.resolve([]),
};

/** The directives that are there once a unit is done. */
export async function directivesAfter(store: Bearings, unit: Unit, id: string): Promise<Consent[]> {
  const stored = await store.directivesOf(id);
  const left = new Map(stored.map((each) => [each._id, each]));
  for (const write of unit.filter((each) => each.in === 'Consent')) {
    if (write.do === 'delete') left.delete(write.match._id);
    else left.set(write.doc._id, write.doc as Stored);
  }
  return [...left.values()]
    .filter(({ patients }) => patients.includes(id))
    .map(({ json }) => JSON.parse(json) as Consent);
}

async function administeringAfter(store: Bearings, unit: Unit, id: string): Promise<string[]> {
  const doses = unit.filter((write) => write.in === 'Immunization');
  const ids = doses.map((write) => (write.do === 'insert' ? write.doc._id : write.match._id));
  const others = await store.administeringOf(id, ids);
  const own = doses.flatMap((write) => (isOf(write, CURRENT_DOSES, id) ? [...administeredIn(write)] : []));
  return [...new Set([...others, ...own])].sort();
}

/**
 * Whose record a resource is part of: the patient must be in the registry, and stays as long as its record holds
 * anything; a dose without its patient would be lost to everybody.
 */
import { visibilityOf } from '../consent/visibility.ts';
import { Failure, fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { sightFor } from '../policy/rules/directives.ts';
import { isSightedBy } from '../search/holds.ts';
import type { Stored } from '../storage/store.ts';
import type { Unit, Write } from '../storage/write.ts';
import { hasDay, lifetimeFaults } from '../validation/registry/lifetime.ts';
import { Moved, survivorOf } from './forwards.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

/** What a unit of work leaves of each type: new contents by id, and undefined for what it deletes. */
export type Leaving = ReadonlyMap<string, ReadonlyMap<string, Stored | undefined>>;

/** Reads a unit of work before it is done. */
export function leavingOf(rooms: Rooms, unit: Unit): Leaving {
  const left = new Map<string, Map<string, Stored | undefined>>();
  for (const write of unit.filter((each) => rooms.catalog.has(each.in))) {
    const ofType = left.get(write.in) ?? new Map<string, Stored | undefined>();
    left.set(write.in, ofType.set(idOf(write), docOf(write)));
  }
  return left;
}

const idOf = (write: Write): string => (write.do === 'insert' ? write.doc._id : write.match._id);
/** What is written to a type's own collection is a current version. */
const docOf = (write: Write): Stored | undefined =>
  write.do === 'delete' ? undefined : (write.doc as Stored);

/** The plan of a single write, once its links are known to hold. */
export async function linked(rooms: Rooms, grant: Grant, plan: Plan): Promise<Plan> {
  await checkLinks(rooms, grant, plan.unit, leavingOf(rooms, plan.unit));
  return plan;
}

/**
 * Checks the links of some writes.
 * @param leaving what all the writes leave that are done together with them
 * @throws Failure `business-rule` for a patient that is not there, `in-use` for one that cannot be deleted
 */
export async function checkLinks(rooms: Rooms, grant: Grant, unit: Unit, leaving: Leaving): Promise<void> {
  const some = leavingOf(rooms, unit);
  for (const [type, docs] of some) {
    for (const [id, stored] of docs) {
      if (stored !== undefined) await checkPatients(rooms, grant, { type, stored }, leaving);
      else if (type === 'Patient') await checkUnused(rooms, id, leaving);
    }
  }
}

async function checkPatients(
  rooms: Rooms,
  grant: Grant,
  { type, stored }: { type: string; stored: Stored },
  leaving: Leaving,
): Promise<void> {
  if (type === 'Patient') return;
  const patients = leaving.get('Patient');
  const found = await Promise.all(
    stored.patients.map(async (id) =>
      patients?.has(id) === true ? patients.get(id) : personOf(rooms, grant, { id, type }),
    ),
  );
  await checkMoved(rooms, stored.patients, found);
  if (found.includes(undefined)) {
    refuseOrphan(rooms, type);
  }
  if (hasDay(type)) for (const person of found) checkLifetime(stored, person);
}

/** @throws Moved for the old id of a merged person, whether or not its record may be looked at */
async function checkMoved(
  { store }: Rooms,
  ids: readonly string[],
  found: readonly (Stored | 'hidden' | undefined)[],
): Promise<void> {
  for (const [at, id] of ids.entries()) {
    const person = found[at];
    const isSeen = person !== undefined && person !== 'hidden';
    const to = isSeen ? person.replacedBy : await survivorOf(store, id);
    if (to !== undefined) throw new Moved(id, to);
  }
}

/** @throws Failure `business-rule` */
export function refuseOrphan({ catalog }: Pick<Rooms, 'catalog'>, type: string): never {
  const path = catalog.get(type)?.patient[0] ?? '';
  return fail(
    'business-rule',
    'The patient that the resource refers to is not in the registry; create the Patient first.',
    [`${type}.${path}`],
  );
}

/** Of a person who may not be looked at nothing is compared: a refusal would tell when the person was born. */
function checkLifetime(dose: Stored, person: Stored | 'hidden' | undefined): void {
  if (person === undefined || person === 'hidden') return;
  const [first, ...more] = lifetimeFaults(nodeOf(dose), nodeOf(person));
  if (first !== undefined) throw new Failure(first, ...more);
}

const nodeOf = ({ json }: Stored): Readonly<Record<string, unknown>> =>
  JSON.parse(json) as Readonly<Record<string, unknown>>;

interface About {
  readonly id: string;
  /** What is written about the person. */
  readonly type: string;
}

/** Who may report doses but not look at people is told of no other person than the one it knows already. */
async function personOf(
  rooms: Rooms,
  grant: Grant,
  { id, type }: About,
): Promise<Stored | 'hidden' | undefined> {
  // A person whose record is closed to itself as well may still say who may see it.
  const isOwn = type === 'Consent' && grant.known.patients.includes(id);
  if (!isOwn && grant.may('read', 'Patient')) {
    const seen = await rooms.store.read(grant, 'read', 'Patient', id);
    // A plan may report on whom it may not look at: somebody who is no member yet.
    if (seen !== undefined || grant.for('read', 'Patient').related.length === 0) return seen;
  }
  const there = await rooms.store.holdsRecordOf('Patient', id);
  return there && (isOwn || (await isInSight(rooms, grant, id))) ? 'hidden' : undefined;
}

/** Whether no directive keeps the person from the caller, whatever else does. */
async function isInSight(rooms: Rooms, { actor, known }: Grant, id: string): Promise<boolean> {
  const clause = sightFor(rooms.pack, actor, known);
  if (clause === undefined) return true;
  const standing = (await rooms.store.standings([id])).get(id);
  const visibility = standing && visibilityOf(id, standing, [{ type: 'Patient', id }]);
  return visibility !== undefined && clause.op === 'sighted' && isSightedBy(clause, visibility);
}

/**
 * A patient leaves when nothing of the record is left.
 * @throws Failure `in-use`
 */
export async function checkUnused(rooms: Rooms, patient: string, leaving: Leaving): Promise<void> {
  const types = [...rooms.catalog.values()].filter(
    ({ type, patient: paths }) => paths.length > 0 && !KEPT_APART.has(type),
  );
  const held = await Promise.all(
    types.map(async ({ type }) => {
      const written = leaving.get(type) ?? new Map<string, Stored | undefined>();
      const comes = [...written.values()].some((stored) => stored?.patients.includes(patient));
      return comes || rooms.store.holdsRecordOf(type, patient, [...written.keys()]);
    }),
  );
  const first = types[held.indexOf(true)];
  if (first !== undefined) {
    fail(
      'in-use',
      `The patient's record still holds ${first.type} resources; delete or correct those first.`,
    );
  }
}
/** The person itself, and the record of who looked: neither keeps a patient from being deleted. */
const KEPT_APART: ReadonlySet<string> = new Set(['Patient', 'AuditEvent']);

/**
 * The Store whose forecasts are never old: it marks what a write makes stale, in the write's own transaction, and
 * computes again what is stale before it is read, by whatever way it is read. Callers who do not see every dose are
 * answered from what they do see (in-sight.ts).
 */
import { fail } from '../../core/failure.ts';
import type { NewId } from '../../core/id.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Clause } from '../../search/clause.ts';
import type { Interaction } from '../../core/context.ts';
import type { Followed, Store, Stored } from '../../storage/store.ts';
import { isDerived, type DerivedType } from './drafts.ts';
import { patientOfSight } from './ids.ts';
import { findInSight, readInSight, seesAll } from './in-sight.ts';
import { currentOf, keepCurrent, type Keeping } from './keep-current.ts';
import { marksOf, withDerived } from './marks.ts';
import { namedIn } from '../../search/named-in.ts';

/** Forecasts that a search computes before it answers; beyond it, the nightly job is late or the search too wide. */
const STALE_MOST = 1000;

/** Makes the store; `keeping.store` is the one that it stands before. */
export function keptStore(keeping: Keeping, newId: NewId): Store {
  const { store } = keeping;
  return {
    ...store,
    read: (grant, interaction, type, id) =>
      isDerived(type)
        ? readOne(keeping, grant, interaction, { type, id })
        : store.read(grant, interaction, type, id),
    readMany: async (grant, type, ids) => {
      if (!isDerived(type)) return store.readMany(grant, type, ids);
      const found = await Promise.all(ids.map((id) => readOne(keeping, grant, 'read', { type, id })));
      return found.filter((each) => each !== undefined);
    },
    ...searches(keeping),
    ...pasts(keeping),
    // They come from the rest of the record, and go with it.
    holdsRecordOf: async (type, patient, leftOut) =>
      isDerived(type) ? false : store.holdsRecordOf(type, patient, leftOut),
    commit: (unit, record) => store.commit([...unit.map(withDerived), ...marksOf(unit, newId)], record),
  };
}

function searches(keeping: Keeping): Pick<Store, 'find' | 'follow' | 'count'> {
  const { store } = keeping;
  return {
    find: async (grant, type, find) => {
      if (!isDerived(type)) return store.find(grant, type, find);
      if (!seesAll(grant)) return (await findInSight(keeping, grant, type, find)).slice(0, find.limit);
      await freshenAll(keeping, type, find.where);
      return store.find(grant, type, find);
    },
    follow: async (grant, type, step) => {
      if (!isDerived(type)) return store.follow(grant, type, step);
      if (!seesAll(grant)) {
        const found = await findInSight(keeping, grant, type, { where: step.where, order: BY_ID });
        return found.slice(0, step.limit).map((each) => followed(each, step.prefix));
      }
      await freshenAll(keeping, type, step.where);
      return store.follow(grant, type, step);
    },
    count: async (grant, type, where, cap) => {
      if (!isDerived(type)) return store.count(grant, type, where, cap);
      if (!seesAll(grant)) {
        const { length } = await findInSight(keeping, grant, type, { where, order: BY_ID });
        return { count: Math.min(length, cap), capped: length > cap };
      }
      await freshenAll(keeping, type, where);
      return store.count(grant, type, where, cap);
    },
  };
}

const BY_ID = [{ field: '_id', descending: false }] as const;

const followed = ({ _id, tokens }: Stored, prefix: string | undefined): Followed => ({
  _id,
  keys:
    prefix === undefined
      ? []
      : tokens.filter((token) => token.startsWith(prefix)).map((token) => token.slice(prefix.length)),
});

/** What was computed before is shown only to who sees every dose: doses behind it may be hidden by now. */
function pasts(keeping: Keeping): Pick<Store, 'readPast' | 'lastPast' | 'versions'> {
  const { store } = keeping;
  return {
    readPast: async (grant, type, id, version) =>
      isDerived(type) && !seesAll(grant) ? undefined : store.readPast(grant, type, id, version),
    lastPast: async (grant, type, id, by) =>
      isDerived(type) && !seesAll(grant) ? undefined : store.lastPast(grant, type, id, by),
    versions: async (grant, interaction, type, find) => {
      if (isDerived(type)) {
        if (!seesAll(grant)) return [];
        const which = find.id === undefined ? [] : [{ op: 'in', field: '_id', keys: [find.id] } as const];
        await freshenAll(keeping, type, which);
      }
      return store.versions(grant, interaction, type, find);
    },
  };
}

async function readOne(
  keeping: Keeping,
  grant: Grant,
  interaction: Interaction,
  { type, id }: { type: DerivedType; id: string },
): Promise<Stored | undefined> {
  const { filter } = grant.for(interaction, type);
  const patients = await ownersOf(keeping, type, [id]);
  if (!seesAll(grant)) {
    const computed = patientOfSight(id);
    const whose = computed === undefined ? patients : [computed];
    return readInSight(keeping, grant, type, { id, patients: whose, filter });
  }
  await keepCurrent(keeping, patients);
  return keeping.store.read(grant, interaction, type, id);
}

/** Whose the resources are; of those that are gone, whose they were: they may be due again. */
async function ownersOf({ store }: Keeping, type: DerivedType, ids: readonly string[]): Promise<string[]> {
  return [...(await store.patientsOf(type, ids)).values()].flat();
}

/**
 * Makes current whatever a search could find.
 * @throws Failure `too-costly` where more is stale than one search computes
 */
async function freshenAll(keeping: Keeping, type: DerivedType, where: readonly Clause[]): Promise<void> {
  const patients = namedIn(where, 'patients');
  if (patients !== undefined) {
    await keepCurrent(keeping, patients);
    return;
  }
  const ids = namedIn(where, '_id');
  if (ids !== undefined) {
    await keepCurrent(keeping, await ownersOf(keeping, type, ids));
    return;
  }
  const stale = await keeping.states.stale(currentOf(keeping), STALE_MOST + 1);
  if (stale.length > STALE_MOST) {
    fail(
      'too-costly',
      `More than ${STALE_MOST} forecasts are to be computed first; name the patients, or ask when "fhir-iis forecast-all" has run.`,
    );
  }
  await keepCurrent(keeping, stale);
}

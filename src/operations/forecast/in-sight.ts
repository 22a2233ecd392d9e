/**
 * What a caller sees of forecasts who does not see every dose: the stored one of whoever's doses it sees all, else
 * one computed from what it may see, which has an id and a version of its own and is never stored.
 */
import { createHash } from 'node:crypto';
import { keysOf } from '../../search/index-of.ts';
import type { Clause, OrderKey, Scalar } from '../../search/clause.ts';
import { holds } from '../../search/holds.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import type { Resource } from '@medplum/fhirtypes';
import { storedForm } from '../../interactions/prepare.ts';
import { entryOf } from '../../interactions/rooms.ts';
import type { Grant } from '../../policy/decide.ts';
import { shownUnder } from '../../storage/masked.ts';
import type { Find, Stored } from '../../storage/store.ts';
import { answerOf } from './answer-of.ts';
import { contentOf, withIds, type DerivedType, type Draft } from './drafts.ts';
import { readHistories, type Read } from './histories.ts';
import { sightId } from './ids.ts';
import { keepCurrent, type Keeping } from './keep-current.ts';
import { namedIn } from './named-patients.ts';

const BY_ID = [{ field: '_id', descending: false }] as const;
const MOST = 200_000;
/** People whose forecasts are computed for one request. */
const PEOPLE = 100;

/** Whether the grant shows every dose of everybody. */
export const seesAll = (grant: Grant): boolean =>
  grant.may('search-type', 'Immunization') && grant.for('search-type', 'Immunization').filter.length === 0;

/**
 * What the caller finds of a derived type, in order.
 * @throws Failure `too-costly` where the search is about more people than are computed at once
 */
export async function findInSight(
  keeping: Keeping,
  grant: Grant,
  type: DerivedType,
  { where, order }: Pick<Find, 'where' | 'order'>,
): Promise<Stored[]> {
  const all = [...grant.for('search-type', type).filter, ...where];
  const patients = namedIn(all, 'patients') ?? (await peopleInSight(keeping, grant));
  if (patients.length > PEOPLE) tooMany();
  const documents = await documentsInSight(keeping, grant, type, patients);
  return documents
    .filter((document) => all.every((clause) => holds(clause, document)))
    .sort((a, b) => (comesAfter(order, a, b) ? -1 : 1))
    .map((document) => shownUnder(grant.mask(type), document));
}

const tooMany = (): never =>
  fail(
    'too-costly',
    `Forecasts are computed from what you may see, for ${PEOPLE} people at most; name the patients.`,
  );

async function peopleInSight({ store }: Keeping, grant: Grant): Promise<readonly string[]> {
  if (!grant.may('search-type', 'Patient')) return [];
  const people = await store.find(grant, 'Patient', { where: [], order: BY_ID, limit: PEOPLE + 1 });
  return people.map(({ _id }) => _id);
}

/** Whether `b` comes after `a`. */
function comesAfter(order: readonly OrderKey[], a: Stored, b: Stored): boolean {
  const place = order.map(({ field }) => valueAt(a, field));
  return holds({ op: 'after', keys: order, place }, b);
}

function valueAt(document: Stored, field: string): Scalar | undefined {
  const [top = '', name] = field.split('.');
  const value: unknown = (document as unknown as Readonly<Record<string, unknown>>)[top];
  const at = name === undefined ? value : (value as Readonly<Record<string, unknown>>)[name];
  return at as Scalar | undefined;
}

/** One derived resource by its id, stored or not. */
export async function readInSight(
  keeping: Keeping,
  grant: Grant,
  type: DerivedType,
  { id, patients, filter }: { id: string; patients: readonly string[]; filter: readonly Clause[] },
): Promise<Stored | undefined> {
  const documents = await documentsInSight(keeping, grant, type, patients);
  const found = documents.find(({ _id }) => _id === id);
  return found !== undefined && filter.every((clause) => holds(clause, found))
    ? shownUnder(grant.mask(type), found)
    : undefined;
}

async function documentsInSight(
  keeping: Keeping,
  grant: Grant,
  type: DerivedType,
  patients: readonly string[],
): Promise<Stored[]> {
  // Who may see no dose at all is told nothing: a forecast from no doses would be wrong, not narrow.
  if (patients.length === 0 || !grant.may('search-type', 'Immunization')) return [];
  const visible = await wholeOf(keeping, grant, patients);
  const whole = patients.filter((id) => visible.get(id) === true);
  const parts = patients.filter((id) => visible.get(id) === false);
  return [...(await storedOf(keeping, type, whole)), ...(await computedOf(keeping, grant, type, parts))];
}

/** Of each patient whose person the caller sees: whether it sees every dose. */
async function wholeOf(
  { store, grant: own }: Keeping,
  grant: Grant,
  patients: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const where = [{ op: 'in', field: 'patients', keys: patients } as const];
  const find = { where, order: BY_ID, limit: MOST };
  const [there, seen] = await Promise.all([
    store.find(own, 'Immunization', find),
    store.find(grant, 'Immunization', find),
  ]);
  const ids = new Set(seen.map(({ _id }) => _id));
  const hidden = new Set(there.filter(({ _id }) => !ids.has(_id)).flatMap((each) => each.patients));
  const people = grant.may('read', 'Patient') ? await store.readMany(grant, 'Patient', patients) : [];
  return new Map(people.map(({ _id }) => [_id, !hidden.has(_id)]));
}

async function storedOf(keeping: Keeping, type: DerivedType, patients: readonly string[]): Promise<Stored[]> {
  if (patients.length === 0) return [];
  await keepCurrent(keeping, patients);
  const where = [{ op: 'in', field: 'patients', keys: patients } as const];
  const found = await keeping.store.find(keeping.grant, type, { where, order: BY_ID, limit: MOST });
  const entry = entryOf(keeping.catalog, type);
  // A search leaves the keys behind, and the clauses ask for them.
  return found.map((stored) => ({ ...stored, ...keysOf(entry, parseJson(stored.json) as Resource) }));
}

async function computedOf(
  keeping: Keeping,
  grant: Grant,
  type: DerivedType,
  patients: readonly string[],
): Promise<Stored[]> {
  if (patients.length === 0) return [];
  const histories = await readHistories(keeping.store, grant, patients);
  return [...histories.values()].flatMap((read) =>
    draftsInSight(keeping, grant, read)
      .filter((draft) => draft.type === type)
      .map((draft) => transient(keeping, draft, read)),
  );
}

function draftsInSight({ schedule, today }: Keeping, { actor }: Grant, { history }: Read): readonly Draft[] {
  const { client, user = '', organization = '', role, purpose } = actor;
  const patient = history.patient.id ?? '';
  return withIds(answerOf(schedule(), history, today()), (...parts) =>
    sightId(patient, client, user, organization, role, purpose, ...parts),
  );
}

const VERSION_BYTES = 4;
const LARGEST_VERSION = 999_999_999;

/** A version that says when the content is another, without telling how often it changed. */
function transient(keeping: Keeping, { id, resource }: Draft, { from }: Read): Stored {
  const hash = createHash('sha256')
    .update(contentOf(resource))
    .update(resource.date ?? '')
    .digest();
  const version = (hash.readUIntBE(0, VERSION_BYTES) % LARGEST_VERSION) + 1;
  const day = new Date(`${keeping.today()}T00:00:00.000Z`);
  const lastUpdated = from.reduce((latest, each) => later(latest, each.lastUpdated), day);
  return storedForm(keeping, resource, { id, version, lastUpdated });
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

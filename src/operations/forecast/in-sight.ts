/**
 * What a caller sees of forecasts whose sight of doses policy narrows: one computed from what it may see, which has an
 * id and a version of its own and is never stored. That holds for whoever hides nothing too: were the stored one served
 * there, its id and version would tell people with a hidden dose from those without.
 */
import { createHash } from 'node:crypto';
import type { Clause, OrderKey, Scalar } from '../../search/clause.ts';
import { holds } from '../../search/holds.ts';
import { fail } from '../../core/failure.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Grant } from '../../policy/decide.ts';
import { shownUnder } from '../../storage/masked.ts';
import type { Find, Stored } from '../../storage/store.ts';
import { answerOf } from './answer-of.ts';
import { contentOf, withIds, type DerivedType, type Draft } from './drafts.ts';
import { readHistories, type Read } from './histories.ts';
import { patientOfSight, sightId } from './ids.ts';
import type { Keeping } from './keep-current.ts';
import { namedIn } from '../../search/named-in.ts';
import { MAY_BE_INCOMPLETE } from './told.ts';

const BY_ID = [{ field: '_id', descending: false }] as const;
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
  const patients =
    namedIn(all, 'patients') ??
    namedIn(all, '_id')?.flatMap((id) => patientOfSight(id) ?? []) ??
    (await peopleInSight(keeping, grant));
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
  const histories = await readHistories(keeping.store, grant, patients);
  return [...histories.values()].flatMap((read) =>
    draftsInSight(keeping, grant, read)
      .filter((draft) => draft.type === type)
      .map((draft) => transient(keeping, draft, read)),
  );
}

function draftsInSight(
  { schedule, today, saysIncomplete }: Keeping,
  { actor }: Grant,
  { history }: Read,
): readonly Draft[] {
  const { client, user = '', organization = '', role, purpose } = actor;
  const patient = history.patient.id ?? '';
  const drafts = withIds(answerOf(schedule(), history, today()), (...parts) =>
    sightId(patient, client, user, organization, role, purpose, ...parts),
  );
  return saysIncomplete ? drafts.map(cautious) : drafts;
}

/** R4 has no note of a recommendation; a description is read with each entry. */
function cautious(draft: Draft): Draft {
  const { resource } = draft;
  if (resource.resourceType !== 'ImmunizationRecommendation') return draft;
  const recommendation = resource.recommendation.map((entry) => ({
    ...entry,
    description: [entry.description ?? [], MAY_BE_INCOMPLETE].flat().join(' '),
  }));
  return { ...draft, resource: { ...resource, recommendation } };
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

/**
 * Patient/[id]/$everything: the record of one person, page by page: the Patient, what is part of the record, and
 * what that refers to (https://hl7.org/fhir/R4/patient-operation-everything.html).
 */
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { queryText } from '../core/query.ts';
import { intervalOf } from '../fhir/date.ts';
import { included } from '../interactions/included.ts';
import { absent } from '../interactions/read.ts';
import type { Handler, Rooms } from '../interactions/rooms.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import type { Stored } from '../storage/store.ts';

const COUNT_DEFAULT = 500;
const COUNT_MAX = 1000;
const PARAMETERS: ReadonlySet<string> = new Set(['_since', '_type', '_count', '_page']);
/** Who looked at a record is not part of it; the patient comes before all else. */
const APART: ReadonlySet<string> = new Set(['AuditEvent', 'Patient']);

interface Wish {
  /** The only types to show. */
  readonly only?: readonly string[];
  readonly count: number;
  readonly since?: string;
  /** The last resource of the page before. */
  readonly after?: { readonly type: string; readonly id: string };
}
interface Found {
  readonly type: string;
  readonly stored: Stored;
}

export const everything: Handler = async (rooms, ask, grant, entry) => {
  if (ask.type !== 'Patient' || ask.id === undefined) {
    return fail('unknown-operation', '$everything is asked of one patient: [base]/Patient/[id]/$everything.');
  }
  const wish = wishOf(rooms, ask);
  const patient = await rooms.store.read(grant, 'read', 'Patient', ask.id);
  if (patient === undefined) return absent(rooms, grant, 'Patient', ask.id);
  const first = isFirst(wish, patient) ? [{ type: 'Patient', stored: patient }] : [];
  const found = [...first, ...(await recordOf(rooms, grant, patient._id, wish))];
  const page = found.slice(0, wish.count);
  const others = await referredTo(rooms, grant, page);
  return bundle(
    rooms,
    { ask, wish, entry },
    {
      page,
      others: others.filter(({ type }) => shows(wish, type)),
      hasMore: found.length > wish.count,
    },
  );
};

const shows = ({ only }: Wish, type: string): boolean => only?.includes(type) ?? true;

/** The Patient opens the first page, as any other resource where it is asked for. */
function isFirst(wish: Wish, { lastUpdated }: Stored): boolean {
  const from = fromOf(wish);
  return wish.after === undefined && shows(wish, 'Patient') && (from === undefined || lastUpdated >= from);
}

const fromOf = ({ since }: Wish): Date | undefined => {
  const interval = since === undefined ? undefined : intervalOf(since);
  return interval && new Date(interval.lo);
};

/** The record's resources in the order of the catalog and of their ids, one more than a page holds. */
async function recordOf(rooms: Rooms, grant: Grant, patient: string, wish: Wish): Promise<Found[]> {
  const found: Found[] = [];
  const types = [...rooms.catalog.values()]
    .filter((entry) => entry.patient.length > 0 && !APART.has(entry.type) && shows(wish, entry.type))
    .filter(({ type }) => grant.may('search-type', type))
    .map(({ type }) => type);
  for (const type of types.slice(Math.max(0, types.indexOf(wish.after?.type ?? '')))) {
    const where = whereOf(patient, wish, type);
    const limit = wish.count + 1 - found.length;
    if (limit <= 0) break;
    const some = await rooms.store.find(grant, type, {
      where,
      order: [{ field: '_id', descending: false }],
      limit,
    });
    found.push(...some.map((stored) => ({ type, stored })));
  }
  return found;
}

function whereOf(patient: string, wish: Wish, type: string): Clause[] {
  const where: Clause[] = [{ op: 'in', field: 'patients', keys: [patient] }];
  const from = fromOf(wish);
  const { after } = wish;
  if (from !== undefined) where.push({ op: 'range', field: 'lastUpdated', within: { gte: from } });
  if (after?.type === type) where.push({ op: 'range', field: '_id', within: { gt: after.id } });
  return where;
}

/** Organisations, people and places that the page's resources name: a record cannot be read without them. */
async function referredTo(rooms: Rooms, grant: Grant, page: readonly Found[]): Promise<readonly Found[]> {
  const byType = Map.groupBy(page, ({ type }) => type);
  const found = await Promise.all(
    [...byType].map(([type, some]) =>
      included(
        rooms,
        grant,
        supportOf(rooms, type),
        some.map(({ stored }) => stored),
      ),
    ),
  );
  const unique = new Map(
    found.flatMap(({ resources }) => resources).map((each) => [`${each.type}/${each.stored._id}`, each]),
  );
  return [...unique.values()];
}

const SUPPORT = ['Organization', 'Practitioner', 'PractitionerRole', 'Location'];

/** Every reference of a type that leads to a supporting resource. */
function supportOf(rooms: Rooms, type: string) {
  const search = rooms.catalog.get(type)?.search ?? {};
  const includes = Object.entries(search).flatMap(([parameter, { ...of }]) =>
    of.kind === 'reference'
      ? SUPPORT.filter((target) => of.targets.includes(target)).map((target) => ({
          source: type,
          parameter,
          target,
          iterate: false,
        }))
      : [],
  );
  return { type, includes, revincludes: [] };
}

function wishOf(rooms: Rooms, ask: Ask): Wish {
  if (ask.query.some(([name]) => !PARAMETERS.has(name)) && ask.prefer.handling !== 'lenient') {
    fail('not-understood', '$everything takes the parameters _since, _type and _count only.');
  }
  const { _since: since, _count, _page } = Object.fromEntries(ask.query.filter(([, value]) => value !== ''));
  if (_page !== undefined) return opened(rooms, ask, _page);
  if (since !== undefined && intervalOf(since) === undefined)
    fail('invalid-value', '_since must be an instant.');
  const only = typesAsked(rooms, ask);
  const count = _count === undefined ? COUNT_DEFAULT : Math.min(countOf(_count), COUNT_MAX);
  return { count, ...(since !== undefined && { since }), ...(only && { only }) };
}

function countOf(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : fail('invalid-value', '_count must be a whole number above 0.');
}

function typesAsked(rooms: Rooms, ask: Ask): readonly string[] | undefined {
  const types = ask.query
    .filter(([name, value]) => name === '_type' && value !== '')
    .flatMap(([, value]) => value.split(','));
  if (types.some((type) => !rooms.catalog.has(type)))
    fail('invalid-value', '_type names a type that this server does not have.');
  return types.length === 0 ? undefined : types;
}

function opened(rooms: Rooms, ask: Ask, page: string): Wish {
  try {
    const { of, ...wish } = JSON.parse(rooms.cursors.open(page)) as Wish & { of: string };
    if (of === ask.id) return wish;
  } catch {
    // Told below, like a link that belongs to another patient.
  }
  return fail('invalid-value', 'The page link was changed, or belongs to another patient; start again.');
}

interface Parts {
  readonly page: readonly Found[];
  readonly others: readonly Found[];
  readonly hasMore: boolean;
}

function bundle(
  rooms: Rooms,
  { ask, wish, entry }: { ask: Ask; wish: Wish; entry: Entry },
  { page, others, hasMore }: Parts,
): Answer {
  entry.concerns(page.flatMap(({ stored }) => [...stored.patients]));
  const path = `${rooms.baseUrl}/Patient/${ask.id ?? ''}/$everything`;
  const self = queryText(ask.query.filter(([name]) => name !== '_page'));
  const link = [{ relation: 'self', url: self === '' ? path : `${path}?${self}` }];
  const last = page.at(-1);
  if (hasMore && last !== undefined) {
    const next = JSON.stringify({ ...wish, of: ask.id, after: { type: last.type, id: last.stored._id } });
    link.push({ relation: 'next', url: `${path}?_page=${rooms.cursors.seal(next)}` });
  }
  const text = ({ type, stored }: Found, mode: string): string =>
    `{"fullUrl":"${rooms.baseUrl}/${type}/${stored._id}","resource":${stored.json},"search":{"mode":"${mode}"}}`;
  const entries = [
    ...page.map((each) => text(each, 'match')),
    ...others.map((each) => text(each, 'include')),
  ];
  const head = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link });
  return {
    status: 200,
    body: `${head.slice(0, -1)}${entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`}}`,
  };
}

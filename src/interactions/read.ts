/** read and vread (https://hl7.org/fhir/R4/http.html#read, #vread, #cread). */
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Past, Stored } from '../storage/store.ts';
import { shown, versionedReference } from './answers.ts';
import { Moved } from './forwards.ts';
import { entryOf, idOf, type Handler, type Rooms } from './rooms.ts';
import { view } from './view.ts';
import type { Grant } from '../policy/decide.ts';

export const read: Handler = async (rooms, ask, grant, entry) => {
  const { type } = entryOf(rooms.catalog, ask.type);
  const id = idOf(ask);
  const stored = await rooms.store.read(grant, 'read', type, id);
  if (stored === undefined) return absent(rooms, grant, type, id);
  if (stored.replacedBy !== undefined) throw new Moved(id, stored.replacedBy);
  entry.wrote(versionedReference(type, id, stored.version));
  entry.concerns(stored.patients);
  return isUnchanged(ask, stored) ? unchanged(stored) : view(ask, shown(stored));
};

export const vread: Handler = async (rooms, ask, grant, entry) => {
  const { type } = entryOf(rooms.catalog, ask.type);
  const found = await versionAsked(rooms, ask, grant);
  const id = idOf(ask);
  entry.wrote(versionedReference(type, id, found.version));
  entry.concerns(found.patients);
  return view(ask, shown({ ...found, _id: id }));
};

/**
 * The version that an ask is about.
 * @throws Failure `not-found`, or `gone` where the version is the deletion
 */
export async function versionAsked(rooms: Rooms, ask: Ask, grant: Grant): Promise<Shown> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const id = idOf(ask);
  const version = versionNumber(ask.version);
  const current = await rooms.store.read(grant, 'vread', type, id);
  const found = current?.version === version ? current : await rooms.store.readPast(grant, type, id, version);
  if (found === undefined) return fail('not-found', `There is no such version of this ${type}.`);
  if (found.json === undefined) return fail('gone', `This version of the ${type} is its deletion.`);
  return { ...found, json: found.json };
}
type Shown = Pick<Stored, 'version' | 'lastUpdated' | 'json' | 'patients'>;

/**
 * Says that a resource is not there: never was, or was deleted.
 * @throws Failure `gone` or `not-found`
 */
export async function absent(rooms: Rooms, grant: Grant, type: string, id: string): Promise<never> {
  // Only who may see versions learns that there were some.
  const may = grant.may('vread', type);
  const past: Past | undefined = may ? await rooms.store.lastPast(grant, type, id) : undefined;
  if (past?.deleted === true)
    fail('gone', `This ${type} was deleted; its versions are at [base]/${type}/[id]/_history.`);
  return fail('not-found', `There is no ${type} with this id.`);
}

/** A version id that is not a whole number names no version of ours. */
const versionNumber = (text: string | undefined): number =>
  text !== undefined && /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : fail('not-found', 'There is no such version.');

/** If-None-Match decides where it is given; If-Modified-Since only without it (RFC 9110, 13.2.2). */
function isUnchanged({ conditions }: Ask, stored: Stored): boolean {
  if (conditions.ifNoneMatch !== undefined) return namesVersion(conditions.ifNoneMatch, stored.version);
  const since = conditions.ifModifiedSince?.getTime();
  return since !== undefined && Math.floor(stored.lastUpdated.getTime() / 1000) * 1000 <= since;
}

/** Whether a list of entity tags holds the version; weak or strong, quoted or not. */
export function namesVersion(tags: string, version: number): boolean {
  return tags.split(',').some((tag) => {
    const text = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return text === '*' || text === String(version);
  });
}

const unchanged = ({ version, lastUpdated }: Stored): Answer => ({ status: 304, version, lastUpdated });

/**
 * What the server publishes about itself, read-only, under ids of its own: its statement of capabilities, and the
 * definitions it works by (profiles, value sets, code tables, maps, operations, search parameters).
 */
import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { capabilityOf } from '../catalog/capability.ts';
import type { Ask } from '../core/context.ts';
import { definitionsHash, readAllDefinitions } from '../fhir/profile-files.ts';
import { decide } from '../policy/decide.ts';
import type { Note, Past, Stored } from '../storage/store.ts';
import { insert, remove, revive, supersede, type Unit } from '../storage/write.ts';
import { library } from '../terminology/library.ts';
import { publications } from '../terminology/publication.ts';
import { versionedReference } from './answers.ts';
import { fewAtOnce } from './at-once.ts';
import { ownAsk } from './own-ask.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import { sameContent } from './update.ts';
import { writeThrough, type Plan } from './write-through.ts';

type Definition = Resource & { readonly id: string };

/** Raised whenever the code makes other resources of the same tables. */
const FORM = 1;
const FACT = 'own-definitions';

const statement = ({ catalog, baseUrl, security }: Rooms): Definition => ({
  ...capabilityOf(catalog, baseUrl, security),
  id: 'fhir-iis',
});

/**
 * Makes each of the server's own definitions current under its id; those that have not changed keep their versions,
 * those that are no longer shipped go. Where nothing has changed since the last time, this is one read.
 */
export async function publishOwn(rooms: Rooms): Promise<void> {
  const own = statement(rooms);
  const hash = createHash('sha256').update(`${FORM}`).update(JSON.stringify(own)).update(definitionsHash());
  const state = hash.digest('base64url');
  const fact = await rooms.store.note('facts', FACT);
  if (fact?.['state'] === state) return;
  const all = [own, ...(readAllDefinitions() as Definition[]), ...publications(library())];
  const served = all.filter(({ resourceType }) => rooms.catalog.has(resourceType));
  const names = served.map(({ resourceType, id }) => `${resourceType}/${id}`);
  await fewAtOnce(served, (each) => publish(rooms, each));
  await fewAtOnce(gone(fact, names), (each) => withdraw(rooms, each));
  await rooms.store.commit(remembered(fact, { _id: FACT, state, names }));
}

function gone(fact: Note | undefined, names: readonly string[]): readonly string[] {
  const before = (fact?.['names'] ?? []) as readonly string[];
  return before.filter((name) => !names.includes(name));
}

/** Another server that starts at the same time says the same: whoever comes second need not. */
function remembered(fact: Note | undefined, doc: Note): Unit {
  if (fact === undefined) return [{ do: 'insert', in: 'facts', doc }];
  return [{ do: 'replace', in: 'facts', match: { _id: FACT, state: String(fact['state']) }, doc }];
}

const askFor = (rooms: Rooms, interaction: 'update' | 'delete', type: string, id: string): Ask =>
  ownAsk(rooms, { interaction, type, id });

const NOTHING: Plan = { unit: [], answer: { status: 200 }, wrote: [], patients: [] };

/** Makes a resource of the server's own current under its id; one that has not changed keeps its version. */
export async function publish(rooms: Rooms, resource: Definition): Promise<void> {
  const { resourceType: type, id } = resource;
  const ask = askFor(rooms, 'update', type, id);
  const grant = decide(rooms.rules, ask, await rooms.know(ask));
  const plan = async (): Promise<Plan> => {
    const was = await rooms.store.readWhole(grant, 'update', type, id);
    const past = was === undefined ? await rooms.store.lastPast(grant, type, id, 'update') : undefined;
    const version = ((was ?? past)?.version ?? 0) + 1;
    const stored = storedForm(rooms, resource, { id, version, lastUpdated: rooms.now() });
    if (was !== undefined && sameContent(was, stored)) return NOTHING;
    const unit = was === undefined ? inserted(type, past, stored) : supersede(type, was, stored);
    return { ...NOTHING, unit, wrote: [versionedReference(type, id, version)] };
  };
  await rooms.record(ask, (entry) => writeThrough(rooms, { ask, grant, entry }, plan));
}

/** One that was withdrawn before comes back. */
const inserted = (type: string, past: Past | undefined, stored: Stored): Unit =>
  past === undefined ? insert(type, stored) : revive(type, past, stored);

async function withdraw(rooms: Rooms, name: string): Promise<void> {
  const [type = '', id = ''] = name.split('/');
  const ask = askFor(rooms, 'delete', type, id);
  const grant = decide(rooms.rules, ask, await rooms.know(ask));
  const plan = async (): Promise<Plan> => {
    const was = await rooms.store.readWhole(grant, 'delete', type, id);
    if (was === undefined) return NOTHING;
    const wrote = [versionedReference(type, id, was.version + 1)];
    return { ...NOTHING, unit: remove(type, was, rooms.now()), wrote };
  };
  await rooms.record(ask, (entry) => writeThrough(rooms, { ask, grant, entry }, plan));
}

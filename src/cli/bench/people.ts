/** Who is in the store that is measured: newly stored, or remembered beside a store that a run before has left. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillStore, type Started, type UnderLoad } from './child.ts';
import { prepare } from './prepare.ts';
import type { Known } from './scenarios.ts';

/** Over HTTP, each in a transaction, or straight into the store, many in one: the same documents either way. */
export const WAYS = ['http', 'straight'] as const;
export type Way = (typeof WAYS)[number];

export interface Wanted {
  readonly people: number;
  /** How they come into the store. */
  readonly load: Way;
  readonly say: (text: string) => void;
  readonly started: Started;
}

export interface People {
  /** Who can be asked for on the server that runs on the store. */
  readonly on: (server: Pick<UnderLoad, 'port'>, base: string) => Promise<Known>;
}

/** Patients of ten doses each that are added to a store of which it is not known who is in it. */
const ADDED = 1000;
/** Beside the store. */
const FILE = 'bench-people.json';

/** Stores the people where they are to be stored before a server runs; else they come in by it. */
export async function peopleOf(dataDir: string, wanted: Wanted): Promise<People> {
  const there = await readdir(dataDir).catch((): string[] => []);
  if (there.includes(FILE)) {
    const known = JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as Known;
    return { on: () => Promise.resolve(known) };
  }
  const isNew = there.length === 0;
  const run = randomUUID();
  if (isNew && wanted.load === 'straight') {
    const known = await storing(wanted, () =>
      fillStore(dataDir, { people: wanted.people, run }, wanted.started),
    );
    await writeFile(join(dataDir, FILE), JSON.stringify(known));
    return { on: () => Promise.resolve(known) };
  }
  const people = isNew ? wanted.people : ADDED;
  return {
    on: ({ port }, base) =>
      storing({ ...wanted, people }, () => prepare(`http://127.0.0.1:${port}${base}`, run, people)),
  };
}

async function storing({ people, say }: Wanted, work: () => Promise<Known>): Promise<Known> {
  say(`Storing ${people} people of ten doses each …`);
  const begun = performance.now();
  const known = await work();
  say(`Stored in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
  return known;
}

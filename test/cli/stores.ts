/** What the tests of backup, restore and key rotation stand on: filled stores, folders, and the program as it is run. */
import { afterAll, jest } from '@jest/globals';
import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { mongo } from 'mongoose';
import { backup } from '../../src/cli/backup.ts';
import { restore } from '../../src/cli/restore.ts';
import { rotateKeys } from '../../src/cli/rotate-keys.ts';
import { Failure } from '../../src/core/failure.ts';
import { readKeyring } from '../../src/storage/keyring.ts';
import { agreeOnKeys } from '../../src/storage/known-keys.ts';
import { maskSecrets } from '../../src/storage/mask.ts';
import { secretsOf, type Secrets } from '../../src/storage/secrets.ts';
import type { Stored } from '../../src/storage/store.ts';
import { insert, remove, supersede } from '../../src/storage/write.ts';
import { bare, NOON, place, stored, type Place } from '../storage/place.ts';

const folders: string[] = [];
const places: Place[] = [];
afterAll(async () => {
  await Promise.all(places.map((each) => each.end()));
  await Promise.all(folders.map((each) => rm(each, { recursive: true, force: true })));
});

/** A folder that goes away after the tests. */
export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'fhir-iis-cli-'));
  folders.push(made);
  return made;
}

/** A store as a new database is: without collections. */
export async function emptyStore(): Promise<Place> {
  const p = await bare();
  places.push(p);
  return p;
}

const SSN = 'http://hl7.org/fhir/sid/us-ssn';

/** A person with a secret number, as it is stored. */
export function person(secrets: Secrets, id: string, number: string, version = 1): Stored {
  const resource = {
    resourceType: 'Patient',
    id,
    identifier: [{ system: SSN, value: number }],
    name: [{ family: 'Žužek–Ω 𝒜' }],
  };
  const masked = maskSecrets(secrets, resource);
  return stored(id, version, {
    ...masked,
    json: JSON.stringify(masked.resource),
    patients: [id],
    ...{ resource: undefined },
  });
}

export interface Filled extends Place {
  readonly keys: string;
  readonly secrets: Secrets;
}

/** A store with people, secrets, histories and a deletion, and its keys. */
export async function filledStore(): Promise<Filled> {
  const p = await place();
  places.push(p);
  const keys = join(await folder(), 'keys');
  const secrets = secretsOf(readKeyring(keys));
  await agreeOnKeys(p.connection, secrets.keys);
  for (let n = 0; n < 20; n += 1) {
    const was = person(secrets, `p${n}`, `123-45-${1000 + n}`);
    await p.store.commit(insert('Patient', was));
    if (n % 2 === 0)
      await p.store.commit(supersede('Patient', was, person(secrets, `p${n}`, `987-65-${1000 + n}`, 2)));
    if (n % 5 === 1) await p.store.commit(remove('Patient', was, NOON));
  }
  const doses = Array.from({ length: 2500 }, (_, n) =>
    stored(`d${n}`, 1, {
      sort: { date: n % 2 === 0 ? n : n + 0.5 },
      index: { date: { lo: n * 1e12, hi: n * 1e12 + 1 } },
      patients: ['p0'],
    }),
  );
  await p.db.collection<Stored>('Immunization').insertMany(doses);
  return { ...p, keys, secrets };
}

/** Every document of every collection that has any, as the bytes it is stored as. */
export async function contentOf(db: mongo.Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
  const content = new Map<string, readonly string[]>();
  for (const name of names) {
    const documents = (await db
      .collection(name)
      .find({}, { raw: true })
      .sort({ _id: 1 })
      .toArray()) as unknown as Buffer[];
    if (documents.length > 0)
      content.set(
        name,
        documents.map((each) => each.toString('hex')),
      );
  }
  return content;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const SUBCOMMANDS = [backup, restore, rotateKeys];

/** Runs a subcommand as the program does, in this process: loading the program takes longer than what it does here. */
export async function run(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Ended> {
  const before = { ...process.env };
  const out: unknown[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => void out.push(line));
  Object.assign(process.env, { LOG_LEVEL: 'silent', ...settings });
  const program = new Command().exitOverride();
  for (const add of SUBCOMMANDS) add(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return { code: 0, out: out.join('\n'), err: '' };
  } catch (error) {
    return {
      code: 1,
      out: out.join('\n'),
      err: error instanceof Failure ? error.message : String((error as Error).stack),
    };
  } finally {
    log.mockRestore();
    for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
}

/** The settings by which the program finds a store of the tests. */
export const settingsOf = ({ connection }: Place, keys: string): Record<string, string> => ({
  MONGODB_URI: process.env['TEST_MONGODB_URI'] ?? '',
  MONGODB_DATABASE: connection.name,
  KEYS_DIR: keys,
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalog } from '../../src/catalog/index.ts';
import { createArchive, openArchive } from '../../src/storage/backup/archive.ts';
import { load, requireEmpty } from '../../src/storage/backup/load.ts';
import { readManifest } from '../../src/storage/backup/manifest.ts';
import { take } from '../../src/storage/backup/take.ts';
import { markUnfinished } from '../../src/storage/backup/unfinished.ts';
import { verify } from '../../src/storage/backup/verify.ts';
import { collectionsOf, prepareCollections } from '../../src/storage/indexes.ts';
import { readKeyring } from '../../src/storage/keyring.ts';
import type { Stored } from '../../src/storage/store.ts';
import { insert, supersede } from '../../src/storage/write.ts';
import { grant, NOON, stored } from '../storage/place.ts';
import { contentOf, emptyStore, filledStore, folder, run, settingsOf, type Filled } from './stores.ts';

let filled: Filled;
let backups: string;
beforeAll(async () => {
  filled = await filledStore();
  backups = await folder();
  for (const [target, ...options] of [['plain'], ['whole.tar']]) {
    const made = await run(
      ['backup', join(backups, target ?? ''), ...options],
      settingsOf(filled, filled.keys),
    );
    expect(made).toMatchObject({ code: 0, err: '' });
  }
}, 60_000);

/** A copy of the backup, to be spoilt. */
async function copy(of = 'plain'): Promise<string> {
  const target = join(await folder(), of);
  await cp(join(backups, of), target, { recursive: true });
  return target;
}

describe('a backup', () => {
  test.each(['plain', 'whole.tar'])('%s restores a store that is the same byte for byte', async (name) => {
    const store = await emptyStore();
    const restored = await run(['restore', join(backups, name)], settingsOf(store, filled.keys));
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toMatch(/Restored \d+ documents/);
    expect(await contentOf(store.db)).toEqual(await contentOf(filled.db));
    const find = { id: 'p0', limit: 10 };
    const history = await store.store.versions(grant, 'history-instance', 'Patient', find);
    expect(history).toEqual(await filled.store.versions(grant, 'history-instance', 'Patient', find));
    expect(history.map(({ version }) => version)).toEqual([2, 1]);
  });

  test('has its indexes made anew', async () => {
    const store = await emptyStore();
    await run(['restore', join(backups, 'plain')], settingsOf(store, filled.keys));
    for (const [name, declared] of collectionsOf(catalog)) {
      const there = (await store.db.collection(name).indexes()).map(({ key }) => JSON.stringify(key));
      expect(there.sort()).toEqual(['{"_id":1}', ...declared.map(({ key }) => JSON.stringify(key))].sort());
    }
  });

  test('says what is in it, and where the keys are, without telling them', async () => {
    const text = await readFile(join(backups, 'plain', 'manifest.json'), 'utf8');
    const manifest = JSON.parse(text) as {
      collections: { name: string; documents: number; sha256: string }[];
      keys: { name: string }[];
    };
    const immunization = manifest.collections.find(({ name }) => name === 'Immunization');
    expect(immunization?.documents).toBe(2500);
    const sum = execFileSync('sha256sum', [
      join(backups, 'plain', 'data', 'Immunization.bson.gz'),
    ]).toString();
    expect(sum.startsWith(immunization?.sha256 ?? 'none')).toBe(true);
    expect(manifest.keys.map(({ name }) => name)).toEqual(['0001']);
    const key = readKeyring(filled.keys)[0].bytes;
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(text).not.toContain(Buffer.from(key).toString(form));
  });

  test('can be read by nobody else', async () => {
    expect((await stat(join(backups, 'plain'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(backups, 'plain', 'data', 'Patient.bson.gz'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(backups, 'whole.tar'))).mode & 0o777).toBe(0o600);
  });

  test('as an archive is one that tar reads', async () => {
    const names = execFileSync('tar', ['-tf', join(backups, 'whole.tar')])
      .toString()
      .trim()
      .split('\n');
    const files = (await readdir(join(backups, 'plain'), { recursive: true })).filter((name) =>
      name.includes('.'),
    );
    expect(names.sort()).toEqual(files.sort());
    const target = await folder();
    execFileSync('tar', ['-xf', join(backups, 'whole.tar'), '-C', target]);
    const archive = await openArchive(target);
    await verify(archive, await readManifest(archive));
  });

  test('says that the keys must be kept too, and names them', async () => {
    const made = await run(['backup', join(await folder(), 'b')], settingsOf(filled, filled.keys));
    expect(made.out).toContain(`master-0001.key of ${filled.keys}`);
    expect(await readdir(join(backups, 'plain'))).not.toContain('keys');
  });

  test('is not written over anything', async () => {
    const again = await run(['backup', join(backups, 'plain')], settingsOf(filled, filled.keys));
    expect(again.code).toBe(1);
    expect(again.err).toContain('There is something at');
    const file = await run(['backup', join(backups, 'whole.tar')], settingsOf(filled, filled.keys));
    expect(file.code).toBe(1);
  });

  test('shows one instant, whatever is written meanwhile', async () => {
    const store = await filledStore();
    const before = await contentOf(store.db);
    const target = join(await folder(), 'b');
    const archive = await createArchive(target, NOON);
    const writes: Promise<unknown>[] = [];
    await take({
      connection: store.connection,
      archive,
      made: NOON,
      isAlone: false,
      onPart: ({ name }) => {
        writes.push(
          store.store.commit([
            ...insert('Patient', stored(`new-${name}`)),
            ...insert('AuditEvent', stored(`new-${name}`)),
          ]),
        );
        const was = stored('d1', writes.length, { lastUpdated: NOON });
        writes.push(store.store.commit(supersede('Immunization', was, stored('d1', writes.length + 1))));
      },
    });
    await archive.finish();
    await Promise.all(writes);
    const restored = await emptyStore();
    const from = await openArchive(target);
    await load({
      connection: restored.connection,
      catalog,
      archive: from,
      manifest: await readManifest(from),
      withoutSecrets: false,
    });
    expect(await contentOf(restored.db)).toEqual(before);
  });

  test('that could not be finished leaves nothing', async () => {
    const target = await folder();
    const archive = await createArchive(join(target, 'b.tar'), NOON);
    await archive.put(
      'data/x',
      (async function* () {
        yield await Promise.resolve(Buffer.from('half'));
      })(),
    );
    expect(await readdir(target)).toEqual(['b.tar.partial']);
    await archive.abandon();
    expect(await readdir(target)).toEqual([]);
  });
});

describe('a backup that is not as it was made', () => {
  const spoilt: readonly [string, (path: string) => Promise<unknown>][] = [
    [
      'with one byte changed',
      async (path) => {
        const file = join(path, 'data', 'Immunization.bson.gz');
        const bytes = await readFile(file);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(file, bytes);
      },
    ],
    ['with a file cut short', (path) => truncate(join(path, 'data', 'Patient.bson.gz'), 100)],
    ['with a file missing', (path) => rm(join(path, 'data', 'Patient_history.bson.gz'))],
    [
      'with another file in place of one',
      (path) => cp(join(path, 'data', 'Basic.bson.gz'), join(path, 'data', 'Patient.bson.gz')),
    ],
    [
      'with a changed manifest',
      async (path) => {
        const file = join(path, 'manifest.json');
        await writeFile(
          file,
          (await readFile(file, 'utf8')).replace('"documents": 2500', '"documents": 2499'),
        );
      },
    ],
    ['without a manifest', (path) => rm(join(path, 'manifest.json'))],
  ];

  test.each(spoilt)('%s is refused before anything is written', async (_name, spoil) => {
    const path = await copy();
    await spoil(path);
    const store = await emptyStore();
    const refused = await run(['restore', path], settingsOf(store, filled.keys));
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/changed|damaged|not whole|not finished/);
    expect(refused.err).not.toMatch(/\n\s+at /);
    expect(await contentOf(store.db)).toEqual(new Map());
  });

  test('as an archive that was cut short is refused', async () => {
    const path = await copy('whole.tar');
    await truncate(path, ((await stat(path)).size >> 1) - 7);
    const store = await emptyStore();
    expect((await run(['restore', path], settingsOf(store, filled.keys))).code).toBe(1);
    expect(await contentOf(store.db)).toEqual(new Map());
  });

  test('at all is refused with words', async () => {
    const nothing = await folder();
    await mkdir(join(nothing, 'empty'));
    await writeFile(join(nothing, 'text.tar'), 'no archive'.repeat(200));
    const store = await emptyStore();
    for (const name of ['none', 'empty', 'text.tar']) {
      const refused = await run(['restore', join(nothing, name)], settingsOf(store, filled.keys));
      expect(refused.code).toBe(1);
      expect(refused.err).not.toMatch(/\n\s+at /);
    }
  });
});

describe('a store', () => {
  test('that is not empty is not restored into, and stays as it is', async () => {
    const store = await filledStore();
    const before = await contentOf(store.db);
    const refused = await run(['restore', join(backups, 'plain')], settingsOf(store, filled.keys));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('not empty');
    expect(await contentOf(store.db)).toEqual(before);
  });

  test('whose restore was broken off is not served, and is restored anew', async () => {
    const store = await emptyStore();
    await markUnfinished(store.connection, NOON.toISOString());
    await store.db.collection<Stored>('Patient').insertOne(stored('half'));
    await expect(prepareCollections(store.connection, catalog)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await run(['restore', join(backups, 'plain')], settingsOf(store, filled.keys))).toMatchObject({
      code: 0,
    });
    expect(await contentOf(store.db)).toEqual(await contentOf(filled.db));
    await prepareCollections(store.connection, catalog);
  });

  test('whose restore fails half-way is empty again', async () => {
    const path = await copy();
    const store = await emptyStore();
    const archive = await openArchive(path);
    const manifest = await readManifest(archive);
    const failing = load({
      ...{ connection: store.connection, catalog, archive, manifest, withoutSecrets: false },
      onPart: ({ name }) => {
        if (name === 'Immunization') throw new Error('the disk is full');
      },
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await contentOf(store.db)).toEqual(new Map());
    await requireEmpty(store.connection);
  });

  test('cannot be backed up to where nothing can be written, and that is said', async () => {
    const target = await folder();
    await writeFile(join(target, 'file'), '');
    await chmod(target, 0o700);
    const refused = await run(['backup', join(target, 'file', 'b')], settingsOf(filled, filled.keys));
    expect(refused.code).toBe(1);
  });
});

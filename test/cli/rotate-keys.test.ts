import { beforeEach, describe, expect, test } from '@jest/globals';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../src/catalog/index.ts';
import { addKey, keysIn } from '../../src/storage/keyring.ts';
import { keptTexts } from '../../src/storage/kept-texts.ts';
import { agreeOnKeys } from '../../src/storage/known-keys.ts';
import { reseal } from '../../src/storage/reseal.ts';
import { MESSAGES } from '../../src/storage/sealed-places.ts';
import { sealingOf, secretsOf, type Secrets } from '../../src/storage/secrets.ts';
import { signingKeysOf } from '../../src/storage/signing-keys.ts';
import type { Past, Stored } from '../../src/storage/store.ts';
import { insert, supersede } from '../../src/storage/write.ts';
import { grant, NOON, stored } from '../storage/place.ts';
import { filledStore, person, run, settingsOf, type Ended, type Filled } from './stores.ts';

let store: Filled;
beforeEach(async () => {
  store = await filledStore();
});

const rotateKeys = (...options: string[]): Promise<Ended> =>
  run(['rotate-keys', ...options], settingsOf(store, store.keys));
const ring = (): Secrets => secretsOf(keysIn(store.keys) as never);
const names = (): readonly string[] => ring().keys.map(({ name }) => name);

/** Whoever is found by a secret number. */
async function found(secrets: Secrets, number: string): Promise<readonly string[]> {
  const clause = { op: 'in', field: 'secretKeys', keys: secrets.blind('', number) } as const;
  const order = [{ field: '_id', descending: false }];
  return (await store.store.find(grant, 'Patient', { where: [clause], order, limit: 9 })).map(
    ({ _id }) => _id,
  );
}

/** The names of the keys that anything is sealed with. */
async function keysInUse(): Promise<readonly string[]> {
  const used = await Promise.all(
    ['Patient', 'Patient_history'].map((name) => store.db.collection(name).distinct('secrets.key')),
  );
  return [...new Set(used.flat() as string[])].sort();
}

async function opened(secrets: Secrets): Promise<readonly string[]> {
  const current = await store.db.collection<Stored>('Patient').find().toArray();
  const past = await store.db.collection<Past>('Patient_history').find().toArray();
  return [...current, ...past]
    .flatMap((each) => (each.secrets ?? []).map((sealed) => secrets.open('identifier', sealed)))
    .sort();
}

describe('rotating the keys', () => {
  test('adds a key and seals with it what is current and what is past; nothing else changes', async () => {
    const before = await opened(store.secrets);
    const jsons = async (): Promise<unknown> =>
      store.db
        .collection<Stored>('Patient')
        .find({}, { projection: { json: 1, version: 1, lastUpdated: 1 } })
        .sort({ _id: 1 })
        .toArray();
    const texts = await jsons();
    const said = await rotateKeys();
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(names()).toEqual(['0001', '0002']);
    expect(await keysInUse()).toEqual(['0002']);
    expect(await opened(ring())).toEqual(before);
    expect(await jsons()).toEqual(texts);
  });

  test('lets everybody be found by the number as before, under the new key alone', async () => {
    await rotateKeys();
    expect(await found(ring(), '123-45-1003')).toEqual(['p3']);
    expect(await found(ring(), '987651002')).toEqual(['p2']);
    expect(await found(ring(), '123-45-1002')).toEqual([]);
    rmSync(join(store.keys, 'master-0001.key'));
    expect(await found(ring(), '123-45-1003')).toEqual(['p3']);
  });

  test('says which key may go, and the store opens without it then, and not before', async () => {
    const missing = (): Promise<void> => agreeOnKeys(store.connection, ring().keys.slice(1));
    addKey(store.keys);
    await expect(missing()).rejects.toMatchObject({ kind: 'unavailable' });
    rmSync(join(store.keys, 'master-0002.key'));
    const said = await rotateKeys();
    expect(said.out).toContain('master-0001.key may go');
    await missing();
    await agreeOnKeys(store.connection, ring().keys);
    await missing();
  });

  test('that was broken off is taken up again, without another key', async () => {
    addKey(store.keys);
    await agreeOnKeys(store.connection, ring().keys);
    const half = new Map([...catalog].filter(([type]) => type !== 'Patient'));
    await reseal({ connection: store.connection, catalog: half, secrets: ring() });
    await store.db
      .collection<Stored>('Patient')
      .updateOne({ _id: 'p3' }, { $set: person(ring(), 'p3', '123-45-1003') });
    expect(await keysInUse()).toEqual(['0001', '0002']);
    const said = await rotateKeys();
    expect(said.out).toContain('Went on with a rotation to master-0002.key');
    expect(names()).toEqual(['0001', '0002']);
    expect(await keysInUse()).toEqual(['0002']);
  });

  test('twice makes two keys, and both older ones may go', async () => {
    await rotateKeys();
    const said = await rotateKeys();
    expect(names()).toEqual(['0001', '0002', '0003']);
    expect(said.out).toContain('master-0001.key, master-0002.key may go');
    expect(await keysInUse()).toEqual(['0003']);
  });

  test('may be done in two steps, for servers that run meanwhile', async () => {
    const first = await rotateKeys('--add-only');
    expect(first.out).toContain('Restart every server');
    expect(first.out).not.toContain('may go');
    expect(await keysInUse()).toEqual(['0001']);
    // A server that was restarted seals with the new key, and reads what the old one sealed.
    await store.store.commit(insert('Patient', person(ring(), 'new', '111-22-3333')));
    expect(await found(ring(), '123-45-1003')).toEqual(['p3']);
    await rotateKeys();
    expect(names()).toEqual(['0001', '0002']);
    expect(await keysInUse()).toEqual(['0002']);
  });

  test('seals the keys of the authorization server anew as well', async () => {
    const now = (): Date => NOON;
    await signingKeysOf(store.connection, store.secrets, now).prepare();
    const before = await signingKeysOf(store.connection, store.secrets, now).all();
    await keptTexts(store.connection, store.secrets)('cookie', () => 'kept');
    await rotateKeys();
    rmSync(join(store.keys, 'master-0001.key'));
    expect(await signingKeysOf(store.connection, ring(), now).all()).toEqual(before);
    expect(await keptTexts(store.connection, ring())('cookie', () => 'another')).toBe('kept');
  });

  test('seals the messages that came anew, and they open under the new key alone', async () => {
    const messages = store.db.collection<{ _id: string; sealed: string; wrote: string[] }>(MESSAGES);
    const texts = Array.from({ length: 3 }, (_, n) => `MSH|^~\\&|EHR|RIVER|||${n}\rPID|1||A${n}\r`);
    const { seal } = sealingOf(store.secrets, MESSAGES);
    await messages.insertMany(
      texts.map((text, n) => ({ _id: `m${n}`, sealed: seal(text), wrote: [`Immunization/d${n}`] })),
    );
    const said = await rotateKeys();
    expect(said.out).toContain('master-0001.key may go');
    rmSync(join(store.keys, 'master-0001.key'));
    const { open } = sealingOf(ring(), MESSAGES);
    const after = await messages.find().sort({ _id: 1 }).toArray();
    expect(after.map(({ sealed, wrote }) => [open(sealed), wrote])).toEqual(
      texts.map((text, n) => [text, [`Immunization/d${n}`]]),
    );
  });

  test('lets no key go while a message is sealed with it that does not open', async () => {
    await store.db
      .collection<{ _id: string; sealed: string }>(MESSAGES)
      .insertOne({ _id: 'spoilt', sealed: '0001.AAAA' });
    const said = await rotateKeys();
    expect(said.out).toContain('1 documents could not be opened');
    expect(said.out).not.toContain('may go');
  });

  test('leaves what no key opens as it is, says how much that is, and lets no key go', async () => {
    const spoilt = { secrets: [{ key: '0001', cipher: 'AAAA' }] };
    await store.db.collection<Stored>('Patient').updateOne({ _id: 'p3' }, { $set: spoilt });
    const said = await rotateKeys();
    expect(said.out).toContain('1 documents could not be opened');
    expect(said.out).not.toContain('may go');
    expect(await keysInUse()).toEqual(['0001', '0002']);
    expect(await found(ring(), '123-45-1009')).toEqual(['p9']);
  });

  test('does not undo what is written meanwhile', async () => {
    const was = await store.store.readWhole(grant, 'update', 'Patient', 'p3');
    if (was === undefined) throw new Error('lost');
    const write = store.store.commit(
      supersede('Patient', was, person(store.secrets, 'p3', '999-88-7777', 2)),
    );
    await Promise.all([write, rotateKeys()]);
    await rotateKeys();
    expect((await opened(ring())).filter((number) => number === '999-88-7777')).toHaveLength(1);
    expect(await found(ring(), '999-88-7777')).toEqual(['p3']);
  });

  test('is refused where there are no keys, or others than those of the store', async () => {
    for (const file of readdirSync(store.keys)) rmSync(join(store.keys, file));
    expect((await rotateKeys()).err).toContain('There are no master keys');
    addKey(store.keys);
    const refused = await rotateKeys();
    expect(refused.err).toContain('sealed with the master key 0001');
    expect(readdirSync(store.keys)).toEqual(['master-0001.key']);
    await store.store.commit(insert('Basic', stored('still')));
  });
});

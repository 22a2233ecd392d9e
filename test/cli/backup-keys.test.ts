import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { readKeyring } from '../../src/storage/keyring.ts';
import { secretsOf } from '../../src/storage/secrets.ts';
import type { Stored } from '../../src/storage/store.ts';
import { contentOf, emptyStore, filledStore, folder, run, settingsOf, type Filled } from './stores.ts';

let filled: Filled;
let backups: string;
beforeAll(async () => {
  filled = await filledStore();
  backups = await folder();
  for (const [target = '', ...options] of [['plain'], ['keyed', '--with-keys']]) {
    const made = await run(['backup', join(backups, target), ...options], settingsOf(filled, filled.keys));
    expect(made).toMatchObject({ code: 0, err: '' });
  }
});

describe('the keys of a backup', () => {
  test('come with it only where that was asked for, with a warning', async () => {
    const target = join(await folder(), 'b.tar');
    const made = await run(['backup', target, '--with-keys'], settingsOf(filled, filled.keys));
    expect(made.out).toContain('WARNING');
    const store = await emptyStore();
    const keys = join(await folder(), 'keys');
    expect(await run(['restore', target], settingsOf(store, keys))).toMatchObject({ code: 0 });
    expect(readKeyring(keys)).toEqual(readKeyring(filled.keys));
    const secrets = secretsOf(readKeyring(keys));
    const found = await store.db
      .collection<Stored>('Patient')
      .findOne({ secretKeys: { $in: secrets.blind('', '123451003') } });
    expect(found?._id).toBe('p3');
    expect(secrets.open('identifier', found?.secrets?.[0] ?? { key: '', cipher: '' })).toBe('123-45-1003');
  });

  test('must be there where they did not come with it', async () => {
    const store = await emptyStore();
    const keys = join(await folder(), 'keys');
    const refused = await run(['restore', join(backups, 'plain')], settingsOf(store, keys));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('master-0001.key');
    expect(refused.err).toContain('--without-keys');
    expect(await contentOf(store.db)).toEqual(new Map());
  });

  test('must not be others of the same name', async () => {
    const store = await emptyStore();
    const keys = join(await folder(), 'keys');
    const own = readKeyring(keys);
    for (const name of ['plain', 'keyed']) {
      const refused = await run(['restore', join(backups, name)], settingsOf(store, keys));
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('another master key 0001');
    }
    expect(readKeyring(keys)).toEqual(own);
  });

  test('that are lost leave the rest: secrets are left out, and nothing stands behind their asterisks', async () => {
    const store = await emptyStore();
    const keys = join(await folder(), 'keys');
    expect(
      await run(['restore', '--without-keys', join(backups, 'plain')], settingsOf(store, keys)),
    ).toMatchObject({ code: 0 });
    const secret = { $or: [{ secrets: { $exists: true } }, { secretKeys: { $exists: true } }] };
    expect(await store.db.collection('Patient').countDocuments(secret)).toBe(0);
    expect(await store.db.collection('Patient_history').countDocuments(secret)).toBe(0);
    expect(await store.db.collection('Patient').countDocuments()).toBe(
      await filled.db.collection('Patient').countDocuments(),
    );
    expect(await store.db.collection<{ _id: string }>('facts').findOne({ _id: 'keys' })).toBeNull();
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addKey, keysIn, putKey, readKeyring } from '../../src/storage/keyring.ts';
import { agreeOnKeys, forgetKeys, knownKeys } from '../../src/storage/known-keys.ts';
import { secretsOf } from '../../src/storage/secrets.ts';
import { place } from './place.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = join(mkdtempSync(join(tmpdir(), 'fhir-iis-keys-')), 'keys');
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(join(each, '..'), { recursive: true, force: true });
});
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a folder of keys', () => {
  test('gets a first key, which stays the same', () => {
    const dir = folder();
    const [first] = readKeyring(dir);
    expect(first.name).toBe('0001');
    expect(first.bytes).toHaveLength(32);
    expect(readKeyring(dir)).toEqual([first]);
    expect(readdirSync(dir)).toEqual(['master-0001.key']);
  });

  test('is read by nobody but the user of the server', () => {
    const dir = folder();
    readKeyring(dir);
    expect(modeOf(dir)).toBe(0o700);
    expect(modeOf(join(dir, 'master-0001.key'))).toBe(0o600);
  });

  test('whose key others can read is closed', () => {
    const dir = folder();
    readKeyring(dir);
    chmodSync(join(dir, 'master-0001.key'), 0o644);
    readKeyring(dir);
    expect(modeOf(join(dir, 'master-0001.key'))).toBe(0o600);
  });

  test('gets newer keys after the older ones, and tells them oldest first', () => {
    const dir = folder();
    const [first] = readKeyring(dir);
    const second = addKey(dir);
    expect(second.name).toBe('0002');
    expect(keysIn(dir)).toEqual([first, second]);
  });

  test('takes a key of another place, but never for one that it has', () => {
    const dir = folder();
    const [first] = readKeyring(dir);
    putKey(dir, { name: '0001', bytes: Buffer.alloc(32, 1) });
    putKey(dir, { name: '0007', bytes: Buffer.alloc(32, 7) });
    expect(keysIn(dir)).toEqual([first, { name: '0007', bytes: Buffer.alloc(32, 7) }]);
  });

  test('with a broken key is refused, with the name of its file and what to do', () => {
    const dir = folder();
    readKeyring(dir);
    writeFileSync(join(dir, 'master-0002.key'), 'short');
    expect(() => readKeyring(dir)).toThrow(/master-0002\.key does not hold 32 bytes/);
  });

  test('gives many servers that start on it at once the same first key', async () => {
    const dir = folder();
    const keyring = fileURLToPath(new URL('../../src/storage/keyring.ts', import.meta.url));
    const script = `import { readKeyring } from ${JSON.stringify(keyring)};
      console.log(Buffer.from(readKeyring(${JSON.stringify(dir)})[0].bytes).toString('hex'));`;
    const said = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        child.stdout.on('data', (chunk) => (text += String(chunk)));
        await once(child, 'close');
        return text.trim();
      }),
    );
    expect(new Set(said)).toEqual(new Set([readFileSync(join(dir, 'master-0001.key')).toString('hex')]));
  });
});

describe('a store', () => {
  const ring = (...fills: number[]) =>
    secretsOf(fills.map((fill, at) => ({ name: `000${at + 1}`, bytes: Buffer.alloc(32, fill) })) as never)
      .keys;

  test('knows its keys, and is not run with others of their names or without them', async () => {
    const p = await place();
    await agreeOnKeys(p.connection, ring(1));
    await agreeOnKeys(p.connection, ring(1));
    await agreeOnKeys(p.connection, ring(1, 2));
    expect(await knownKeys(p.connection)).toEqual(ring(1, 2));
    const refusal = { kind: 'unavailable', message: expect.stringContaining('KEYS_DIR') };
    await expect(agreeOnKeys(p.connection, ring(9, 2))).rejects.toMatchObject(refusal);
    await expect(agreeOnKeys(p.connection, ring(1))).rejects.toMatchObject(refusal);
    await forgetKeys(p.connection, ['0002']);
    await agreeOnKeys(p.connection, ring(1));
    await p.end();
  });

  test('that two servers open at once with different keys takes one of them', async () => {
    const p = await place();
    const both = await Promise.allSettled([
      agreeOnKeys(p.connection, ring(1)),
      agreeOnKeys(p.connection, ring(2)),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await p.end();
  });
});

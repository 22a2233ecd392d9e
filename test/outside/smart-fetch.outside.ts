/** smart-fetch proves itself as a backend service, gets a token and reads with it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backend, type Backend } from '../auth/app.ts';
import { guarded, withScope } from '../auth/bearer.ts';
import { organization } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let clinic: string;
let folder: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  folder = mkdtempSync(join(tmpdir(), 'fhir-iis-smart-fetch-'));
  const body = organization({ name: 'Example Clinic' });
  clinic = (await withScope(w, 'system/*.cruds')('POST', '/Organization', { body })).body.id;
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await w.end();
});

/** Runs the program with a client's key. */
async function fetched({ key, alg, kid, id }: Backend): Promise<string> {
  const jwk = { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig', key_ops: ['sign'] };
  const file = join(folder, `${id}.jwks`);
  writeFileSync(file, JSON.stringify({ keys: [jwk] }), { mode: 0o600 });
  const program = process.env['SMART_FETCH'] ?? 'smart-fetch';
  const who = ['--fhir-url', w.url, '--smart-client-id', id, '--smart-key', file];
  const { stdout } = await promisify(execFile)(program, [
    'single',
    `Organization/${clinic}`,
    '--compact',
    ...who,
  ]);
  return stdout;
}

describe('smart-fetch', () => {
  test.each(['ES384', 'RS384'] as const)('gets a token by %s and reads', async (alg) => {
    expect(await fetched(await backend(w, {}, alg))).toContain('Example Clinic');
  });

  test('reads nothing with a key that is not the client’s', async () => {
    const [one, other] = [await backend(w), await backend(w)];
    await expect(fetched({ ...other, id: one.id })).rejects.toThrow(/401.*client authentication failed/s);
  });
});

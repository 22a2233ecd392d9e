/** A server that is started with MLLP_PORT: what it must be given, and that it listens and stops. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { serve } from '../../src/main.ts';
import { ask } from '../world/asks.ts';
import { codes, connected, frame, message, pair, type Pair } from './mllp-sender.ts';

describe('a start with MLLP_PORT', () => {
  let folder: string;
  let ca: Pair;
  beforeAll(async () => {
    ca = await pair('Registry CA');
    const server = await pair('localhost', ca);
    folder = await mkdtemp(join(tmpdir(), 'fhir-iis-mllp-'));
    await writeFile(join(folder, 'cert'), server.cert);
    await writeFile(join(folder, 'key'), server.key);
  });
  afterAll(() => rm(folder, { recursive: true }));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const start = (settings: Record<string, string>) =>
    serve(
      readConfig({
        ...{ PORT: '0', MLLP_PORT: '0', DATA_DIR: folder, ...settings },
        MONGODB_DATABASE: `test_${randomUUID().slice(0, 8)}`,
      }),
      { uri: process.env['TEST_MONGODB_URI'] ?? '' },
      silent,
    );
  const files = (): Record<string, string> => ({
    MLLP_CERT: join(folder, 'cert'),
    MLLP_KEY: join(folder, 'key'),
  });

  test('is refused without a certificate, and without an authority for those of senders', async () => {
    await expect(start({ AUTH: 'none' })).rejects.toThrow(/MLLP_CERT and MLLP_KEY/);
    await expect(start({ AUTH: 'smart', ...files() })).rejects.toThrow(/needs MLLP_CA/);
  });

  test('records and counts who comes with a certificate that names no client', async () => {
    await writeFile(join(folder, 'ca'), ca.cert);
    const running = await start({ AUTH: 'smart', ...files(), MLLP_CA: join(folder, 'ca') });
    const { socket, answers, closed } = connected(running.mllpPort ?? 0, ca, await pair('ehr', ca));
    socket.write(frame(message('Y1', 'Y1')));
    expect(codes(await answers(1))).toEqual(['AR Y1']);
    const actor = { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' };
    const query = [['subtype', 'sender']] as const;
    const found = await running.services.rooms.handle(
      ask({ interaction: 'search-type', type: 'AuditEvent', query, actor }),
    );
    expect(JSON.parse(found.body ?? '{}')).toMatchObject({
      total: 1,
      entry: [{ resource: { outcome: '4', agent: [{ who: { identifier: { value: 'ehr' } } }, {}] } }],
    });
    const metrics = await fetch(running.localUrl.replace('/fhir/R4', '/metrics'));
    expect(await metrics.text()).toContain('fhir_iis_refused_total{why="unproven"} 1');
    socket.end();
    await closed;
    await running.services.connection.dropDatabase();
    await running.stop();
  });

  test('takes messages of a sandbox without authorization, and stops with the server', async () => {
    const running = await start({ AUTH: 'none', ...files() });
    const { socket, answers, closed } = connected(running.mllpPort ?? 0, ca, undefined);
    socket.write(frame(message('Z1', 'Z1')));
    expect(codes(await answers(1))).toEqual(['AA Z1']);
    await running.services.connection.dropDatabase();
    await running.stop();
    await closed;
  });
});

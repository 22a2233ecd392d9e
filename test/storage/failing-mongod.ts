/** A MongoDB that fails where it is told to (failCommand), and a wire to it that loses answers. */
import { mongo } from 'mongoose';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongodPath } from './embedded/place.ts';

export interface FailingMongod {
  readonly uri: string;
  /** The same MongoDB over a wire that can be told to lose answers. */
  readonly wire: { readonly uri: string; lose(command: string, times: number): void };
  /** Commands fail as `failCommand` says until `mode` is through; `off` ends it. */
  fail(mode: object | 'off' | 'alwaysOn', data?: object): Promise<void>;
  stop(): Promise<void>;
}

const options = 'directConnection=true&replicaSet=failing';

export async function failingMongod(): Promise<FailingMongod> {
  const dir = await mkdtemp(join(tmpdir(), 'fhir-iis-failing-'));
  const port = await freePort();
  const mongod = await run(dir, port);
  const uri = `mongodb://127.0.0.1:${port}/?${options}`;
  const client = await new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`).connect();
  const admin = client.db('admin');
  await admin.command({ replSetInitiate: { _id: 'failing', members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await sleep(20);
  const wire = await wireTo(port);
  return {
    uri,
    wire: { uri: `mongodb://127.0.0.1:${wire.port}/?${options}`, lose: wire.lose },
    fail: async (mode, data) => {
      await admin.command({ configureFailPoint: 'failCommand', mode, ...(data && { data }) });
    },
    stop: async () => {
      wire.server.close();
      await client.close();
      mongod.kill('SIGKILL');
      await once(mongod, 'exit');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function run(dir: string, port: number): Promise<ChildProcess> {
  const parameters = ['enableTestCommands=1', 'diagnosticDataCollectionEnabled=false'];
  const mongod = spawn(
    await mongodPath(),
    [
      ...['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'failing'],
      ...['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '50', '--nounixsocket'],
      ...parameters.flatMap((each) => ['--setParameter', each]),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const chunk of mongod.stdout) if (String(chunk).includes('Waiting for connections')) break;
  mongod.stdout.resume();
  return mongod;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Passes everything on; where it is to lose a command's answer, MongoDB has done the command when the wire breaks. */
async function wireTo(port: number): Promise<{ server: Server; port: number; lose: FailingMongod['wire']['lose'] }> {
  let lost = '';
  let times = 0;
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    let isLosing = false;
    near.on('data', (bytes) => {
      if (times > 0 && bytes.includes(`\x10${lost}\0`)) {
        times -= 1;
        isLosing = true;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isLosing) near.destroy();
      else near.write(bytes);
    });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lose = (command: string, often: number): void => {
    [lost, times] = [command, often];
  };
  return { server, port: (server.address() as AddressInfo).port, lose };
}

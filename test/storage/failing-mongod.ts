/** A MongoDB that fails where it is told to (failCommand), and a wire to it that loses answers. */
import { mongo } from 'mongoose';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongodPath } from './embedded/place.ts';

export interface FailingMongod {
  readonly uri: string;
  /** The same MongoDB over a wire that can be told to lose answers. */
  readonly wire: Wire;
  /** Commands fail as `failCommand` says until `mode` is through; `off` ends it. */
  fail(mode: object | 'off' | 'alwaysOn', data?: object): Promise<void>;
  stop(): Promise<void>;
}

export interface Wire {
  readonly uri: string;
  /** The next commands of this name are done, but not answered: the wire breaks. */
  lose(command: string, times: number): void;
  /** Nobody gets through until the wire is mended. */
  cut(): void;
  mend(): void;
}

const options = 'directConnection=true&replicaSet=failing';

export async function failingMongod(): Promise<FailingMongod> {
  const dir = await mkdtemp(join(tmpdir(), 'fhir-iis-failing-'));
  const port = await freePort();
  const mongod = await run(dir, port);
  const uri = `mongodb://127.0.0.1:${port}/?${options}`;
  const client = await new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`).connect();
  const admin = client.db('admin');
  await admin.command({
    replSetInitiate: { _id: 'failing', members: [{ _id: 0, host: `127.0.0.1:${port}` }] },
  });
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await sleep(20);
  const wire = await wireTo(port);
  return {
    uri,
    wire,
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
async function wireTo(port: number): Promise<Wire & { server: Server }> {
  const open = new Set<Socket>();
  let [lost, times, isCut] = ['', 0, false];
  const isLost = (bytes: Buffer): boolean => times > 0 && bytes.includes(`\x10${lost}\0`);
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    open.add(near);
    const far = dial(port, '127.0.0.1');
    let isLosing = false;
    near.on('data', (bytes: Buffer) => {
      if (isLost(bytes)) [times, isLosing] = [times - 1, true];
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isLosing) near.destroy();
      else near.write(bytes);
    });
    near.on('error', () => undefined).on('close', () => open.delete(near) && far.destroy());
    far.on('error', () => undefined).on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?${options}`,
    lose: (command, often) => {
      [lost, times] = [command, often];
    },
    cut: () => {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
  };
}

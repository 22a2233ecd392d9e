/**
 * What it costs to know who asks, to decide and to record: the same requests to servers of this process that leave some
 * of it out, in turns. CPU time of this process and of its MongoDB for an answer; other work on the machine slows all
 * alike, so that the ratios hold.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appOf, FHIR_PATH } from '../../app.ts';
import { OPEN, openGate, type Gate } from '../../auth/gate.ts';
import { mint } from '../../auth/server/mint.ts';
import { readConfig } from '../../config.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { openServices, wiringOf, type Services } from '../../services.ts';
import { startThrowAway } from '../../storage/embedded/throw-away.ts';
import { markSandbox } from '../../storage/facts.ts';
import { logOf } from '../logging.ts';
import { bodiesFrom } from './bodies.ts';
import type { Started } from './child.ts';
import type { Order } from './client.ts';
import { fill } from './fill.ts';
import { measure } from './measure.ts';
import type { Known } from './scenarios.ts';
import { usageOf, type Usages } from './usage.ts';

export interface AccessOptions {
  readonly people: number;
  readonly seconds: number;
  readonly connections: number;
  readonly say: (text: string) => void;
}

const ASKED = ['read', 'doses', 'people'] as const;
const ROUNDS = 4;
const WARM_UP_SECONDS = 0.3;
const ACCOUNT = 'bench-provider';

/** A server that leaves some of it out. */
interface Stage {
  readonly says: string;
  readonly rooms: Rooms;
  readonly gate: Gate;
  readonly token?: string;
}

/** The same rooms, but nothing is kept of what happens in them. */
const unrecorded = (rooms: Rooms): Rooms => ({
  ...rooms,
  record: (_ask, work) =>
    work({
      wrote: () => undefined,
      concerns: () => undefined,
      startAgain: () => undefined,
      draft: () => () => [],
      committed: () => undefined,
    }),
});

/** Everybody may do everything. */
const undecided = (rooms: Rooms): Rooms => ({ ...rooms, rules: [() => ({})] });

/** A clinician of an organisation, as most are who ask. */
async function tokenOf(gate: Gate): Promise<string> {
  if (gate.own === undefined) throw new Error('The gate has no authorization server');
  const { parts } = gate.own;
  await parts.accounts.put({
    ...{ _id: ACCOUNT, name: 'Bench', role: 'provider', password: '' },
    ...{ organization: randomUUID(), person: `Practitioner/${randomUUID()}` },
  });
  return mint(parts, { as: ACCOUNT });
}

async function stagesOf(services: Services): Promise<readonly Stage[]> {
  const { rooms } = services;
  const gate = await openGate({ mode: 'smart' }, services);
  const token = await tokenOf(gate);
  return [
    { says: 'nothing', rooms: undecided(unrecorded(rooms)), gate: OPEN },
    { says: 'record', rooms: undecided(rooms), gate: OPEN },
    { says: 'token and policy', rooms: unrecorded(rooms), gate, token },
    { says: 'token, policy and record', rooms, gate, token },
  ];
}

/** Runs the bench and says what it found. */
export async function benchAccess(options: AccessOptions, started: Started): Promise<void> {
  const config = readConfig();
  const log = logOf('error');
  const { say } = options;
  const embedded = await startThrowAway({
    cacheDir: config.CACHE_DIR,
    cacheMb: config.MONGOD_CACHE_MB,
    ...(config.MONGOD_BINARY !== undefined && { binary: config.MONGOD_BINARY }),
    ...{ log, say },
  });
  try {
    const services = await openServices(wiringOf(config, embedded.uri, `http://localhost${FHIR_PATH}`, log));
    const { rooms, connection } = services;
    await markSandbox(connection, { seed: 0, people: options.people, at: rooms.now(), complete: true });
    say(`Storing ${options.people} people of ten doses each …`);
    const known = await fill(rooms, options.people, bodiesFrom(0, randomUUID()));
    await compare(await stagesOf(services), { options, services, known, mongod: embedded.pid }, started);
    await services.close();
  } finally {
    await embedded.stop();
  }
}

interface Bench {
  readonly options: AccessOptions;
  readonly services: Services;
  readonly known: Known;
  readonly mongod: number;
}

/** Microseconds of CPU for an answer. */
interface Cost {
  readonly node: number;
  readonly mongod: number;
}

async function compare(stages: readonly Stage[], bench: Bench, started: Started): Promise<void> {
  for (const scenario of ASKED) {
    const costs = await costsOf(stages, bench, scenario, started);
    const bare = totalOf(leastOf(costs[0] ?? []));
    bench.options.say(`\n${scenario}`);
    for (const [at, { says }] of stages.entries()) {
      const cost = leastOf(costs[at] ?? []);
      const kept = Math.round((100 * bare) / totalOf(cost));
      bench.options.say(
        `${says.padEnd(26)} ${cost.node.toFixed(0)} µs Node + ${cost.mongod.toFixed(0)} MongoDB: keeps ${kept} %`,
      );
    }
  }
}

/** What an answer costs with each, round by round. */
async function costsOf(
  stages: readonly Stage[],
  bench: Bench,
  scenario: string,
  started: Started,
): Promise<readonly (readonly Cost[])[]> {
  const costs: Cost[][] = stages.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, stage] of stages.entries()) {
      const cost = await costOf(stage, bench, { scenario, seed: round }, started);
      // The first round warms up.
      if (round > 0) costs[at]?.push(cost);
    }
  }
  return costs;
}

const totalOf = ({ node, mongod }: Cost): number => node + mongod;
/** The round that other work on the machine disturbed least. */
const leastOf = (costs: readonly Cost[]): Cost =>
  costs.toSorted((a, b) => totalOf(a) - totalOf(b))[0] ?? { node: 0, mongod: 0 };

async function costOf(
  { rooms, gate, token }: Stage,
  { options, services, known, mongod }: Bench,
  { scenario, seed }: Pick<Order, 'scenario' | 'seed'>,
  started: Started,
): Promise<Cost> {
  const app = appOf({ ...services, rooms }, { gate, corsOrigins: ['*'], bodyLimit: 1_000_000 });
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { seconds, connections } = options;
  const order: Order = {
    ...{ scenario, seed, port, seconds, connections, known },
    ...{ base: FHIR_PATH, run: randomUUID(), warmUpSeconds: WARM_UP_SECONDS },
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const { used, answers, failed } = await measure(order, () => usageWith(mongod), started);
  server.closeAllConnections();
  server.close();
  if (Object.keys(failed).length > 0) throw new Error(`Not all was answered: ${JSON.stringify(failed)}`);
  return { node: (used.server.cpuSeconds * 1e6) / answers, mongod: (used.mongod.cpuSeconds * 1e6) / answers };
}

/** What this process, which is the server, and its database have used. */
async function usageWith(pid: number): Promise<Usages> {
  const { mongod } = await usageOf(pid);
  const { user, system } = process.cpuUsage();
  return { mongod, server: { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() } };
}

/**
 * What it costs to know who asks and to decide, with few participants and with many: `npm run decisions --
 * [--clients 10000] [--users 100000]`. Both sizes are measured in one run on one database, in turns, so that a busy
 * machine slows both; what counts is the ratio, and the CPU time of a decision.
 */
import { dayAfter } from '../src/core/civil-day.ts';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Ask } from '../src/core/context.ts';
import { scopesOf } from '../src/core/scopes.ts';
import { loadPack } from '../src/jurisdictions/load.ts';
import type { Participant } from '../src/policy/participant.ts';
import { decide } from '../src/policy/decide.ts';
import { openServices, type Services } from '../src/services.ts';
import { startThrowAway } from '../src/storage/embedded/throw-away.ts';
import { PARTICIPANTS } from '../src/storage/participants.ts';
import { secretsOf } from '../src/storage/secrets.ts';

const FEW = { clients: 100, users: 1000 };
const DECISIONS = 4000;
const AT_ONCE = 32;
const ROUNDS = 3;
const PEOPLE_OF_ONE = 20;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const { values } = parseArgs({
  options: { clients: { type: 'string', default: '10000' }, users: { type: 'string', default: '100000' } },
});
const many = { clients: Number(values.clients), users: Number(values.users) };
const today = new Date().toISOString().slice(0, 10);

function participant(_id: string, more: Partial<Participant>): Participant {
  const act = { at: new Date(), by: 'client:seed' };
  return {
    ...{
      _id,
      what: 'person',
      applied: act,
      approved: act,
      trained: act,
      agreement: { ...act, version: '1' },
    },
    ...{ until: dayAfter(today, 300), usedOn: today, revision: 1 },
    ...more,
  };
}

/** Programs and people, twenty people to an organisation. */
function* participants({ clients, users }: typeof FEW): Generator<Participant> {
  for (let n = 0; n < users / PEOPLE_OF_ONE; n += 1) {
    yield participant(`organization:o${n}`, { what: 'organization', kind: 'provider' });
  }
  for (let n = 0; n < clients; n += 1) yield participant(`client:c${n}`, { what: 'client' });
  for (let n = 0; n < users; n += 1) {
    const organization = `o${Math.floor(n / PEOPLE_OF_ONE)}`;
    yield participant(`account:u${n}`, { role: 'provider', organization });
  }
}

async function seeded(uri: string, name: string, size: typeof FEW): Promise<Services> {
  const services = await openServices({
    ...{ uri, database: name, baseUrl: 'http://localhost/fhir/R4', bundleEntries: 1, log: silent },
    secrets: secretsOf([{ name: '0001', bytes: Buffer.alloc(32, 7) }]),
    pack: loadPack('sandbox'),
  });
  const collection = services.connection.db?.collection<Participant>(PARTICIPANTS);
  let batch: Participant[] = [];
  for (const each of participants(size)) {
    batch.push(each);
    if (batch.length < 5000) continue;
    await collection?.insertMany(batch);
    batch = [];
  }
  if (batch.length > 0) await collection?.insertMany(batch);
  return services;
}

/** Somebody else each time, so that nothing is near because it was just read. */
function askOf({ clients, users }: typeof FEW, n: number): Ask {
  const user = (n * 7919) % users;
  return {
    interaction: 'read',
    type: 'Immunization',
    id: 'x',
    actor: {
      ...{ client: `c${(n * 104_729) % clients}`, user: `u${user}`, role: 'provider', purpose: 'TREAT' },
      organization: `o${Math.floor(user / PEOPLE_OF_ONE)}`,
      scopes: scopesOf('user/*.cruds'),
    },
    ...{ requestId: 'x', door: 'http', query: [], queryInUrl: true, conditions: {}, prefer: {} },
  };
}

/** Microseconds of CPU that a decision takes here; the database's own are beside it. */
async function costOf({ rooms }: Services, size: typeof FEW, from: number): Promise<number> {
  let next = from;
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    while (next < from + DECISIONS) {
      const ask = askOf(size, next++);
      decide(rooms.rules, ask, await rooms.know(ask));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / DECISIONS;
}

const embedded = await startThrowAway({
  cacheDir: join(homedir(), '.cache', 'fhir-iis'),
  ...{ cacheMb: 256, log: silent, say: () => undefined },
});
const sizes = [FEW, many];
const worlds = await Promise.all(sizes.map((size, at) => seeded(embedded.uri, `decisions_${at}`, size)));
const costs: number[][] = sizes.map(() => []);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [at, size] of sizes.entries()) {
    const world = worlds[at];
    if (world !== undefined) costs[at]?.push(await costOf(world, size, round * DECISIONS));
  }
}
const best = costs.map((each) => Math.min(...each));
for (const [at, { clients, users }] of sizes.entries()) {
  console.log(`${clients} clients, ${users} users: ${(best[at] ?? 0).toFixed(0)} µs of CPU a decision`);
}
console.log(`ratio ${((best[1] ?? 0) / (best[0] ?? 1)).toFixed(2)}`);
for (const world of worlds) await world.close();
await embedded.stop();

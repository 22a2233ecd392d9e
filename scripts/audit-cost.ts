/**
 * What recording costs: reads and searches through the corridor with their records and without, in turns, in processor
 * time of this process and of its MongoDB, which other work on the machine hardly changes: `node scripts/audit-cost.ts`.
 */
import { documentOf } from '../src/audit/document.ts';
import { eventsOf } from '../src/audit/event.ts';
import type { Ask } from '../src/core/context.ts';
import { handle } from '../src/interactions/handle.ts';
import type { Rooms } from '../src/interactions/rooms.ts';
import { linkerOf } from '../src/storage/chain.ts';
import { databaseOf } from '../src/storage/connect.ts';
import { sandboxOf } from './validator/server.ts';

const PEOPLE = 200;
const READS = 1500;
const ROUNDS = 3;
const AT_ONCE = 16;
const EVENTS = 20_000;

interface Spent {
  readonly node: number;
  readonly mongod: number;
}

const { rooms, services, stop } = await sandboxOf(PEOPLE);
const admin = databaseOf(services.connection).admin();

/** Microseconds so far. */
async function spent(): Promise<Spent> {
  const { user, system } = process.cpuUsage();
  const status = (await admin.serverStatus()) as {
    readonly extra_info: { readonly user_time_us: number; readonly system_time_us: number };
  };
  const { user_time_us, system_time_us } = status.extra_info;
  return { node: user + system, mongod: user_time_us + system_time_us };
}

const base: Omit<Ask, 'interaction'> = {
  actor: { client: 'cost', user: 'nurse', organization: 'clinic', role: 'developer', purpose: 'TREAT' },
  requestId: '5f1de6b5-5d13-4a09-a9ad-1f0a3f8d7f3e',
  door: 'http',
  query: [],
  queryInUrl: true,
  conditions: {},
  prefer: {},
  from: '127.0.0.1',
};
const found = await databaseOf(services.connection)
  .collection<{ _id: string }>('Patient')
  .find({}, { projection: { _id: 1 }, limit: 500 })
  .toArray();
const ids = found.map(({ _id }) => _id);
const ASKS: Readonly<Record<string, (id: string) => Ask>> = {
  'a read': (id) => ({ ...base, interaction: 'read', type: 'Patient', id }),
  'a patient’s doses': (id) => ({
    ...base,
    interaction: 'search-type',
    type: 'Immunization',
    query: [['patient', `Patient/${id}`]],
  }),
};

/** The same rooms, but nothing is kept of what happens in them. */
const unrecorded: Rooms = {
  ...rooms,
  record: (_ask, work) =>
    work({
      wrote: () => undefined,
      concerns: () => undefined,
      startAgain: () => undefined,
      draft: () => () => [],
      committed: () => undefined,
    }),
};

async function measured(where: Rooms, ask: (id: string) => Ask): Promise<Spent> {
  const before = await spent();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < READS; at = next++) await handle(where, ask(ids[at % ids.length] ?? ''));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const after = await spent();
  return { node: (after.node - before.node) / READS, mongod: (after.mongod - before.mongod) / READS };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const micro = (value: number): string => `${value.toFixed(0)} µs`;

for (const [name, ask] of Object.entries(ASKS)) {
  const [without, recorded]: [Spent[], Spent[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [bare, kept] = [await measured(unrecorded, ask), await measured(rooms, ask)];
    // The first round warms up.
    if (round > 0) [without, recorded].forEach((list, at) => list.push(at === 0 ? bare : kept));
  }
  const of = (list: readonly Spent[], which: keyof Spent): number => median(list.map((each) => each[which]));
  const [a, b] = [without, recorded].map((list) => of(list, 'node') + of(list, 'mongod')) as [number, number];
  console.log(
    `${name}: without ${micro(of(without, 'node'))} Node + ${micro(of(without, 'mongod'))} MongoDB; recorded ` +
      `${micro(of(recorded, 'node'))} + ${micro(of(recorded, 'mongod'))}; ` +
      `${(1e6 / a).toFixed(0)} against ${(1e6 / b).toFixed(0)} answers a CPU second (${((b / a - 1) * 100).toFixed(0)} % more)`,
  );
}

const link = linkerOf(Buffer.alloc(32, 7));
function event(n: number): number {
  const ask = ASKS['a read']?.(ids[n % ids.length] ?? '') as Ask;
  const touched = { resources: [`Patient/${ask.id ?? ''}/_history/1`], patients: [ask.id ?? ''] };
  const [made] = eventsOf(ask, touched, { status: 200, recorded: new Date() }, () => 'x.00000001');
  return made === undefined ? 0 : link('before', documentOf(made)).length;
}
for (let n = 0; n < EVENTS; n += 1) event(n);
const begun = process.cpuUsage();
for (let n = 0; n < EVENTS; n += 1) event(n);
const { user, system } = process.cpuUsage(begun);
console.log(`an event: ${((user + system) / EVENTS).toFixed(1)} µs to make, key and link`);
await stop();

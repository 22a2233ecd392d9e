/**
 * What the validation of a dose costs, as a share of its write: `node scripts/validation-cost.ts`. Time of the
 * processor, which other work on the machine does not change; the database's own is not counted in the write, so
 * that the share is rather too high than too low.
 */
import type { Resource } from '@medplum/fhirtypes';
import { parseJson } from '../src/fhir/json.ts';
import type { Rooms } from '../src/interactions/rooms.ts';
import { personSample } from '../src/sandbox/samples.ts';
import { judge } from '../src/validation/check.ts';
import { lifetimeFaults } from '../src/validation/registry/lifetime.ts';
import { sandboxOf } from './validator/server.ts';

const PEOPLE = 40;
const WRITES = 3000;
const AT_ONCE = 8;

type Json = Readonly<Record<string, unknown>>;

const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function create(rooms: Rooms, resource: Resource): Promise<string> {
  const answer = await rooms.handle({
    interaction: 'create',
    actor: { client: 'cost', role: 'system', purpose: 'HSYSADMIN' },
    requestId: rooms.newId(),
    door: 'command',
    type: resource.resourceType,
    query: [],
    queryInUrl: false,
    conditions: {},
    prefer: {},
    body: { kind: 'resource', resource },
  });
  return answer.body ?? '';
}

const { rooms, stop } = await sandboxOf(0);
const today = rooms.now().toISOString().slice(0, 10);
const patients: string[] = [];
const doses: string[] = [];
for (let n = 0; n < PEOPLE; n += 1) {
  const patient = await create(rooms, personSample({ seed: 1, today, n }).patient);
  const { id } = JSON.parse(patient) as { id: string };
  const sample = personSample({ seed: 1, today, n, patient: `Patient/${id}` });
  patients.push(...sample.doses.map(() => patient));
  doses.push(...sample.doses.map((dose) => JSON.stringify(dose)));
}

async function writes(count: number): Promise<number> {
  let next = 0;
  const before = spent();
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++)
      await create(rooms, parseJson(doses[at % doses.length] ?? '') as Resource);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (spent() - before) / count;
}

function validations(): number {
  const parsed = doses.map((dose) => parseJson(dose));
  const before = spent();
  parsed.forEach((dose) => judge(dose, { id: 'new', now: rooms.now() }));
  doses.forEach((dose, at) =>
    lifetimeFaults(JSON.parse(dose) as Json, JSON.parse(patients[at] ?? '{}') as Json),
  );
  return (spent() - before) / doses.length;
}

await writes(WRITES / 3);
const write = await writes(WRITES);
validations();
const validation = Math.min(validations(), validations(), validations());
await stop();
const share = ((validation / write) * 100).toFixed(1);
console.log(`${validation.toFixed(0)} of ${write.toFixed(0)} µs a dose: ${share} % of its write`);

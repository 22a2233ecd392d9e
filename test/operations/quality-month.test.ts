/** The month of senders: a report that its own people and the registry read, limits that notify once, and a flag after two months. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { MeasureReport } from '@medplum/fhirtypes';
import { reportMonth } from '../../src/operations/quality/month.ts';
import { publishOwn } from '../../src/interactions/publish.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { outboxOf } from '../../src/storage/outbox.ts';
import { participantsOf } from '../../src/storage/participants.ts';
import { enrol, guarded, withScope } from '../auth/bearer.ts';
import { idsIn } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let [late, prompt] = ['', ''];
const manager = (): ReturnType<typeof withScope> => withScope(w, 'system/*.cruds');
const create = async (resource: object): Promise<string> => {
  const { resourceType } = resource as { readonly resourceType: string };
  const reply = await manager()('POST', `/${resourceType}`, { body: resource });
  expect([reply.status, reply.body.issue]).toEqual([201, undefined]);
  return reply.body.id;
};
/** Five doses of a month that a sender gave on one day and reported on another. */
async function reports(sender: string, given: string, received: string): Promise<void> {
  w.clock.set(`${received}T18:00:00.000Z`);
  const person = await create(patient({ name: [{ family: `Of ${sender} ${received}`, given: ['Ana'] }] }));
  for (const [at, cvx] of ['08', '20', '10', '03', '21'].entries()) {
    const assigner = { reference: `Organization/${sender}` };
    const identifier = [{ system: 'http://c.example.org', value: `${sender} ${received} ${at}`, assigner }];
    const vaccineCode = { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }] };
    const performer = [{ actor: assigner }];
    const more = { lotNumber: 'A1', manufacturer: { display: 'M' }, performer };
    await create(
      dose(person, { identifier, vaccineCode, occurrenceDateTime: given, primarySource: true, ...more }),
    );
  }
}
const run = (): Promise<void> =>
  reportMonth({
    rooms: w.rooms,
    organizations: participantsOf(w.services.connection).organizations,
    tell: outboxOf(w.services.connection, w.rooms.now).put,
  });
const notices = async (): Promise<string[]> =>
  (
    await databaseOf(w.services.connection).collection('notices').find().sort({ at: 1, _id: 1 }).toArray()
  ).map(({ text }) => String(text));
const reportsOf = async (id: string): Promise<MeasureReport[]> => {
  const { body } = await manager()('GET', `/MeasureReport?subject=Organization/${id}&_sort=date`);
  return (body.entry ?? []).map(({ resource }) => resource as unknown as MeasureReport);
};

beforeAll(async () => {
  w = await guarded({ at: '2026-08-01T12:00:00.000Z' });
  await publishOwn(w.rooms);
  late = await create(organization({ name: 'Late Clinic' }));
  prompt = await create(organization({ name: 'Prompt Clinic' }));
  for (const [id, who] of [
    [late, 'late-app'],
    [prompt, 'prompt-app'],
  ] as const)
    await enrol(w, { id: who, what: 'client', role: 'provider', organization: id });
  await reports(late, '2026-08-01', '2026-08-25');
  await reports(prompt, '2026-08-24', '2026-08-25');
  await reports(late, '2026-09-01', '2026-09-25');
  await reports(prompt, '2026-09-24', '2026-09-25');
});
afterAll(() => w.end());
beforeEach(() => {
  w.clock.set('2026-09-02T12:00:00.000Z');
});

type Group = NonNullable<MeasureReport['group']>[number];
const nameOf = ({ code }: Pick<Group, 'code'>): string | undefined => code?.coding?.[0]?.code;
const told = (report: MeasureReport | undefined, name: string): unknown[] =>
  (report?.group ?? [])
    .filter((group) => nameOf(group) === name)
    .map(({ population = [], measureScore }) => [population.map(({ count }) => count), measureScore?.value]);

test('a month is reported once, as numbers, by the published Measure', async () => {
  await run();
  await run();
  const [report, ...more] = await reportsOf(late);
  expect([report?.period, more]).toEqual([{ start: '2026-08-01', end: '2026-08-31' }, []]);
  const { body } = await manager()('GET', `/Measure?url=${String(report?.measure)}`);
  expect(idsIn(body)).toEqual(['data-quality']);
  const defined = body.entry?.[0]?.resource?.['group'] as Group[];
  expect((report?.group ?? []).map(nameOf)).toEqual(defined.map(nameOf));
  expect(told(report, 'timeliness')).toEqual([[[5, 0], 0]]);
  expect(told(report, 'required-of-doses')).toEqual([[[15, 15], 1]]);
  // The person has a gender, and neither address nor telecom.
  expect(told(report, 'if-available-of-patients')).toEqual([[[3, 1], 0.3333]]);
  expect(JSON.stringify(report)).not.toContain('Ana');
  expect(report?.meta?.versionId).toBe('1');
});

test('its own administrators and providers read it, and nobody else but the registry', async () => {
  await run();
  const reads = async (role: string, purpose: string, own: string): Promise<number> => {
    const claims = { role, purpose_of_use: purpose, organization: own, sub: `${role}-${own}`, fhirUser: 'x' };
    const [report] = await reportsOf(late);
    const send = withScope(w, 'user/*.rs', claims);
    return (await send('GET', `/MeasureReport/${report?.id ?? ''}`)).status;
  };
  expect(await reads('organization-administrator', 'HOPERAT', late)).toBe(200);
  expect(await reads('provider', 'HOPERAT', late)).toBe(200);
  expect(await reads('organization-administrator', 'HOPERAT', prompt)).toBe(404);
  expect(await reads('provider', 'TREAT', late)).toBe(403);
  expect(await reads('school', 'SCHOOL', late)).toBe(403);
  expect(await reads('researcher', 'HRESCH', 'institute')).toBe(404);
  expect(await reads('registry-staff', 'REGOPER', 'registry')).toBe(200);
});

test('a limit that is crossed is told once a month, and a flag is raised in the second', async () => {
  const flags = async () => (await manager()('GET', '/Task?code=data-quality')).body.entry ?? [];
  await run();
  await run();
  const first = (await notices()).filter((text) => text.includes('deadline'));
  expect(first.map((text) => text.split('\n')[0])).toEqual([
    'Of 2026-08-01 to 2026-08-31: Doses received within the deadline: 0 %, expected at least 90 %.',
  ]);
  expect(await flags()).toEqual([]);
  w.clock.set('2026-10-02T12:00:00.000Z');
  await run();
  await run();
  expect((await notices()).filter((text) => text.includes('deadline'))).toHaveLength(2);
  const raised = (await flags()).map(({ resource }) => resource);
  const of = (id: string) => raised.filter((each) => JSON.stringify(each?.['focus']).includes(id));
  expect(of(late)).toHaveLength(1);
  expect(JSON.stringify(of(late)[0]?.['input'])).toContain('timeliness');
  expect(JSON.stringify(of(prompt))).not.toContain('timeliness');
  // Staff decide; the flag is the record of the investigation.
  const task = of(late)[0]?.id ?? '';
  const query = new URLSearchParams({ reason: 'poor data', investigation: `Task/${task}` }).toString();
  const suspended = await withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' })(
    'POST',
    `/Organization/${late}/$suspend?${query}`,
  );
  expect(JSON.stringify(suspended.body)).toContain('suspended');
});

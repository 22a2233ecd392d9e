/** Rejected records: their sender lists them, reads them as they came, corrects them and sends them again; others learn nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Immunization, Parameters, Task } from '@medplum/fhirtypes';
import { enrol, guarded, withScope } from '../auth/bearer.ts';
import type { Reply } from '../world/requests.ts';
import { FACILITIES } from '../../src/hl7v2/senders.ts';
import { dose, organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import { change, field, found, GIVEN, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

const message = (id: string, parts: { readonly pid: string; readonly orders: readonly string[] }): string =>
  vxu(parts.orders, { msh: field(MSH, 10, id), pid: parts.pid });
/** A dose without its day. */
const bad = (number: string): string[] => change(order(HISTORICAL, number), 'RXA', 3, '');

describe('a message that is sent again', () => {
  let w: World;
  beforeAll(async () => {
    w = await world();
  });
  afterAll(() => w.end());
  const tasks = (): Promise<Task[]> => found<Task>(w, '/Task?code=message-rejected&_sort=authored-on');
  const open = async (): Promise<number> =>
    (await found<Task>(w, '/Task?code=message-rejected&status=rejected')).length;

  test('corrected, with the same number of its order, ends the rejection, which leads to what was filed', async () => {
    const pid = person('R1', 'Ocampo');
    await send(w, message('C1', { pid, orders: [...order(GIVEN, 'R1-1'), ...bad('R1-2')] }));
    expect(await open()).toBe(1);
    // What was good before is sent again: that settles nothing.
    await send(w, message('C2', { pid, orders: order(GIVEN, 'R1-1') }));
    expect(await open()).toBe(1);
    await send(w, message('C3', { pid, orders: order(HISTORICAL, 'R1-2') }));
    expect(await open()).toBe(0);
    const [task] = await tasks();
    const [filed] = await found<Immunization>(w, '/Immunization?identifier=R1-2');
    expect(task?.status).toBe('completed');
    const output = JSON.stringify(task?.output);
    expect(output).toContain(`"Immunization/${String(filed?.id)}"`);
    expect(JSON.stringify(task)).not.toContain('Patient/');
  });

  test('with the same control id ends it as well, and one that is rejected again takes its place', async () => {
    const pid = person('R2', 'Petrov');
    await send(w, message('C9', { pid: field(pid, 7, ''), orders: order(HISTORICAL, 'R2-1') }));
    await send(w, message('C9', { pid: field(pid, 7, ''), orders: order(HISTORICAL, 'R2-1') }));
    expect(await open()).toBe(1);
    const of = async (status: string): Promise<Task | undefined> =>
      (await found<Task>(w, `/Task?identifier=C9&status=${status}`))[0];
    const [cancelled, newest] = [await of('cancelled'), await of('rejected')];
    expect(JSON.stringify(cancelled?.output)).toContain(`"Task/${String(newest?.id)}"`);
    await send(w, message('C9', { pid, orders: order(HISTORICAL, 'R2-9') }));
    expect(await open()).toBe(0);
  });

  test('for trying out ends nothing', async () => {
    const pid = person('R3', 'Quist');
    await send(w, message('C4', { pid: field(pid, 7, ''), orders: order(HISTORICAL, 'R3-1') }));
    const trial = field(field(MSH, 10, 'C4'), 11, 'T');
    expect(told(await send(w, vxu(order(HISTORICAL, 'R3-1'), { msh: trial, pid })))[0]).toContain('AA');
    expect(await open()).toBe(1);
  });
});

describe('by operations', () => {
  let w: World;
  let [clinic, other] = ['', ''];
  type Send = ReturnType<typeof withScope>;
  const manager = (): Send => withScope(w, 'system/*.cruds');
  const as = (role: string, purpose: string, own: string): Send =>
    withScope(w, 'user/*.cruds', {
      ...{ role, purpose_of_use: purpose, organization: own, sub: `${role}-${own}`, fhirUser: 'x' },
    });
  const program = (own: string): Send =>
    withScope(w, 'system/*.cruds', {
      ...{
        role: 'provider',
        purpose_of_use: 'TREAT',
        organization: own,
        client_id: `app-${own}`,
        sub: `app-${own}`,
      },
    });
  const post = async (token: Send, text: string): Promise<string> =>
    (await token('POST', `${new URL(w.url).origin}/hl7v2`, { body: text, headers: { 'content-type': ER7 } }))
      .text;
  const ER7 = 'x-application/hl7-v2+er7';
  const listed = async (token: Send): Promise<Task[]> => {
    const { body } = await token('GET', '/Task?code=message-rejected');
    return ((body as unknown as Bundle).entry ?? []).map(({ resource }) => resource as Task);
  };
  const partsOf = ({ body }: Reply) =>
    new Map(((body as unknown as Parameters).parameter ?? []).map((each) => [each.name, each]));
  const resend = (token: Send, id: string, parameter: object[]): Promise<Reply> =>
    token('POST', `/Task/${id}/$resend`, { body: { resourceType: 'Parameters', parameter } });
  const inBase64 = (text: string) => ({
    name: 'message',
    valueBase64Binary: Buffer.from(text).toString('base64'),
  });

  beforeAll(async () => {
    w = await guarded();
    const make = async (resource: object): Promise<string> =>
      (await manager()('POST', '/Organization', { body: resource })).body.id;
    clinic = await make(organization({ identifier: [{ system: FACILITIES, value: 'RIVER' }] }));
    other = await make(organization({ name: 'Hill Clinic' }));
    await enrol(w, { id: `app-${clinic}`, what: 'client', role: 'provider', organization: clinic });
  });
  afterAll(() => w.end());

  async function rejected(number: string, family: string): Promise<{ id: string; text: string }> {
    const pid = field(person(number, family), 7, '');
    const text = message(`M-${number}`, { pid, orders: order(HISTORICAL, `${number}-1`) });
    await post(program(clinic), text);
    const task = (await listed(as('provider', 'TREAT', clinic))).find(({ identifier = [] }) =>
      identifier.some(({ value }) => value === `M-${number}`),
    );
    return { id: task?.id ?? '', text };
  }

  test('its sender and staff list it and read it as it came', async () => {
    const { id, text } = await rejected('O1', 'Reyes');
    const readers = [
      as('provider', 'TREAT', clinic),
      as('organization-administrator', 'HOPERAT', clinic),
      withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' }),
    ];
    for (const reader of readers) {
      expect((await listed(reader)).map((task) => task.id)).toContain(id);
      const parts = partsOf(await reader('GET', `/Task/${id}/$original`));
      const original = Buffer.from(parts.get('original')?.valueBase64Binary ?? '', 'base64').toString('utf8');
      expect([parts.get('contentType')?.valueCode, original.trim()]).toEqual([ER7, text.trim()]);
    }
  });

  test('nobody else lists, reads or corrects it, nor learns that it is there', async () => {
    const { id } = await rejected('O2', 'Sato');
    for (const stranger of [
      as('provider', 'TREAT', other),
      as('organization-administrator', 'HOPERAT', other),
    ]) {
      expect(await listed(stranger)).toEqual([]);
      expect((await stranger('GET', `/Task/${id}/$original`)).status).toBe(404);
      expect((await resend(stranger, id, [inBase64('MSH|')])).status).toBe(404);
      expect((await stranger('GET', '/Task/none/$original')).status).toBe(404);
    }
    const school = as('school', 'SCHOOL', clinic);
    expect((await school('GET', `/Task/${id}/$original`)).status).toBe(403);
    // Staff see it; to send in another's name is not theirs.
    const staff = withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });
    expect((await resend(staff, id, [inBase64('MSH|')])).status).toBe(403);
  });

  test('its sender sends it again as a message, under any number, and it is done', async () => {
    const { id, text } = await rejected('O3', 'Tan');
    const sender = program(clinic);
    const again = partsOf(await resend(sender, id, [inBase64(text)]));
    expect(again.get('outcome')?.valueCode).toBe('rejected');
    const pid = person('O3', 'Tan');
    const good = message('NEW', { pid, orders: order(HISTORICAL, 'O3-NEW') });
    // The message that was rejected again has taken the place of the first.
    const replaced = (await resend(sender, id, [inBase64(good)])).status;
    expect(replaced).toBe(422);
    const [newest] = (await listed(as('provider', 'TREAT', clinic))).filter(
      ({ status, identifier = [] }) =>
        status === 'rejected' && identifier.some(({ value }) => value === 'M-O3'),
    );
    const done = partsOf(await resend(sender, newest?.id ?? '', [inBase64(good)]));
    expect(done.get('outcome')?.valueCode).toBe('filed');
    expect(done.get('acknowledgment')?.valueString).toContain('MSA|A');
    const { body } = await sender('GET', `/Task/${newest?.id ?? ''}`);
    expect(body['status']).toBe('completed');
  });

  test('as a resource, which must be right and its own to send', async () => {
    const { id } = await rejected('O4', 'Ueda');
    const sender = program(clinic);
    const entry = (resource: object, url: string, fullUrl: string) => ({
      fullUrl,
      resource,
      request: { method: 'POST', url },
    });
    const who = 'urn:uuid:0192f0c0-0000-7000-8000-000000000001';
    const assigner = { reference: `Organization/${clinic}` };
    const identifier = [{ system: 'http://c.example.org', value: 'O4-1', assigner }];
    const bundle = (born: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        entry(patient({ name: [{ family: 'Ueda', given: ['Kenji'] }], birthDate: born }), 'Patient', who),
        entry(
          { ...dose('x', { identifier }), patient: { reference: who } },
          'Immunization',
          'urn:uuid:0192f0c0-0000-7000-8000-000000000002',
        ),
      ],
    });
    const wrong = await resend(sender, id, [{ name: 'resource', resource: bundle('tomorrow') }]);
    expect(wrong.status).toBe(400);
    expect((await sender('GET', `/Task/${id}`)).body['status']).toBe('rejected');
    const reply = await resend(sender, id, [{ name: 'resource', resource: bundle('2019-05-05') }]);
    expect(partsOf(reply).get('outcome')?.valueCode).toBe('filed');
    const { body } = await sender('GET', `/Task/${id}`);
    expect(body['status']).toBe('completed');
    expect(JSON.stringify(body['output'])).toContain('Immunization/');
    const twice = await resend(sender, id, [{ name: 'resource', resource: bundle('2019-05-05') }]);
    expect(twice.status).toBe(422);
  });
});

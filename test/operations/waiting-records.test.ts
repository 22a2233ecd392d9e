/** What waits for staff to say whose record it is: its sender reads it as it came, and once it is rejected sends another instead. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { FACILITIES } from '../../src/hl7v2/senders.ts';
import { enrol, guarded, withScope } from '../auth/bearer.ts';
import { field, HISTORICAL, MSH, order, vxu } from '../hl7v2/messages.ts';
import { maya, unclear } from '../interactions/placing/people.ts';
import type { Reply } from '../world/requests.ts';
import { organization } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let [clinic, other] = ['', ''];
type Send = ReturnType<typeof withScope>;
const staff = (): Send => withScope(w, 'system/*.cruds');
const programOf = (own: string): Send =>
  withScope(w, 'system/*.cruds', {
    ...{ role: 'provider', purpose_of_use: 'TREAT', organization: own },
    ...{ client_id: `ehr-${own}`, sub: `ehr-${own}` },
  });
const ER7 = 'x-application/hl7-v2+er7';

beforeAll(async () => {
  w = await guarded();
  const called = async (name: string): Promise<string> => {
    const body = organization({ name, identifier: [{ system: FACILITIES, value: name }] });
    return (await staff()('POST', '/Organization', { body })).body.id;
  };
  [clinic, other] = [await called('RIVER'), await called('HILL')];
  for (const id of [clinic, other])
    await enrol(w, { id: `ehr-${id}`, what: 'client', role: 'provider', organization: id });
});
afterAll(() => w.end());
let known = '';
beforeEach(async () => {
  for (const name of [
    'Patient',
    'Task',
    'pending',
    'placements',
    'reservations',
    'Immunization',
    'standings',
  ])
    await w.services.connection.collection(name).deleteMany({});
  known = (await staff()('POST', '/Patient', { body: maya() })).body.id;
});

const given = (...parameter: ParametersParameter[]): object => ({ resourceType: 'Parameters', parameter });
const partsOf = ({ body }: Reply): ReadonlyMap<string, ParametersParameter> =>
  new Map(((body as unknown as Parameters).parameter ?? []).map((each) => [each.name, each]));
const settle = (id: string, outcome: string, ...more: ParametersParameter[]): Promise<Reply> =>
  staff()('POST', `/Task/${id}/$settle`, {
    body: given({ name: 'outcome', valueCode: outcome }, ...more),
  });
const resend = (send: Send, id: string, what: ParametersParameter): Promise<Reply> =>
  send('POST', `/Task/${id}/$resend`, { body: given(what) });
const inBase64 = (text: string): ParametersParameter => ({
  name: 'message',
  valueBase64Binary: Buffer.from(text).toString('base64'),
});
const statusOf = async (id: string): Promise<unknown> =>
  (await programOf(clinic)('GET', `/Task/${id}`)).body['status'];

/** As the person on file but for the given name. */
const PID =
  'PID|1||L-77^^^RIVER^MR||Okonkwo Reyes^Esperanza^^^^^L|Reyes^^^^^^M|20230417|F|||118 Walnut St^^Richmond^VA^23220^USA^H||^PRN^PH^^^804^5550142';
const message = (pid: string): string =>
  vxu(order(HISTORICAL, 'WAITS-1'), { msh: field(MSH, 10, 'W1'), pid });

/** Sends something that must wait, and tells under which Task. */
const DOORS = {
  FHIR: async (): Promise<string> => {
    const reply = await programOf(clinic)('POST', '/Patient', { body: unclear() });
    expect(reply.status).toBe(202);
    return reply.headers.get('location')?.split('/Task/')[1] ?? '';
  },
  'HL7 v2': async (): Promise<string> => {
    const reply = await programOf(clinic)('POST', `${new URL(w.url).origin}/hl7v2`, {
      ...{ body: message(PID), headers: { 'content-type': ER7 } },
    });
    expect(reply.text).toContain('^IIS0023^');
    const { body } = await programOf(clinic)('GET', '/Task?code=match-review');
    return body.entry?.[0]?.resource?.id ?? '';
  },
} as const;
/** How it came. */
const CAME = {
  FHIR: ['application/fhir+json', JSON.stringify(unclear())],
  'HL7 v2': [ER7, message(PID).trimEnd()],
} as const;
/** The same of somebody who is nobody on file. */
const CORRECTED: Readonly<Record<keyof typeof DOORS, ParametersParameter>> = {
  FHIR: {
    name: 'resource',
    resource: unclear({ name: [{ family: 'Quist', given: ['Lena'] }], birthDate: '2019-02-03' }) as never,
  },
  'HL7 v2': inBase64(
    message(field(field(field(PID, 5, 'Quist^Lena^^^^^L'), 7, '20190203'), 6, 'Holm^^^^^^M')),
  ),
};
const THE_SAME: typeof CORRECTED = {
  FHIR: { name: 'resource', resource: unclear() as never },
  'HL7 v2': inBase64(message(PID)),
};

describe.each(['FHIR', 'HL7 v2'] as const)('what came as %s and waits', (door) => {
  test('is read as it came by its sender and by staff, and by nobody else', async () => {
    const id = await DOORS[door]();
    for (const reader of [programOf(clinic), staff()]) {
      const parts = partsOf(await reader('GET', `/Task/${id}/$original`));
      const original = Buffer.from(parts.get('original')?.valueBase64Binary ?? '', 'base64').toString('utf8');
      expect([parts.get('contentType')?.valueCode, original]).toEqual(CAME[door]);
    }
    expect((await programOf(other)('GET', `/Task/${id}/$original`)).status).toBe(404);
  });

  test('is not sent again while it waits, nor once it is filed', async () => {
    const id = await DOORS[door]();
    const early = await resend(programOf(clinic), id, CORRECTED[door]);
    expect([early.status, early.body.issue?.[0]?.code]).toEqual([422, 'business-rule']);
    const patient = { name: 'patient', valueReference: { reference: `Patient/${known}` } };
    expect((await settle(id, 'same-person', patient)).body['status']).toBe('completed');
    expect((await resend(programOf(clinic), id, CORRECTED[door])).status).toBe(422);
    expect((await programOf(clinic)('GET', `/Task/${id}/$original`)).status).toBe(200);
  });

  test('is sent again by its sender alone once staff have rejected it, and done when it is filed', async () => {
    const id = await DOORS[door]();
    expect((await settle(id, 'reject')).body['status']).toBe('rejected');
    expect((await resend(programOf(other), id, CORRECTED[door])).status).toBe(404);
    expect((await resend(staff(), id, CORRECTED[door])).status).toBe(403);
    expect(await statusOf(id)).toBe('rejected');
    const done = partsOf(await resend(programOf(clinic), id, CORRECTED[door]));
    expect([done.get('outcome')?.valueCode, await statusOf(id)]).toEqual(['filed', 'completed']);
    const found = await programOf(clinic)('GET', '/Patient?family=Quist&birthdate=2019-02-03');
    expect(found.body.entry).toHaveLength(1);
    expect((await resend(programOf(clinic), id, CORRECTED[door])).status).toBe(422);
  });

  test('sent again as it was is refused as it was, and stays to be corrected', async () => {
    const id = await DOORS[door]();
    await settle(id, 'reject');
    const again = await resend(programOf(clinic), id, THE_SAME[door]);
    expect(partsOf(again).get('outcome')?.valueCode).not.toBe('filed');
    expect(await statusOf(id)).toBe('rejected');
  });
});

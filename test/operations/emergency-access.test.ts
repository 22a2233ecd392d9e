/** Patient/$emergency-access: a clinician opens one named record for a short time, and the privacy officer knows. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Parameters, Task } from '@medplum/fhirtypes';
import { enrol, guarded, withScope } from '../auth/bearer.ts';
import { consent, given } from '../consent/people.ts';
import type { Reply } from '../world/requests.ts';
import { organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

const MINUTE = 60_000;
const REASONS = 'https://fhir-iis.org/fhir/CodeSystem/emergency-reason';
const REASON = { system: REASONS, code: 'wound' };
const CLOSED = { family: 'Okafor', given: ['Ada'] };
const HIDDEN = { family: 'Lindqvist', given: ['Nils'] };

let w: World;
let [clinic, elsewhere, closed, hidden, dose] = ['', '', '', '', ''];

type Send = ReturnType<typeof withScope>;
const idIn = ({ headers }: Reply): string => headers.get('location')?.split('/').at(-3) ?? '';
const named = (name: object, more: object = {}): object =>
  patient({ name: [name], birthDate: '1990-04-05', ...more });

async function put(in_: World, resource: { resourceType?: string } & object): Promise<string> {
  const staff = withScope(in_, 'system/*.cruds');
  const reply = await staff('POST', `/${resource.resourceType ?? ''}`, { body: resource });
  if (reply.status !== 201) throw new Error(reply.text);
  return idIn(reply);
}

beforeAll(async () => {
  w = await guarded({ jurisdiction: 'virginia' });
  await enrol(w, { id: 'officer', what: 'person', role: 'privacy-officer' });
  clinic = await put(w, organization());
  elsewhere = await put(w, organization());
  closed = await put(w, named(CLOSED));
  hidden = await put(w, named(HIDDEN));
  dose = await put(w, given(closed, elsewhere));
  await put(w, given(hidden, elsewhere));
  await put(w, consent(closed, 'limited-opt-out'));
  await put(w, consent(hidden, 'complete-opt-out'));
});
afterAll(() => w.end());

/** Requests of a clinician; claims may differ. */
const clinician = (sub: string, more: object = {}, in_ = w): Send =>
  withScope(in_, 'user/*.rs', {
    ...{ sub, role: 'provider', purpose_of_use: 'ETREAT', organization: clinic },
    ...{ fhirUser: `${in_.url}/Practitioner/${sub}`, amr: ['pwd', 'otp', 'mfa'] },
    ...more,
  });

const opens = (send: Send, resource: object, reason: object = REASON): Promise<Reply> =>
  send('POST', '/Patient/$emergency-access', {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource },
        { name: 'reason', valueCoding: reason },
      ],
    },
  });

const told = ({ text }: Reply): { until: string; ids: string[] } => {
  const { parameter = [] } = JSON.parse(text) as Parameters;
  const record = parameter.find(({ name }) => name === 'record')?.resource as Bundle;
  return {
    until: parameter.find(({ name }) => name === 'until')?.valueInstant ?? '',
    ids: (record.entry ?? []).map(({ resource }) => `${resource?.resourceType ?? ''}/${resource?.id ?? ''}`),
  };
};

const statuses = async (send: Send, ...paths: string[]): Promise<number[]> => {
  const all: number[] = [];
  for (const path of paths) all.push((await send('GET', path)).status);
  return all;
};
const inRecord = (): string[] => [
  `/Patient/${closed}`,
  `/Patient/${closed}/_history/1`,
  `/Immunization/${dose}`,
];

describe('a record that gives way', () => {
  test('is closed before, answered, and open by id to that account alone until the time is over', async () => {
    const [ana, ben] = [clinician('ana'), clinician('ben')];
    expect(await statuses(ana, ...inRecord())).toEqual([404, 404, 404]);
    const { until, ids } = told(await opens(ana, named(CLOSED)));
    expect(ids).toEqual([`Patient/${closed}`, `Immunization/${dose}`]);
    expect(until).toBe(new Date(w.clock.now().getTime() + 60 * MINUTE).toISOString());
    expect(await statuses(ana, ...inRecord())).toEqual([200, 200, 200]);
    expect(await statuses(ana, `/Patient/${closed}/$immds-forecast`)).toEqual([200]);
    expect(await statuses(ben, ...inRecord())).toEqual([404, 404, 404]);
    expect(await statuses(clinician('ana', { purpose_of_use: 'TREAT' }), ...inRecord())).toEqual([
      404, 404, 404,
    ]);
    expect(await statuses(clinician('ana', { amr: ['pwd'] }), ...inRecord())).toEqual([404, 404, 404]);
    // Another record is not opened by it.
    expect(await statuses(ana, `/Patient/${hidden}`)).toEqual([404]);
  });

  test('is not searched, browsed or walked', async () => {
    const ana = clinician('ana');
    expect(await statuses(ana, `/Patient/${closed}`)).toEqual([200]);
    const refused = [
      `/Patient?_id=${closed}`,
      `/Patient?family=Okafor&birthdate=1990-04-05`,
      `/Immunization?patient=${closed}`,
      `/Patient/${closed}/Immunization`,
    ];
    expect(await statuses(ana, ...refused)).toEqual([403, 403, 403, 403]);
    expect(await statuses(ana, `/Patient/${closed}/$everything`, `/Patient/${closed}/_history`)).toEqual([
      404, 404,
    ]);
  });

  test('is told to the privacy officer at once, waits for review, and is on record', async () => {
    const officer = withScope(w, 'user/*.rs', {
      ...{ sub: 'officer', role: 'privacy-officer', purpose_of_use: 'HOPERAT' },
      fhirUser: `${w.url}/Practitioner/officer`,
    });
    const { text } = await officer('GET', '/Task?code=emergency-access');
    expect(text).toContain('searchset');
    const [task] = ((JSON.parse(text) as Bundle<Task>).entry ?? []).map(({ resource }) => resource);
    expect(task).toMatchObject({ status: 'requested', priority: 'asap', reasonCode: { coding: [REASON] } });
    expect(JSON.stringify(task?.input)).toContain(closed);
    const notices = await w.services.connection.db
      ?.collection('notices')
      .find({ to: 'account:officer' })
      .toArray();
    expect(notices).toHaveLength(1);
    expect(notices?.[0]).toMatchObject({ text: expect.stringContaining(`Task/${task?.id ?? ''}`) });
    expect(JSON.stringify(notices)).not.toContain(closed);
    const log = await withScope(w, 'system/*.cruds')(
      'GET',
      `/AuditEvent?patient=Patient/${closed}&_count=200`,
    );
    expect(JSON.stringify(log.body)).toContain('emergency-access');
  });

  test('is closed again when the time is over', async () => {
    const ana = withScope(w, 'user/*.rs', {
      ...{ sub: 'ana', role: 'provider', purpose_of_use: 'ETREAT', organization: clinic },
      ...{ fhirUser: `${w.url}/Practitioner/ana`, amr: ['mfa'] },
      exp: Math.floor(w.clock.now().getTime() / 1000) + 7200,
    });
    w.clock.advance(60 * MINUTE - 1);
    expect(await statuses(ana, `/Patient/${closed}`)).toEqual([200]);
    w.clock.advance(1);
    expect(await statuses(ana, ...inRecord())).toEqual([404, 404, 404]);
  });
});

describe('a wrong name, an absent and a hidden person', () => {
  test('answer alike', async () => {
    const cara = clinician('cara');
    const some = await Promise.all([opens(cara, named(HIDDEN))]);
    for (const each of [
      named({ family: 'Nobody', given: ['Nora'] }),
      named({ ...CLOSED, given: ['Adam'] }),
      named(CLOSED, { birthDate: '1990-04-06' }),
    ])
      some.push(await opens(cara, each));
    expect(some.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(some.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  test('are asked for a bounded number of times', async () => {
    const dora = clinician('dora');
    const wrong = named({ family: 'Nobody', given: ['Nora'] });
    for (let at = 0; at < 20; at += 1) expect((await opens(dora, wrong)).status).toBe(404);
    expect((await opens(dora, wrong)).status).toBe(429);
    expect((await opens(dora, named(HIDDEN))).status).toBe(429);
    expect((await opens(dora, named(CLOSED))).status).toBe(429);
  });
});

describe('it is refused', () => {
  test('to a program, without a second factor, for another purpose, to another role', async () => {
    const system = withScope(w, 'system/*.rs', {
      ...{ role: 'provider', purpose_of_use: 'ETREAT', organization: clinic, amr: ['mfa'] },
      ...{ client_id: 'program', sub: 'program' },
    });
    await enrol(w, { id: 'program', what: 'client', role: 'provider', organization: clinic });
    const all = [
      system,
      clinician('eve', { amr: ['pwd'] }),
      clinician('eve', { amr: undefined }),
      clinician('eve', { amr: 'mfa' }),
      clinician('eve', { purpose_of_use: 'TREAT' }),
      clinician('mona', { role: 'registry-staff', purpose_of_use: 'PUBHLTH' }),
    ];
    for (const each of all) expect((await opens(each, named(CLOSED))).status).toBe(403);
    expect(
      await w.services.connection.db?.collection('emergencies').countDocuments({ account: 'account:eve' }),
    ).toBe(0);
  });

  test('without a coded reason, and for a description that names nobody', async () => {
    const fay = clinician('fay');
    expect((await opens(fay, named(CLOSED), { code: 'because' })).status).toBe(422);
    expect((await opens(fay, named({ family: 'Okafor' }))).status).toBe(422);
    expect((await opens(fay, { resourceType: 'Patient', name: [CLOSED] })).status).toBe(422);
  });

  test('beyond a few a day, several at once included', async () => {
    const gus = clinician('gus');
    const { perDay } = w.rooms.pack.emergency;
    const all = await Promise.all(Array.from({ length: perDay + 3 }, () => opens(gus, named(CLOSED))));
    const counts = all.filter(({ status }) => status === 200).length;
    expect(all.every(({ status }) => [200, 409, 429].includes(status))).toBe(true);
    for (let at = counts; at < perDay; at += 1) expect((await opens(gus, named(CLOSED))).status).toBe(200);
    expect((await opens(gus, named(CLOSED))).status).toBe(429);
    w.clock.advance(24 * 60 * MINUTE);
    expect((await opens(clinician('gus'), named(CLOSED))).status).toBe(200);
  });

  test('where the jurisdiction has none', async () => {
    const maryland = await guarded({ jurisdiction: 'maryland' });
    try {
      await put(maryland, named(CLOSED));
      const { status, body } = await opens(clinician('ana', {}, maryland), named(CLOSED));
      expect(status).toBe(403);
      expect(JSON.stringify(body)).toContain('no emergency access');
    } finally {
      await maryland.end();
    }
  });
});

/** Plans and schools see those with whom they stand in a relationship, on every surface, and nobody else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bearing, enrol, guarded, tokenOf, withScope } from '../auth/bearer.ts';
import { idsIn, type Seen } from '../world/requests.ts';
import { dose, organization, patientWith } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
const NONE = {} as Seen;
let [plan, ana, bo, shot, other] = [NONE, NONE, NONE, NONE, NONE];

const registry = (): ReturnType<typeof withScope> => withScope(w, 'system/*.cruds');
async function made(type: string, body: object): Promise<Seen> {
  const reply = await registry()('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

const ANA = { name: [{ family: 'Vukovic', given: ['Ana'] }], birthDate: '2015-03-01' };

beforeAll(async () => {
  w = await guarded();
  plan = await made('Organization', organization({ name: 'Health Plan' }));
  ana = await made('Patient', patientWith('A1', { ...ANA, address: [{ city: 'Richmond' }] }));
  bo = await made(
    'Patient',
    patientWith('B1', { name: [{ family: 'Boskovic', given: ['Bo'] }], birthDate: '2014-01-02' }),
  );
  shot = await made('Immunization', dose(ana.id, { note: [{ text: 'private' }] }));
  other = await made('Immunization', dose(bo.id));
});
afterAll(() => w.end());

const asPlan = (): ReturnType<typeof withScope> =>
  withScope(w, 'system/*.cruds', { role: 'health-plan', purpose_of_use: 'HPAYMT', organization: plan.id });

const admit = (body: object, source = 'enrollment-file') =>
  asPlan()('POST', `/Organization/${plan.id}/$admit`, {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: body },
        { name: 'source', valueCode: source },
        { name: 'from', valueDate: '2026-01-01' },
      ],
    },
  });

const ways = (patient: Seen, its: Seen): readonly string[] => [
  `/Patient/${patient.id}`,
  `/Patient/${patient.id}/_history`,
  `/Immunization/${its.id}`,
  `/Immunization/${its.id}/_history/1`,
  `/Patient/${patient.id}/$everything`,
];

describe('before somebody is a member', () => {
  test('the plan is told of nobody, and of the absent in the same words', async () => {
    for (const path of [...ways(ana, shot), ...ways(bo, other)]) {
      expect([path, (await asPlan()('GET', path)).status]).toEqual([path, 404]);
    }
    const found = await asPlan()('GET', '/Patient?family=vukovic&birthdate=2015-03-01');
    expect([found.status, found.body.entry]).toEqual([200, undefined]);
    const counted = await asPlan()('GET', `/Immunization?patient=${ana.id}&_summary=count`);
    expect(counted.body.total).toBe(0);
  });

  test('its reports are taken all the same', async () => {
    expect((await asPlan()('POST', '/Immunization', { body: dose(ana.id) })).status).toBe(201);
    expect((await asPlan()('POST', '/Immunization', { body: dose('none') })).status).toBe(422);
  });
});

describe('once a full demographic match has admitted her', () => {
  test('an unknown source, and too little to tell her by, admit nobody', async () => {
    const whole = patientWith('A1', ANA);
    expect((await admit(whole, 'hearsay')).status).toBe(400);
    expect((await admit({ resourceType: 'Patient', name: [{ family: 'Vukovic' }] })).status).toBe(200);
    expect((await asPlan()('GET', `/Patient/${ana.id}`)).status).toBe(404);
  });

  test('the plan sees her on every surface, as far as its purpose shows', async () => {
    expect((await admit(patientWith('A1', ANA))).status).toBe(200);
    for (const path of ways(ana, shot)) {
      const { status, text } = await asPlan()('GET', path);
      expect([path, status, /Richmond|private/.exec(text)]).toEqual([path, 200, null]);
    }
    const found = await asPlan()('GET', '/Patient?family=vukovic&birthdate=2015-03-01');
    expect(idsIn(found.body)).toEqual([ana.id]);
    const doses = await asPlan()(
      'GET',
      `/Immunization?patient=${ana.id},${bo.id}&_include=Immunization:patient`,
    );
    expect(idsIn(doses.body)).toContain(shot.id);
    expect(idsIn(doses.body)).not.toContain(bo.id);
    expect(idsIn(doses.body)).not.toContain(other.id);
    for (const path of ways(bo, other)) expect((await asPlan()('GET', path)).status).toBe(404);
  });

  test('browses nobody, and shows its members as a Group', async () => {
    for (const path of [
      '/Patient',
      '/Immunization',
      '/Patient?family=vukovic',
      '/Immunization/_history',
      '/_history',
    ]) {
      const { status, text } = await asPlan()('GET', path);
      expect([path, status === 403 || !text.includes(bo.id)]).toEqual([path, true]);
    }
    const { body } = await asPlan()('GET', `/Organization/${plan.id}/$members`);
    expect(body['member']).toEqual([
      { entity: { reference: `Patient/${ana.id}` }, period: { start: '2026-01-01' } },
    ]);
  });

  test('another plan sees her not', async () => {
    await enrol(w, { id: 'other-plan', what: 'client', role: 'health-plan', organization: 'elsewhere' });
    const send = withScope(w, 'system/*.cruds', {
      ...{ role: 'health-plan', purpose_of_use: 'HPAYMT', organization: 'elsewhere' },
      ...{ client_id: 'other-plan', sub: 'other-plan' },
    });
    expect((await send('GET', `/Patient/${ana.id}`)).status).toBe(404);
    expect((await send('GET', `/Organization/${plan.id}/$members`)).status).toBe(403);
  });

  test('and no longer once she is released', async () => {
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'patient', valueString: ana.id },
        { name: 'from', valueDate: '2026-01-01' },
      ],
    };
    const released = await asPlan()('POST', `/Organization/${plan.id}/$release`, { body: parameters });
    expect(released.status).toBe(200);
    for (const path of ways(ana, shot)) expect((await asPlan()('GET', path)).status).toBe(404);
  });
});

describe('a guardian', () => {
  /** The mother as she asks on a day. */
  async function motherOn(day: string): Promise<number> {
    w.clock.set(`${day}T12:00:00.000Z`);
    const people = { organization: 'registry', role: 'registry-manager' };
    await enrol(w, { id: 'tester', what: 'client', ...people });
    await enrol(w, { id: 'app', what: 'client' });
    await enrol(w, { id: 'mother', what: 'person', role: 'guardian' });
    const claims = {
      ...{ client_id: 'app', sub: 'mother', role: 'guardian', purpose_of_use: 'FAMRQT' },
      ...{ patient: bo.id, fhirUser: 'x', scope: 'patient/*.rs' },
    };
    return (await bearing(w, tokenOf(w, claims))('GET', `/Patient/${bo.id}`)).status;
  }

  test('sees the child from the day it is admitted until the age that the pack says', async () => {
    expect(await motherOn('2026-11-22')).toBe(404);
    const admitted = await registry()('POST', `/Patient/${bo.id}/$admit-person`, {
      body: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'account', valueString: 'mother' },
          { name: 'source', valueCode: 'birth-record' },
        ],
      },
    });
    expect(admitted.status).toBe(200);
    expect(await motherOn('2026-11-22')).toBe(200);
    expect(await motherOn('2032-01-01')).toBe(200);
    expect(await motherOn('2032-01-02')).toBe(404);
  });
});

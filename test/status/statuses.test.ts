/** The status of a person with each provider and with the jurisdiction: what changes it, and who is told of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { silence } from '../../src/interactions/silence.ts';
import { guarded, withScope } from '../auth/bearer.ts';
import { bundle, type Seen } from '../world/requests.ts';
import { organization, patientWith } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import { clinic, clinicToken, create, given, said, staff, statusesOf, type Send } from './people.ts';

let w: World;
let [a, b] = ['', ''];
let ana: Seen;
let people = 0;
const TODAY = '2026-11-22';
const HOME = [{ use: 'home', city: 'Richmond', state: 'VA' }];
const AWAY = [{ use: 'home', city: 'Boise', state: 'ID' }];

beforeAll(async () => {
  w = await guarded();
  a = (await create(staff(w), organization({ name: 'A' }))).id;
  b = (await create(staff(w), organization({ name: 'B' }))).id;
});
afterAll(() => w.end());
beforeEach(async () => {
  people += 1;
  ana = await create(staff(w), patientWith(`P${people}`, { address: HOME }));
});

const read = async (send: Send, id = ana.id): Promise<Seen> => (await send('GET', `/Patient/${id}`)).body;
const seenBy = async (send: Send, id = ana.id): Promise<string[]> => statusesOf(await read(send, id));
/** Writes the Patient with something else in it. */
async function put(send: Send, more: object): Promise<Seen> {
  const { body } = await send('GET', `/Patient/${ana.id}`);
  const reply = await send('PUT', `/Patient/${ana.id}`, { body: { ...body, ...more } });
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body;
}
const STATE = `(state): active ${TODAY} record`;

describe('a dose', () => {
  test('makes the person active with who administered it, from its day on; history does not', async () => {
    expect(await seenBy(staff(w))).toEqual([STATE]);
    const { version, lastUpdated } = { version: ana.meta.versionId, lastUpdated: ana.meta.lastUpdated };
    await create(clinic(w, b), given(ana.id, b, '2026-03-01', { primarySource: false }));
    expect(await seenBy(staff(w))).toEqual([STATE]);
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    const { meta } = await read(staff(w));
    expect([meta.versionId, meta.lastUpdated]).toEqual([version, lastUpdated]);
    expect(await seenBy(staff(w))).toEqual([STATE, `Organization/${a}: active 2026-03-01 dose`]);
  });

  test('that is taken back leaves nobody a patient for its sake', async () => {
    const wrong = await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    await clinic(w, a)('PUT', `/Immunization/${wrong.id}`, {
      body: { ...wrong, status: 'entered-in-error' },
    });
    expect(await seenBy(staff(w))).toEqual([STATE]);
  });

  test('of long ago changes nothing that is newer; one of now does', async () => {
    await put(clinic(w, a), { extension: [said('L', a, '2025-01-01')] });
    await create(clinic(w, a), given(ana.id, a, '2024-03-01'));
    expect(await seenBy(clinic(w, a))).toContain(`Organization/${a}: lost 2025-01-01 report`);
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    expect(await seenBy(clinic(w, a))).toContain(`Organization/${a}: active 2026-03-01 dose`);
  });

  test('in a transaction with its patient counts at once, and the answer says so', async () => {
    const person = {
      resource: patientWith('T1', { name: [{ family: 'Okonkwo', given: ['Ife'] }], birthDate: '2019-07-04' }),
      fullUrl: 'urn:uuid:11111111-1111-4111-8111-111111111111',
    };
    const shot = given('x', a, '2026-05-01', { patient: { reference: person.fullUrl } });
    const { body } = await bundle(
      w,
      'transaction',
      [
        { ...person, request: { method: 'POST', url: 'Patient' } },
        { resource: shot, request: { method: 'POST', url: 'Immunization' } },
      ],
      { prefer: 'return=representation', authorization: await bearer(a) },
    );
    expect(statusesOf(body.entry?.[0]?.resource ?? {})).toEqual([
      STATE,
      `Organization/${a}: active 2026-05-01 dose`,
    ]);
  });
});

/** Who has asked before takes part. */
async function bearer(clinicId: string): Promise<string> {
  await clinic(w, clinicId)('GET', `/Organization/${clinicId}`);
  return `Bearer ${clinicToken(w, clinicId)}`;
}

describe('a report', () => {
  test('sets the status with its sender, and with nobody else', async () => {
    await create(clinic(w, b), given(ana.id, b, '2026-03-01'));
    const { body } = await clinic(w, a)('GET', `/Patient/${ana.id}`);
    const reply = await clinic(w, a)('PUT', `/Patient/${ana.id}`, {
      body: { ...body, extension: [said('M', a, '2026-02-01'), said('L', b), said('L')] },
      headers: { prefer: 'return=OperationOutcome' },
    });
    expect([reply.status, reply.text.includes('not taken')]).toEqual([200, true]);
    expect(new Set(await seenBy(staff(w)))).toEqual(
      new Set([
        STATE,
        `Organization/${a}: moved 2026-02-01 report`,
        `Organization/${b}: active 2026-03-01 dose`,
      ]),
    );
  });

  test('is no version of the Patient, and what is read comes back unchanged', async () => {
    await put(clinic(w, a), { extension: [said('L', a, '2026-02-01')] });
    const before = await read(clinic(w, a));
    expect(before.meta.versionId).toBe('1');
    const again = await put(clinic(w, a), {});
    expect(again).toEqual(before);
    const patched = await clinic(w, a)('PATCH', `/Patient/${ana.id}`, {
      body: [
        {
          op: 'replace',
          path: '/extension/1/extension/0/valueCodeableConcept',
          value: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0441', code: 'A' }] },
        },
      ],
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect([patched.status, statusesOf(patched.body)[1]]).toEqual([
      200,
      `Organization/${a}: active 2026-02-01 report`,
    ]);
  });

  test('by staff may be about anybody, and about the jurisdiction', async () => {
    await put(staff(w), { extension: [said('L', b, '2026-01-01'), said('L', undefined, '2026-01-01')] });
    expect(await seenBy(staff(w))).toEqual([
      '(state): lost 2026-01-01 staff',
      `Organization/${b}: lost 2026-01-01 staff`,
    ]);
    // A dose given here shows that the person is not lost to the jurisdiction.
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    expect(await seenBy(clinic(w, a))).toEqual([
      '(state): active 2026-03-01 dose',
      `Organization/${a}: active 2026-03-01 dose`,
    ]);
  });
});

describe('the address', () => {
  test('puts the person outside the jurisdiction, and a return inside', async () => {
    await put(clinic(w, a), { address: AWAY });
    expect(await seenBy(staff(w))).toEqual([`(state): outside ${TODAY} address`]);
    await put(clinic(w, a), { address: HOME });
    expect(await seenBy(staff(w))).toEqual([`(state): active ${TODAY} address`]);
  });

  test('does not overrule staff until the person moves again', async () => {
    await put(staff(w), { address: AWAY });
    await put(staff(w), { extension: [said('A')] });
    await put(clinic(w, a), { address: [...AWAY, { use: 'old', state: 'VA' }] });
    expect(await seenBy(staff(w))).toEqual([`(state): active ${TODAY} staff`]);
    await put(clinic(w, a), { address: HOME });
    await put(clinic(w, a), { address: AWAY });
    expect(await seenBy(staff(w))).toEqual([`(state): outside ${TODAY} address`]);
  });
});

test('a death counts everywhere from its day on, and its correction restores what was', async () => {
  await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
  await put(clinic(w, b), { extension: [said('L', b, '2026-02-01')] });
  const before = await seenBy(staff(w));
  await put(staff(w), { deceasedDateTime: '2026-10-01' });
  const holders = ['(state)', `Organization/${a}`, `Organization/${b}`].sort();
  expect(await seenBy(staff(w))).toEqual(holders.map((each) => `${each}: deceased 2026-10-01 death`));
  await put(staff(w), { extension: [said('A', a)] });
  expect((await seenBy(staff(w)))[1]).toContain('deceased');
  await put(staff(w), { deceasedDateTime: undefined });
  expect(await seenBy(staff(w))).toEqual(before);
});

describe('records that become one', () => {
  const merging = (operation: string, ids: Readonly<Record<string, string>>) =>
    staff(w)('POST', `/Patient/$${operation}`, {
      body: {
        resourceType: 'Parameters',
        parameter: Object.entries(ids).map(([name, id]) => ({
          name,
          valueReference: { reference: `Patient/${id}` },
        })),
      },
    });

  test('have the statuses of both, and each its own when that is undone', async () => {
    const other = await create(staff(w), patientWith(`M${people}`, { address: HOME }));
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    await create(clinic(w, b), given(other.id, b, '2026-04-01'));
    const [mine, theirs] = [await seenBy(staff(w)), await seenBy(staff(w), other.id)];
    const merged = await merging('merge', { 'source-patient': other.id, 'target-patient': ana.id });
    expect(merged.status).toBe(200);
    expect(await seenBy(staff(w))).toEqual([...mine, `Organization/${b}: active 2026-04-01 dose`].sort());
    expect((await merging('unmerge', { 'source-patient': other.id })).status).toBe(200);
    expect([await seenBy(staff(w)), await seenBy(staff(w), other.id)]).toEqual([mine, theirs]);
  });
});

describe('who is told', () => {
  test('a provider of itself and the jurisdiction, on every surface; staff of all', async () => {
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    await create(clinic(w, b), given(ana.id, b, '2026-04-01'));
    await put(staff(w), { gender: 'female' });
    const own = [STATE, `Organization/${a}: active 2026-03-01 dose`];
    const ways = [
      `/Patient/${ana.id}`,
      `/Patient/${ana.id}/_history/2`,
      `/Patient/${ana.id}/_history`,
      `/Patient?_id=${ana.id}`,
      `/Patient?_id=${ana.id}&_elements=extension`,
      `/Patient/${ana.id}/$everything`,
      `/Immunization?patient=${ana.id}&_include=Immunization:patient`,
    ];
    for (const path of ways) {
      const { status, body, text } = await clinic(w, a)('GET', path);
      const patients = [body, ...(body.entry ?? []).map(({ resource }) => resource)].filter(
        (each) => each?.resourceType === 'Patient' && each.meta.versionId === '2',
      );
      const isOfDoses = path.startsWith('/Immunization') || path.includes('everything');
      expect([path, status, patients.map((each) => statusesOf(each ?? {}))]).toEqual([path, 200, [own]]);
      expect([path, isOfDoses || !text.includes(`Organization/${b}`)]).toEqual([path, true]);
    }
    expect(await seenBy(staff(w))).toHaveLength(3);
  });

  test('nobody but staff can ask who is whose patient', async () => {
    await create(clinic(w, b), given(ana.id, b, '2026-04-01'));
    const asked = [
      `/Patient?_id=${ana.id}&provider-status=A`,
      `/Patient?_id=${ana.id}&provider-organization=${b}`,
      `/Patient?_id=${ana.id}&provider-status-at=Organization/${b}$A`,
      `/Patient?_id=${ana.id}&provider-status:missing=false`,
      `/Immunization?patient=${ana.id}&patient.provider-organization=${b}`,
      `/Organization?_has:Patient:provider-organization:_id=${ana.id}`,
      `/Patient?_id=${ana.id}&_include=Patient:provider-organization`,
    ];
    for (const path of asked) {
      expect([path, (await clinic(w, a)('GET', path)).status]).toEqual([path, 400]);
      const found = await staff(w)('GET', path);
      expect([path, found.status, (found.body.entry ?? []).length > 0]).toEqual([path, 200, true]);
    }
    const local = `/Patient?_id=${ana.id}&registry-status=active`;
    expect((await clinic(w, a)('GET', local)).body.entry).toHaveLength(1);
  });

  test('a plan, whose view has no extensions, is told of none; the person of the jurisdiction alone', async () => {
    await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
    const self = withScope(w, 'patient/*.rs', {
      ...{ client_id: 'app', sub: `self-${ana.id}`, patient: ana.id, fhirUser: `${w.url}/Patient/${ana.id}` },
      ...{ role: 'patient', purpose_of_use: 'PATRQT' },
    });
    expect(await seenBy(self as Send)).toEqual([STATE]);
  });
});

test('who has not been heard of for as long as the pack says is inactive there, until a dose', async () => {
  await create(clinic(w, a), given(ana.id, a, '2020-03-01'));
  await create(clinic(w, b), given(ana.id, b, '2026-03-01'));
  await silence(w.rooms);
  expect(await seenBy(clinic(w, a))).toEqual([STATE, `Organization/${a}: inactive ${TODAY} silence`]);
  expect(await seenBy(clinic(w, b))).toEqual([STATE, `Organization/${b}: active 2026-03-01 dose`]);
  await create(clinic(w, a), given(ana.id, a, TODAY));
  expect(await seenBy(clinic(w, a))).toEqual([STATE, `Organization/${a}: active ${TODAY} dose`]);
});

test('each change is kept as a fact, in the transaction of what it came by', async () => {
  await create(clinic(w, a), given(ana.id, a, '2026-03-01'));
  await put(clinic(w, a), { extension: [said('M', a, '2026-06-01')] });
  const facts = await w.rooms.store.notes('status_changes', { patients: ana.id, with: a }, 10);
  expect(facts.map(({ was, is, since, why, by }) => [was, is, since, why, by])).toEqual([
    [undefined, 'active', '2026-03-01', 'dose', expect.stringMatching(/^Immunization\//)],
    ['active', 'moved', '2026-06-01', 'report', `Organization/${a}`],
  ]);
});

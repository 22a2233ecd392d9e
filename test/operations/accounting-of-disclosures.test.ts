/** Who has seen a record: told to whom it is about, and of nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@medplum/fhirtypes';
import { forPatient, guarded, withScope } from '../auth/bearer.ts';
import type { Reply, Seen } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let ana: Seen;
let bo: Seen;
const NAME = '$accounting-of-disclosures';
const PATIENT = 'patient/Patient.rs patient/Immunization.rs';

beforeAll(async () => {
  w = await guarded();
  const staff = withScope(w, 'system/*.cruds');
  const made = async (type: string, body: object): Promise<Seen> =>
    (await staff('POST', `/${type}`, { body })).body;
  ana = await made('Patient', patient());
  bo = await made('Patient', patient({ name: [{ family: 'Bošković', given: ['Bo'] }] }));
  await made('Immunization', dose(ana.id));
  const clinic = withScope(w, 'system/*.rs', {
    sub: 'nurse-7',
    client_id: 'clinic-app',
    organization: 'clinic-1',
    role: 'registry-manager',
  });
  await clinic('GET', `/Patient/${ana.id}`);
  // Both are shown by one request; and one is refused.
  await clinic('GET', `/Patient?_id=${ana.id},${bo.id}`);
  await withScope(w, 'system/Observation.rs', { client_id: 'refused-app', role: 'registry-manager' })(
    'GET',
    `/Patient/${ana.id}`,
  );
});
afterAll(() => w.end());

const eventsIn = ({ body }: Reply): readonly AuditEvent[] =>
  (body.entry ?? []).map(({ resource }) => resource as unknown as AuditEvent);
const clientsIn = (reply: Reply): readonly (string | undefined)[] =>
  eventsIn(reply).map(({ agent }) => agent[0]?.who?.identifier?.value);
const PURPOSES: Readonly<Record<string, string>> = {
  ...{ patient: 'PATRQT', guardian: 'FAMRQT', provider: 'TREAT', auditor: 'HOPERAT' },
};

/** Somebody who works for the registry or a clinic. */
const asUser = (role: string, scope: string) =>
  withScope(w, scope, {
    ...{ sub: role, fhirUser: `${w.url}/Practitioner/${role}`, role },
    purpose_of_use: PURPOSES[role],
  });
const asPatient = (id: string, role = 'patient') =>
  withScope(w, PATIENT, {
    ...{ sub: `${role}-of-${id}`, patient: id, fhirUser: `${w.url}/Patient/${id}`, role },
    purpose_of_use: PURPOSES[role],
  });

describe('a patient', () => {
  test('is told of every access to the own record, newest first, and of none that was refused', async () => {
    const reply = await asPatient(ana.id)('GET', `/Patient/${ana.id}/${NAME}`);
    expect(reply.status).toBe(200);
    expect(clientsIn(reply)).toEqual(['clinic-app', 'clinic-app', 'tester', 'tester']);
    expect(eventsIn(reply)[0]?.agent.some(({ who }) => who?.reference === 'Organization/clinic-1')).toBe(
      true,
    );
    expect(eventsIn(reply).map(({ purposeOfEvent }) => purposeOfEvent?.[0]?.coding?.[0]?.code)).toContain(
      'PUBHLTH',
    );
  });

  test('learns nothing of anybody else who was shown by the same request, nor of who works there', async () => {
    const { text } = await asPatient(ana.id)('GET', `/Patient/${ana.id}/${NAME}`);
    expect(text).toContain('SUBSETTED');
    for (const other of [bo.id, 'nurse-7', '"address"', '"query"']) expect(text).not.toContain(other);
  });

  test('is told page by page, each page its own', async () => {
    const send = asPatient(ana.id);
    const first = await send('GET', `/Patient/${ana.id}/${NAME}?_count=3`);
    expect(eventsIn(first)).toHaveLength(3);
    const next = first.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).toContain(`/Patient/${ana.id}/${NAME}?`);
    const path = next.slice(w.url.length);
    const second = await send('GET', path);
    expect(eventsIn(second).length).toBeGreaterThanOrEqual(1);
    const ids = [...eventsIn(first), ...eventsIn(second)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // The page of one is no way to the pages of another.
    const stolen = await asPatient(bo.id)('GET', path.replace(ana.id, bo.id));
    expect(stolen.text).not.toContain(ana.id);
  });

  test('asks for a stretch of days', async () => {
    const send = asPatient(ana.id);
    const count = async (query: string): Promise<number> =>
      eventsIn(await send('GET', `/Patient/${ana.id}/${NAME}?${query}`)).length;
    expect(await count('end=2026-11-21')).toBe(0);
    expect(await count('start=2026-11-22&end=2026-11-22')).toBeGreaterThan(3);
    expect((await send('GET', `/Patient/${ana.id}/${NAME}?who=me`)).status).toBe(400);
  });

  test('is not told of anybody else', async () => {
    expect((await asPatient(ana.id)('GET', `/Patient/${bo.id}/${NAME}`)).status).toBe(404);
    expect((await asPatient(ana.id)('GET', `/AuditEvent?patient=Patient/${ana.id}`)).status).toBe(403);
  });
});

test('a guardian is told of the child whom the token is about', async () => {
  const send = asPatient(ana.id, 'guardian');
  expect((await send('GET', `/Patient/${ana.id}/${NAME}`)).status).toBe(200);
  expect((await send('GET', `/Patient/${bo.id}/${NAME}`)).status).toBe(404);
});

test('who treats a patient is not told who else does', async () => {
  const provider = asUser('provider', 'user/Patient.rs user/Immunization.rs');
  expect((await provider('GET', `/Patient/${ana.id}/${NAME}`)).status).toBe(403);
  const launched = forPatient(w, ana.id, 'patient/Observation.rs');
  expect((await launched('GET', `/Patient/${ana.id}/${NAME}`)).status).toBe(403);
});

test('an auditor is told all of it, as it was recorded', async () => {
  const auditor = asUser('auditor', 'user/AuditEvent.rs');
  const reply = await auditor('GET', `/Patient/${ana.id}/${NAME}`);
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('nurse-7');
  expect(clientsIn(reply)).not.toContain('refused-app');
});

test('that it was asked is recorded too, as an access to this record alone', async () => {
  const before = clientsIn(await asPatient(ana.id)('GET', `/Patient/${ana.id}/${NAME}`)).length;
  const auditor = asUser('auditor', 'user/AuditEvent.rs');
  const [last, ...more] = eventsIn(await auditor('GET', `/Patient/${ana.id}/${NAME}`));
  expect(1 + more.length).toBe(before + 1);
  expect(last?.subtype?.map(({ code }) => code)).toEqual(['operation', NAME]);
  expect(JSON.stringify(last)).not.toContain(bo.id);
});

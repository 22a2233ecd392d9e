/** What a caller of the server meets of the registry's rules: refusals, warnings, and what is added. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundle, call, made, type Reply } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const told = ({ status, body }: Reply): readonly unknown[] => [
  status,
  ...(body.issue ?? []).map(({ severity, expression = [] }) => `${severity} ${expression.join()}`),
];
const silent = patient({ gender: undefined });
const prefer = (wish: string) => ({ headers: { prefer: `return=${wish}` } });

describe('a warning', () => {
  test('comes as a header beside the resource', async () => {
    const reply = await call(w, 'POST', '/Patient', { body: silent });
    expect([reply.status, reply.body['gender']]).toEqual([201, 'unknown']);
    expect(reply.headers.get('warning')).toBe(
      '299 - "Patient.gender: The gender was not sent; it is stored as unknown."',
    );
  });

  test('comes as an issue where an outcome is asked for', async () => {
    const reply = await call(w, 'POST', '/Patient', { body: silent, ...prefer('OperationOutcome') });
    expect(told(reply)).toEqual([201, 'warning Patient.gender']);
  });

  test('comes as the outcome of an entry', async () => {
    const entry = [{ resource: silent, request: { method: 'POST', url: 'Patient' } }];
    const severitiesOf = ({ body }: Reply): readonly string[] =>
      (body.entry ?? []).flatMap(({ response }) =>
        (response?.outcome?.issue ?? []).map(({ severity }) => severity),
      );
    for (const wish of ['minimal', 'representation']) {
      const reply = await bundle(w, 'transaction', entry, { prefer: `return=${wish}` });
      expect(severitiesOf(reply)).toEqual(['warning']);
    }
    expect(severitiesOf(await bundle(w, 'batch', entry))).toEqual(['warning']);
  });

  test('does not come where there is nothing to warn of', async () => {
    const reply = await call(w, 'POST', '/Patient', { body: patient() });
    expect(reply.headers.get('warning')).toBeNull();
    const entry = [{ resource: patient(), request: { method: 'POST', url: 'Patient' } }];
    expect((await bundle(w, 'transaction', entry)).body.entry?.[0]?.response?.outcome).toBeUndefined();
  });
});

describe('the registry’s number of a patient', () => {
  const numbers = (resource: Readonly<Record<string, unknown>>): readonly string[] =>
    (resource['identifier'] as { system?: string; value: string }[])
      .filter(({ system }) => system === 'https://fhir-iis.org/fhir/sid/patient')
      .map(({ value }) => value);

  test('is the id, is found by, and is not lost when the patient is written without it', async () => {
    const ana = await made(w, patient());
    expect(numbers(ana)).toEqual([ana.id]);
    const { body } = await call(w, 'GET', `/Patient?identifier=${numbers(ana)[0] ?? ''}`);
    expect(body.entry?.map(({ resource }) => resource?.id)).toEqual([ana.id]);
    const again = await call(w, 'PUT', `/Patient/${ana.id}`, { body: patient({ id: ana.id, active: true }) });
    expect(numbers(again.body)).toEqual([ana.id]);
  });

  test('makes no version of its own', async () => {
    const sent = patient();
    const ana = await made(w, sent);
    const again = await call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...sent, id: ana.id } });
    expect([again.status, again.body.meta.versionId]).toEqual([200, '1']);
    const inAnotherOrder = Object.fromEntries(Object.entries({ ...sent, id: ana.id }).reverse());
    const third = await call(w, 'PUT', `/Patient/${ana.id}`, { body: inAnotherOrder });
    expect([third.status, third.body.meta.versionId]).toEqual([200, '1']);
    const other = await call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...sent, id: ana.id, active: true } });
    expect(other.body.meta.versionId).toBe('2');
  });
});

describe('a dose', () => {
  test('of a package is stored and found by its vaccine', async () => {
    const ana = await made(w, patient());
    const coding = [{ system: 'http://hl7.org/fhir/sid/ndc', code: '00006-4681-01' }];
    const { id } = await made(w, dose(ana.id, { vaccineCode: { coding } }));
    const { body } = await call(w, 'GET', `/Immunization?patient=${ana.id}&vaccine-code=03`);
    expect(body.entry?.map(({ resource }) => resource?.id)).toEqual([id]);
  });

  test('outside the life of its patient is refused, whichever way it comes', async () => {
    const ana = await made(w, patient({ birthDate: '2020-03-15', deceasedDateTime: '2024-05-10' }));
    const on = (occurrenceDateTime: string) => dose(ana.id, { occurrenceDateTime });
    const refused = [422, 'error Immunization.occurrence'];
    expect(told(await call(w, 'POST', '/Immunization', { body: on('2020-03-14') }))).toEqual(refused);
    expect(told(await call(w, 'POST', '/Immunization', { body: on('2024-05-11') }))).toEqual(refused);
    const { id } = await made(w, on('2020-03'));
    const update = { ...on('2019'), id };
    expect(told(await call(w, 'PUT', `/Immunization/${id}`, { body: update }))).toEqual(refused);
    const error = { ...update, status: 'entered-in-error' };
    expect((await call(w, 'PUT', `/Immunization/${id}`, { body: error })).status).toBe(200);
  });

  test('before the birth of a patient in the same transaction is refused, and the patient with it', async () => {
    const fullUrl = 'urn:uuid:5b0c6bb0-3ac4-4b6a-b9ad-6a1ea60bb7ab';
    const entry = [
      {
        fullUrl,
        resource: patient({ birthDate: '2020-03-15' }),
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: { ...dose(''), patient: { reference: fullUrl }, occurrenceDateTime: '2019-12-31' },
        request: { method: 'POST', url: 'Immunization' },
      },
    ];
    const reply = await bundle(w, 'transaction', entry);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('before the patient');
  });

  test('in the future is refused by the server’s clock', async () => {
    const ana = await made(w, patient());
    const body = dose(ana.id, { occurrenceDateTime: '2026-12-24' });
    expect(told(await call(w, 'POST', '/Immunization', { body }))).toEqual([
      422,
      'error Immunization.occurrence',
    ]);
  });
});

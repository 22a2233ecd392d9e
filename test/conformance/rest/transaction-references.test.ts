/** FHIR R4 REST, rules 96 and 97: references in transactions (https://hl7.org/fhir/R4/http.html#trules). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';
import { asks, failsAt, idOf, posts, puts, statuses, transact } from './transactions.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana'));
});
afterAll(() => w.end());

const A = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const B = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059';

test('rule 96: references to a fullUrl are resolved, forward, backward and in circles', async () => {
  const reply = await transact(
    w,
    posts(dose('', { patient: { reference: A } })),
    { fullUrl: A, ...posts(patient({ link: [{ other: { reference: B }, type: 'seealso' }] })) },
    { fullUrl: B, ...posts(patient({ link: [{ other: { reference: A }, type: 'seealso' }] })) },
  );
  expect(statuses(reply)).toEqual(['201', '201', '201']);
  const [a, b] = [idOf(reply, 1), idOf(reply, 2)];
  const given = await call(w, 'GET', `/Immunization/${idOf(reply, 0)}`);
  expect(given.body['patient']).toEqual({ reference: `Patient/${a}` });
  const other = async (id: string): Promise<unknown> => (await call(w, 'GET', `/Patient/${id}`)).body['link'];
  expect(await other(a)).toEqual([{ other: { reference: `Patient/${b}` }, type: 'seealso' }]);
  expect(await other(b)).toEqual([{ other: { reference: `Patient/${a}` }, type: 'seealso' }]);
});

test('rule 96: fullUrls of other servers, of updates, and relative references below them', async () => {
  const root = 'https://other.example.org/fhir';
  const reply = await transact(
    w,
    { fullUrl: `${root}/Patient/p1`, ...posts(patient({ id: 'p1' })) },
    { fullUrl: `${root}/Immunization/i1`, ...posts(dose('p1')) },
    { fullUrl: `${root}/Patient/kept`, ...puts(ana, { gender: 'female' }) },
    { fullUrl: `${root}/Immunization/i2`, ...posts(dose('kept')) },
    posts(dose('', { patient: { reference: `${root}/Patient/p1/_history/7` } })),
  );
  expect(statuses(reply)).toEqual(['201', '201', '200', '201', '201']);
  const references = await Promise.all(
    [1, 3, 4].map(async (at) => (await call(w, 'GET', `/Immunization/${idOf(reply, at)}`)).body['patient']),
  );
  const p1 = `Patient/${idOf(reply, 0)}`;
  expect(references).toEqual([
    { reference: p1 },
    { reference: `Patient/${ana.id}` },
    { reference: `${p1}/_history/1` },
  ]);
});

test('rule 96: links in uri elements, extensions and narratives follow; canonicals and texts stay', async () => {
  const xmlns = 'xmlns="http://www.w3.org/1999/xhtml"';
  const div = (link: string): string => `<div ${xmlns}><a href="${link}">Ana</a> ${A}</div>`;
  const url = 'http://example.org/e';
  const reply = await transact(
    w,
    { fullUrl: A, ...posts(patient()) },
    posts(
      organization({
        text: { status: 'generated', div: div(`${A}#top`) },
        meta: { profile: [A], source: A },
        identifier: [{ system: 'urn:ietf:rfc:3986', value: A }],
        extension: [
          { url, valueUri: A },
          { url, valueCanonical: A },
          { url, valueString: A },
          { url, valueReference: { reference: A } },
        ],
      }),
    ),
  );
  const target = `Patient/${idOf(reply, 0)}`;
  const { body } = await call(w, 'GET', `/Organization/${idOf(reply, 1)}`);
  expect(body['text']).toEqual({ status: 'generated', div: div(`${w.url}/${target}#top`) });
  expect(body.meta).toMatchObject({ profile: [A], source: `${w.url}/${target}` });
  expect(body['identifier']).toEqual([{ system: 'urn:ietf:rfc:3986', value: A }]);
  expect(body['extension']).toEqual([
    { url, valueUri: `${w.url}/${target}` },
    { url, valueCanonical: A },
    { url, valueString: A },
    { url, valueReference: { reference: target } },
  ]);
});

test('rule 96: a conditional create that finds its resource is what its fullUrl stands for', async () => {
  const reply = await transact(
    w,
    { fullUrl: A, ...posts(patientWith('ana'), { ifNoneExist: 'identifier=ana' }) },
    posts(dose('', { patient: { reference: A } })),
  );
  expect(statuses(reply)).toEqual(['200', '201']);
  expect((await call(w, 'GET', `/Immunization/${idOf(reply, 1)}`)).body['patient']).toEqual({
    reference: `Patient/${ana.id}`,
  });
});

test('rule 96: a reference to a fullUrl that no entry has fails the transaction', async () => {
  await failsAt(w, { at: 1, status: 400 }, posts(patient()), posts(dose('', { patient: { reference: A } })));
});

test('rule 97: a conditional reference names exactly one resource, or the transaction fails', async () => {
  await made(w, patientWith('double'));
  await made(w, patientWith('double'));
  const by = (query: string): object => posts(dose('', { patient: { reference: `Patient?${query}` } }));
  const reply = await transact(w, by('identifier=ana'));
  expect((await call(w, 'GET', `/Immunization/${idOf(reply, 0)}`)).body['patient']).toEqual({
    reference: `Patient/${ana.id}`,
  });
  await failsAt(w, { at: 1, status: 400 }, posts(patient()), by('identifier=nobody'));
  await failsAt(w, { at: 1, status: 412 }, posts(patient()), by('identifier=double'));
  await failsAt(w, { at: 1, status: 400 }, posts(patient()), by('nonsense=1'));
  await failsAt(w, { at: 1, status: 412 }, posts(patient()), by('identifier='));
});

test('rule 97: a conditional reference finds what the same transaction creates, and not what it deletes', async () => {
  const old = await made(w, patientWith('swap'));
  const reply = await transact(
    w,
    posts(dose('', { patient: { reference: 'Patient?identifier=swap' } })),
    posts(patientWith('swap')),
    asks('DELETE', `Patient/${old.id}`),
  );
  expect((await call(w, 'GET', `/Immunization/${idOf(reply, 0)}`)).body['patient']).toEqual({
    reference: `Patient/${idOf(reply, 1)}`,
  });
});

test('rule 97: outside of a transaction a conditional reference is 400', async () => {
  const body = dose('', { patient: { reference: 'Patient?identifier=ana' } });
  expect((await call(w, 'POST', '/Immunization', { body })).status).toBe(400);
});

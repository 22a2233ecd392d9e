/** FHIR R4 REST, rules 49 to 56: the content of JSON (https://hl7.org/fhir/R4/json.html, https://hl7.org/fhir/R4/datatypes.html). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, countsOf, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patient());
});
afterAll(() => w.end());

const post = (resource: object | string): Promise<Reply> => {
  const text = typeof resource === 'string' ? resource : JSON.stringify(resource);
  const type = /"resourceType":"([A-Za-z]+)"/.exec(text)?.[1] ?? 'Patient';
  return call(w, 'POST', `/${type}`, { body: text });
};
const codes = ({ body }: Reply): (string | undefined)[] => (body.issue ?? []).map(({ code }) => code);
const given = (more: object = {}): object => dose(ana.id, more);

async function refused(resource: object | string, status: number): Promise<Reply> {
  const before = await countsOf(w);
  const reply = await post(resource);
  expect([reply.status, reply.body.resourceType]).toEqual([status, 'OperationOutcome']);
  expect(await countsOf(w)).toEqual(before);
  return reply;
}

describe('structure', () => {
  test.each([
    ['an unknown property', { favouriteColour: 'red' }],
    ['an unknown property in an element', { name: [{ family: 'M', nick: 'x' }] }],
    ['an empty object', { maritalStatus: {} }],
    ['an empty list', { telecom: [] }],
    ['an empty object in a list', { telecom: [{}] }],
    ['an empty text', { gender: '' }],
    ['a blank text', { name: [{ family: '   ' }] }],
    ['null', { gender: null }],
    ['null in a list of objects', { name: [null] }],
    ['null without a sibling in a list of texts', { name: [{ given: ['Ana', null] }] }],
    ['a list in place of an object', { maritalStatus: [{ text: 'x' }] }],
    ['an object in place of a list', { name: { family: 'M' } }],
    ['a number in place of a text', { birthDate: 2024 }],
    ['a text in place of a boolean', { active: 'true' }],
  ])('rule 49: %s is refused', async (_what, more) => {
    await refused(patient(more), 400);
  });

  test.each(['1.50', '0.10', '100.000', '1e2', '12345678901234567890.5'])(
    'rule 50: the decimal %s keeps its digits, in every answer',
    async (digits) => {
      const text = JSON.stringify(given({ doseQuantity: { value: 7 } })).replace(
        '"value":7',
        `"value":${digits}`,
      );
      const created = await post(text);
      expect([created.status, created.text.includes(`"value":${digits}`)]).toEqual([201, true]);
      const url = `/Immunization/${created.body.id}`;
      const patch = { 'content-type': 'application/json-patch+json' };
      const body = JSON.stringify([{ op: 'add', path: '/lotNumber', value: 'A1' }]);
      const replies = [
        await call(w, 'PATCH', url, { body, headers: patch }),
        await call(w, 'GET', `${url}?_pretty=true`),
        await call(w, 'GET', `${url}?_elements=doseQuantity`),
        await call(w, 'GET', `/Immunization?_id=${created.body.id}`),
        await call(w, 'GET', `${url}/_history`),
      ];
      for (const { text: seen } of replies) expect(seen).toMatch(new RegExp(`"value": ?${digits}`));
    },
  );

  test('rule 51: extensions beside primitive values, and null that keeps a place, survive', async () => {
    const extension = [{ url: 'http://example.org/why', valueCode: 'unknown' }];
    const sent = patient({
      _birthDate: { extension },
      name: [{ family: 'M', given: ['Ana', null, 'Marija'], _given: [null, { extension }, { id: 'g3' }] }],
      _gender: { extension },
    });
    const created = await made(w, sent);
    const { body } = await call(w, 'GET', `/Patient/${created.id}`);
    expect(body).toMatchObject(sent);
  });

  test('rule 52: two types of one choice are refused', async () => {
    await refused(given({ occurrenceString: 'last spring' }), 400);
    await refused(patient({ deceasedBoolean: true, deceasedDateTime: '2025-01-01' }), 400);
  });
});

describe('values', () => {
  test.each([
    '2021-02-30',
    '2021-13-01',
    '2023-02-29',
    '2021-2-3',
    '20210203',
    '2021-02-03T10:00:00Z',
    ' 2021',
  ])('rule 53: %s is no date', async (birthDate) => {
    await refused(patient({ birthDate }), 400);
  });

  test.each([
    '2021-02-03T10:00:00',
    '2021-02-03T10:00Z',
    '2021-02-03T25:00:00Z',
    '2021-02-03T10:00:00+25:00',
  ])('rule 53: %s is no dateTime', async (occurrenceDateTime) => {
    await refused(given({ occurrenceDateTime }), 400);
  });

  test.each(['2021', '2021-02', '2021-02-03', '2021-02-03T10:00:00Z', '2021-02-03T10:00:00.500-05:00'])(
    'rule 53: %s keeps its precision',
    async (occurrenceDateTime) => {
      const created = await made(w, given({ occurrenceDateTime }));
      expect(created['occurrenceDateTime']).toBe(occurrenceDateTime);
    },
  );

  test.each([
    ['Immunization.status', { status: 'in-progress' }],
    ['Immunization.statusReason of an extensible set is free', { statusReason: { text: 'x' } }],
  ])('rule 54: codes of required sets: %s', async (_what, more) => {
    const reply = await post(given(more));
    const isRequired = 'status' in more;
    expect([reply.status, codes(reply)[0]]).toEqual(isRequired ? [422, 'code-invalid'] : [201, undefined]);
  });

  test('rule 54: a code in another case is another code', async () => {
    expect(codes(await refused(patient({ gender: 'Female' }), 422))).toEqual(['code-invalid']);
  });

  test.each([
    ['pat-1: a contact says something', patient({ contact: [{ gender: 'female' }] })],
    [
      'ext-1: an extension has a value or extensions, not both',
      patient({ extension: [{ url: 'http://x.org/e' }] }),
    ],
    ['ref-1: # leads to a contained resource', patient({ managingOrganization: { reference: '#none' } })],
    [
      'dom-2: what is contained contains nothing',
      patient({
        managingOrganization: { reference: '#o' },
        contained: [
          {
            resourceType: 'Organization',
            id: 'o',
            name: 'O',
            contained: [{ resourceType: 'Organization', id: 'p', name: 'P' }],
          },
        ],
      }),
    ],
    [
      'dom-3: what is contained is referred to',
      patient({
        contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
      }),
    ],
    [
      'dom-4: what is contained has no version',
      patient({
        managingOrganization: { reference: '#o' },
        contained: [{ resourceType: 'Organization', id: 'o', name: 'O', meta: { versionId: '1' } }],
      }),
    ],
    [
      'dom-5: what is contained has no security label',
      patient({
        managingOrganization: { reference: '#o' },
        contained: [
          { resourceType: 'Organization', id: 'o', name: 'O', meta: { security: [{ code: 'R' }] } },
        ],
      }),
    ],
  ])('rule 55: %s', async (_what, resource) => {
    expect(codes(await refused(resource, 422))).toContain('invariant');
  });

  test('rule 55: imm-1 and imm-2: education and reactions of a dose say what they are', async () => {
    expect(codes(await refused(given({ education: [{ presentationDate: '2024-03-01' }] }), 422))).toContain(
      'invariant',
    );
    expect((await post(given({ education: [{ documentType: 'VIS' }] }))).status).toBe(201);
  });
});

describe('bytes', () => {
  const text = JSON.stringify(patient());
  test.each<readonly [string, string, number]>([
    ['a name twice', text.replace('"birthDate"', '"birthDate":"2020-01-01","birthDate"'), 400],
    [
      'a name twice, once escaped',
      text.replace('"birthDate"', '"\\u0062irthDate":"2020-01-01","birthDate"'),
      400,
    ],
    ['a byte-order mark', `\uFEFF${text}`, 400],
    ['ten thousand levels', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400],
    ['more than the server takes', text.replace('Ana', 'A'.repeat(4_000_001)), 413],
  ])('rule 56: %s is refused, and not by a crash', async (_what, body, status) => {
    await refused(body, status);
    expect(w.logged).toEqual([]);
  });
});

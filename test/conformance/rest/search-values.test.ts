/** FHIR R4 REST, rules 70 to 82: what a criterion finds (https://hl7.org/fhir/R4/search.html). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, idsIn, made, type Seen } from '../../world/requests.ts';
import { dose, MRN, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
const names = new Map<string, string>();
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

/** Creates something under a name that the tests know it by. */
async function known(name: string, resource: object): Promise<Seen> {
  const seen = await made(w, resource);
  names.set(seen.id, name);
  return seen;
}

/** Names of what a search finds, in alphabetical order. */
async function found(url: string): Promise<string[]> {
  const { status, body, text } = await call(w, 'GET', url);
  if (status !== 200) throw new Error(`${url} was answered ${status}: ${text}`);
  return idsIn(body)
    .map((id) => names.get(id) ?? id)
    .sort();
}

const escaped = encodeURIComponent;

describe('joining', () => {
  beforeAll(async () => {
    const identifier = (value: string): object => ({ identifier: [{ system: MRN, value }] });
    await known('plain', patient({ ...identifier('j1'), gender: 'female' }));
    await known('comma', patient({ ...identifier('a,b'), gender: 'male' }));
    await known('bar', patient(identifier('a|b')));
    await known('dollar', patient(identifier('a$b')));
    await known('slash', patient(identifier('a\\b')));
    await known(
      'two',
      patient({
        identifier: [
          { system: MRN, value: 'j1' },
          { system: MRN, value: 'j2' },
        ],
      }),
    );
  });

  test('rule 70: a comma means OR, repeating means AND', async () => {
    expect(await found('/Patient?identifier=j1,j2')).toEqual(['plain', 'two']);
    expect(await found('/Patient?identifier=j1&identifier=j2')).toEqual(['two']);
    expect(await found('/Patient?identifier=j1,j2&gender=female')).toEqual(['plain']);
  });

  test.each([
    ['a\\,b', ['comma']],
    ['a\\|b', ['bar']],
    ['a\\$b', ['dollar']],
    ['a\\\\b', ['slash']],
    ['a,b', []],
    ['a\\,b,j2', ['comma', 'two']],
  ])('rule 70: escapes do not split: identifier=%s', async (value, expected) => {
    expect(await found(`/Patient?identifier=${escaped(value)}`)).toEqual(expected);
  });
});

describe('tokens', () => {
  beforeAll(async () => {
    await known('with system', patient({ identifier: [{ system: 'http://a.org', value: 't1' }] }));
    await known('other system', patient({ identifier: [{ system: 'http://b.org', value: 't1' }] }));
    await known('no system', patient({ identifier: [{ value: 't1' }] }));
  });
  const TOKENS: readonly (readonly [string, readonly string[]])[] = [
    ['t1', ['no system', 'other system', 'with system']],
    ['http://a.org|t1', ['with system']],
    ['|t1', ['no system']],
    ['http://a.org|', ['with system']],
    ['http://a.org|t2', []],
    ['T1', []],
  ];

  test.each(TOKENS)('rule 71: identifier=%s', async (value, expected) => {
    expect(await found(`/Patient?identifier=${escaped(value)}`)).toEqual(expected);
  });

  test('rule 72: :not finds what has no value too, :missing tells the two apart', async () => {
    const all = 'http://a.org|t1,http://b.org|t1,|t1';
    const of = (more: string): Promise<string[]> => found(`/Patient?identifier=${escaped(all)}&${more}`);
    const ids = [...names].filter(([, name]) => name === 'no system').map(([id]) => id);
    const { body } = await call(w, 'GET', `/Patient/${ids[0] ?? ''}`);
    await call(w, 'PUT', `/Patient/${ids[0] ?? ''}`, { body: { ...body, active: true } });
    expect(await of('active:not=true')).toEqual(['other system', 'with system']);
    expect(await of('active:not=false')).toEqual(['no system', 'other system', 'with system']);
    expect(await of('active:missing=true')).toEqual(['other system', 'with system']);
    expect(await of('active:missing=false')).toEqual(['no system']);
    for (const name of ['birthdate', 'name', 'organization', '_lastUpdated', '_id', '_profile']) {
      const [missing, there] = [await of(`${name}:missing=true`), await of(`${name}:missing=false`)];
      expect([name, [...missing, ...there].length]).toEqual([name, 3]);
    }
  });

  test('rule 73: tokens are found on every type that has them, codes with case', async () => {
    const ana = await known('kinds', {
      ...patient({ active: true, gender: 'other' }),
      meta: { tag: [{ system: 'http://t.org', code: 'tagged' }], security: [{ code: 'R' }] },
      telecom: [
        { system: 'phone', value: '555-0101' },
        { system: 'email', value: 'ana@example.org' },
      ],
      communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'sr' }] } }],
    });
    const given = await known('dose', dose(ana.id));
    const of = (more: string): Promise<string[]> => found(`/Patient?_id=${ana.id}&${more}`);
    for (const more of [
      'active=true',
      'gender=other',
      `gender=${escaped('http://hl7.org/fhir/administrative-gender|other')}`,
      '_tag=tagged',
      `_tag=${escaped('http://t.org|tagged')}`,
      '_security=R',
      'phone=555-0101',
      'email=ana@example.org',
      'telecom=555-0101',
      'language=sr',
    ]) {
      expect([more, await of(more)]).toEqual([more, ['kinds']]);
    }
    for (const more of [
      'gender=Other',
      'gender=OTHER',
      'active=TRUE',
      'phone=ana@example.org',
      '_tag=Tagged',
    ]) {
      expect([more, await of(more)]).toEqual([more, []]);
    }
    expect(
      await found(`/Immunization?_id=${given.id}&vaccine-code=${escaped('http://hl7.org/fhir/sid/cvx|08')}`),
    ).toEqual(['dose']);
    expect(await found(`/Immunization?_id=${given.id}&status=completed`)).toEqual(['dose']);
  });
});

describe('texts', () => {
  beforeAll(async () => {
    const family = (text: string): object => ({ name: [{ family: text, given: ['Zoë', 'Ann-Marie'] }] });
    await known('jose', patient(family('José')));
    await known('josephson', patient(family('Josephson')));
    await known('prefixed', patient({ name: [{ prefix: ['Drx'], family: 'Qwert', suffix: ['Jrx'] }] }));
    await known('worded', patient({ name: [{ text: 'Xavier the Third' }] }));
  });
  const TEXTS: readonly (readonly [string, readonly string[]])[] = [
    ['family=jose', ['jose', 'josephson']],
    ['family=JOSÉ', ['jose', 'josephson']],
    ['family=josep', ['josephson']],
    ['family=osep', []],
    ['family:exact=José', ['jose']],
    ['family:exact=Jose', []],
    ['family:exact=josé', []],
    ['family:exact=Josep', []],
    ['given=zoe', ['jose', 'josephson']],
    ['given=ann-m', ['jose', 'josephson']],
    ['name=qwert', ['prefixed']],
    ['name=drx', ['prefixed']],
    ['name=jrx', ['prefixed']],
    ['name=xavier', ['worded']],
    ['name=jose', ['jose', 'josephson']],
    ['name=zoe', ['jose', 'josephson']],
  ];

  test.each(TEXTS)('rule 74: %s', async (query, expected) => {
    expect(
      await found(`/Patient?${query.replace(/=(.*)/, (_all, value: string) => `=${escaped(value)}`)}`),
    ).toEqual(expected);
  });

  test('rule 74: :contains finds the middle', async () => {
    expect(await found('/Patient?family=jos&family:contains=phs')).toEqual(['josephson']);
    expect(await found('/Patient?family=jos&family:contains=%C3%89')).toEqual(['jose', 'josephson']);
  });
});

describe('dates', () => {
  let patientId: string;
  const DATES = ['2019', '2020', '2020-02', '2020-02-10', '2020-02-10T12:00:00Z', '2020-03-01', '2021-01-01'];
  beforeAll(async () => {
    patientId = (await known('dated', patient())).id;
    for (const occurrenceDateTime of DATES) {
      await known(occurrenceDateTime, dose(patientId, { occurrenceDateTime }));
    }
  });
  const of = (...dates: string[]): Promise<string[]> =>
    found(`/Immunization?patient=${patientId}${dates.map((date) => `&date=${escaped(date)}`).join('')}`);
  const CASES: readonly (readonly [string, readonly string[]])[] = [
    ['2020', ['2020', '2020-02', '2020-02-10', '2020-02-10T12:00:00Z', '2020-03-01']],
    ['2020-02', ['2020-02', '2020-02-10', '2020-02-10T12:00:00Z']],
    ['eq2020-02', ['2020-02', '2020-02-10', '2020-02-10T12:00:00Z']],
    ['2020-02-10', ['2020-02-10', '2020-02-10T12:00:00Z']],
    ['ne2020-02', ['2019', '2020', '2020-03-01', '2021-01-01']],
    ['gt2020-02', ['2020', '2020-03-01', '2021-01-01']],
    ['ge2020-02', ['2020', '2020-02', '2020-02-10', '2020-02-10T12:00:00Z', '2020-03-01', '2021-01-01']],
    ['lt2020-02', ['2019', '2020']],
    ['le2020-02', ['2019', '2020', '2020-02', '2020-02-10', '2020-02-10T12:00:00Z']],
    ['sa2020-02', ['2020-03-01', '2021-01-01']],
    ['eb2020-02', ['2019']],
    ['ap2020-02-11', ['2019', '2020', '2020-02', '2020-02-10', '2020-02-10T12:00:00Z', '2020-03-01']],
  ];

  test.each(CASES.slice(0, 4))('rule 77: date=%s finds what lies in it', async (date, expected) => {
    expect(await of(date)).toEqual(expected);
  });

  test.each(CASES.slice(4, -1))('rule 78: date=%s', async (date, expected) => {
    expect(await of(date)).toEqual(expected);
  });

  test('rule 78: ap finds what is near, and what overlaps it', async () => {
    const [date = '', expected = []] = CASES.at(-1) ?? [];
    expect(await of(date)).toEqual(expect.arrayContaining(expected.filter((each) => each !== '2019')));
    expect(await of(date)).not.toContain('2021-01-01');
  });

  test('rule 78: a Period without an end reaches on for ever', async () => {
    const condition = (recordedDate: object): object => ({
      resourceType: 'Condition',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: { text: 'Allergy' },
      subject: { reference: `Patient/${patientId}` },
      ...recordedDate,
    });
    await known('open', condition({ onsetPeriod: { start: '2020-01-01' } }));
    await known('closed', condition({ onsetPeriod: { start: '2020-01-01', end: '2020-06-30' } }));
    const url = `/Condition?patient=${patientId}&onset-date=`;
    expect(await found(`${url}gt2090`)).toEqual(['open']);
    expect(await found(`${url}eb2021`)).toEqual(['closed']);
    expect(await found(`${url}ge2019`)).toEqual(['closed', 'open']);
  });

  test('rule 79: times are compared as instants; without a zone they are UTC', async () => {
    expect(await of('2020-02-10T17:00:00+05:00')).toEqual(['2020-02-10T12:00:00Z']);
    expect(await of('2020-02-10T07:00:00-05:00')).toEqual(['2020-02-10T12:00:00Z']);
    expect(await of('2020-02-10T12:00:00')).toEqual(['2020-02-10T12:00:00Z']);
    expect(await of('2020-02-10T12:00:00-01:00')).toEqual([]);
    const plus = await call(w, 'GET', `/Immunization?patient=${patientId}&date=2020-02-10T17:00:00+05:00`);
    expect(plus.status).toBe(400);
  });

  test('rule 80: two dates bound a stretch', async () => {
    expect(await of('ge2020-02-01', 'lt2021')).toEqual(
      ['2020-02', '2020-02-10', '2020-02-10T12:00:00Z', '2020-03-01', '2020'].sort(),
    );
  });

  test('rule 81: _id and _lastUpdated hold for every type that is searched', async () => {
    expect(await found('/Immunization?_id=nobody')).toEqual([]);
    expect(await found('/Immunization?_id=a%20b')).toEqual([]);
    const [id = ''] = [...names].find(([, name]) => name === '2019') ?? [];
    expect(await found(`/Immunization?_id=${id}`)).toEqual(['2019']);
    expect(await found(`/Immunization?_id=${id}&_lastUpdated=2026-11-22`)).toEqual(['2019']);
    expect(await found(`/Immunization?_id=${id}&_lastUpdated=lt2026-11-22`)).toEqual([]);
    for (const type of ['Organization', 'Consent', 'Provenance', 'AuditEvent', 'Task']) {
      expect((await call(w, 'GET', `/${type}?_id=x&_lastUpdated=ge2020`)).status).toBe(200);
    }
  });

  test('rule 82: _sort takes a minus for each key; what has no value stands first, descending last', async () => {
    const sorted = async (sort: string): Promise<(string | undefined)[]> => {
      const { body } = await call(w, 'GET', `/Patient?family=sorted&_sort=${sort}`);
      return idsIn(body).map((id) => names.get(id));
    };
    await known('s1', patient({ name: [{ family: 'Sorted B' }], birthDate: '2001-01-01' }));
    await known('s2', patient({ name: [{ family: 'Sorted A' }], birthDate: '2001-01-01' }));
    await known('s3', patient({ name: [{ family: 'Sorted C' }], birthDate: '2000' }));
    expect(await sorted('birthdate,family')).toEqual(['s3', 's2', 's1']);
    expect(await sorted('-birthdate,family')).toEqual(['s2', 's1', 's3']);
    expect(await sorted('birthdate,-family')).toEqual(['s3', 's1', 's2']);
    expect((await call(w, 'GET', '/Patient?family=sorted&_sort=nonsense')).status).toBe(400);
    const undated = { occurrenceString: 'last winter', occurrenceDateTime: undefined, primarySource: false };
    const other = await known('sorted doses', patient());
    await known('undated', dose(other.id, undated));
    await known('dated', dose(other.id));
    const order = async (sort: string): Promise<(string | undefined)[]> =>
      idsIn((await call(w, 'GET', `/Immunization?patient=${other.id}&_sort=${sort}`)).body).map((id) =>
        names.get(id),
      );
    expect(await order('date')).toEqual(['undated', 'dated']);
    expect(await order('-date')).toEqual(['dated', 'undated']);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publishOwn } from '../../src/interactions/publish.ts';
import { call, type Reply } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const NDC = 'http://hl7.org/fhir/sid/ndc';
const CPT = 'http://www.ama-assn.org/go/cpt';
const OWN = 'https://fhir-iis.org/fhir/';

let w: World;
beforeAll(async () => {
  w = await world();
  await publishOwn(w.rooms);
});
afterAll(() => w.end());

type Part = Readonly<Record<string, unknown>> & { readonly name: string; readonly part?: readonly Part[] };

const parts = ({ body }: Reply): readonly Part[] => (body['parameter'] ?? []) as readonly Part[];
const valueOf = (part: Part | undefined): unknown =>
  part && Object.entries(part).find(([name]) => name.startsWith('value'))?.[1];
const named = (reply: Reply, name: string): unknown =>
  valueOf(parts(reply).find((each) => each.name === name));
const get = (path: string, query: Readonly<Record<string, string>>): Promise<Reply> =>
  call(w, 'GET', `/${path}?${new URLSearchParams(query).toString()}`);
const post = (path: string, ...parameter: readonly object[]): Promise<Reply> =>
  call(w, 'POST', `/${path}`, { body: { resourceType: 'Parameters', parameter } });

describe('$lookup', () => {
  const properties = (reply: Reply): readonly string[] =>
    parts(reply)
      .filter(({ name }) => name === 'property')
      .map(({ part = [] }) => part.map((each) => String(valueOf(each))).join('='));

  test('names a vaccine, says whether it is in use and which groups it is of', async () => {
    const reply = await get('CodeSystem/$lookup', { system: CVX, code: '110' });
    expect([reply.status, named(reply, 'display')]).toEqual([200, 'DTaP-Hep B-IPV']);
    expect(properties(reply)).toEqual(
      expect.arrayContaining(['inactive=false', 'status=Active', 'group=DTAP', 'group=HepB', 'group=POLIO']),
    );
  });

  test('understands inactive vaccines and those of other countries', async () => {
    expect(properties(await get('CodeSystem/$lookup', { system: CVX, code: '01' }))).toContain(
      'inactive=true',
    );
    const foreign = await get('CodeSystem/$lookup', { system: CVX, code: '500' });
    expect(properties(foreign)).toContain('status=Non-US');
  });

  test('knows packages however they are written, places in hierarchies, and systems by their object identifiers', async () => {
    expect(named(await get('CodeSystem/$lookup', { system: NDC, code: '0006-4681-01' }), 'display')).toBe(
      'M-M-R II',
    );
    const race = await get('CodeSystem/$lookup', {
      system: 'urn:oid:2.16.840.1.113883.6.238',
      code: '2106-3',
    });
    expect(properties(race)).toContain('parent=1000-9');
    const coding = { system: 'urn:oid:2.16.840.1.113883.12.292', code: '03' };
    expect(named(await post('CodeSystem/$lookup', { name: 'coding', valueCoding: coding }), 'display')).toBe(
      'MMR',
    );
  });

  test('gives only the properties that are asked for', async () => {
    const reply = await get('CodeSystem/$lookup', { system: CVX, code: '03', property: 'status' });
    expect(properties(reply)).toEqual(['status=Active']);
  });

  test('says clearly what is unknown', async () => {
    const answers = [
      await get('CodeSystem/$lookup', { system: CVX, code: '3' }),
      await get('CodeSystem/$lookup', { system: NDC, code: '99999-9999-99' }),
      await get('CodeSystem/$lookup', { system: 'urn:nobody', code: '1' }),
      await get('CodeSystem/$lookup', { system: CVX, code: '03', version: '1999-01-01' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const texts = answers.map(({ body }) => body.issue?.[0]?.diagnostics ?? '');
    expect(texts[0]).toMatch(/no such code in Vaccines administered \(CVX\), version \d{4}-/);
    expect(texts[1]).toMatch(/part of/);
    expect(texts[2]).toMatch(/code system is not known/);
  });

  test('refuses what it cannot be asked', async () => {
    expect((await get('CodeSystem/$lookup', { system: CVX })).status).toBe(422);
    expect((await get('CodeSystem/$lookup', { system: CVX, code: '03', colour: 'red' })).status).toBe(400);
    expect((await get('CodeSystem/cvx/$lookup', { code: '03' })).status).toBe(404);
  });
});

describe('$validate-code', () => {
  const result = async (path: string, query: Readonly<Record<string, string>>): Promise<unknown> =>
    named(await get(path, query), 'result');

  test('of a code system says whether it has the code', async () => {
    expect(await result('CodeSystem/$validate-code', { url: CVX, code: '03' })).toBe(true);
    expect(await result('CodeSystem/$validate-code', { url: CVX, code: '3' })).toBe(false);
    expect(await result('CodeSystem/cvx/$validate-code', { code: '03' })).toBe(true);
    expect(await result('CodeSystem/$validate-code', { url: CVX, code: '03', display: 'mmr' })).toBe(true);
    expect(await result('CodeSystem/$validate-code', { url: CVX, code: '03', display: 'polio' })).toBe(false);
  });

  test('of a value set says whether it has the code of that system', async () => {
    const url = `${OWN}ValueSet/vaccine-active`;
    expect(await result('ValueSet/$validate-code', { url, system: CVX, code: '03' })).toBe(true);
    expect(await result('ValueSet/$validate-code', { url, system: CVX, code: '01' })).toBe(false);
    expect(await result('ValueSet/$validate-code', { url, system: 'urn:x', code: '03' })).toBe(false);
    expect(await result('ValueSet/vaccine-active/$validate-code', { system: CVX, code: '03' })).toBe(true);
  });

  test('takes a concept of several codings, of which one is enough', async () => {
    const valueCodeableConcept = {
      coding: [
        { system: 'urn:x', code: 'y' },
        { system: CVX, code: '03' },
      ],
    };
    const reply = await post(
      'ValueSet/$validate-code',
      { name: 'url', valueUri: `${OWN}ValueSet/all-cvx` },
      { name: 'codeableConcept', valueCodeableConcept },
    );
    expect([named(reply, 'result'), named(reply, 'display')]).toEqual([true, 'MMR']);
  });

  test('says that a code is no longer in use', async () => {
    const reply = await get('CodeSystem/$validate-code', { url: CVX, code: '01' });
    expect([named(reply, 'result'), named(reply, 'message')]).toEqual([
      true,
      'The code is no longer in use.',
    ]);
  });

  test('does not guess about a value set that is not known here', async () => {
    const url = 'http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1010.6';
    expect((await get('ValueSet/$validate-code', { url, system: CVX, code: '03' })).status).toBe(404);
    const valueSet = {
      resourceType: 'ValueSet',
      status: 'draft',
      compose: { include: [{ system: 'http://loinc.org' }] },
    };
    const reply = await post(
      'ValueSet/$validate-code',
      { name: 'valueSet', resource: valueSet },
      { name: 'coding', valueCoding: { system: 'http://loinc.org', code: '1' } },
    );
    expect([reply.status, reply.body.issue?.[0]?.code]).toEqual([400, 'not-supported']);
  });
});

describe('$expand', () => {
  const contains = ({ body }: Reply): readonly { code: string; display?: string; inactive?: boolean }[] =>
    (body['expansion'] as { contains?: [] }).contains ?? [];
  const total = ({ body }: Reply): number => (body['expansion'] as { total: number }).total;

  test('lists a value set, page by page', async () => {
    const url = `${OWN}ValueSet/all-cvx`;
    const whole = await get('ValueSet/$expand', { url });
    expect(contains(whole)).toHaveLength(total(whole));
    const second = await get('ValueSet/$expand', { url, offset: '10', count: '5' });
    expect(contains(second)).toEqual(contains(whole).slice(10, 15));
    expect(total(second)).toBe(total(whole));
    expect(contains(await get('ValueSet/all-cvx/$expand', { count: '1' }))).toHaveLength(1);
  });

  test('finds by the beginnings of words, and leaves out what is not in use', async () => {
    const url = `${OWN}ValueSet/all-cvx`;
    const found = contains(await get('ValueSet/$expand', { url, filter: 'hep b' }));
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['08', '110']));
    expect(found.every(({ display = '' }) => /hep/i.test(display))).toBe(true);
    const active = contains(await get('ValueSet/$expand', { url, activeOnly: 'true' }));
    expect(active.some(({ inactive }) => inactive === true)).toBe(false);
    expect(active.length).toBeLessThan(contains(await get('ValueSet/$expand', { url })).length);
  });

  test('goes down hierarchies', async () => {
    const codes = contains(await get('ValueSet/$expand', { url: `${OWN}ValueSet/purpose-of-use` })).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(expect.arrayContaining(['TREAT', 'ETREAT', 'PUBHLTH', 'PATRQT']));
    expect(codes).not.toContain('PATOBJ');
  });

  test('of one that is sent along leaves out what it excludes', async () => {
    const valueSet = {
      resourceType: 'ValueSet',
      status: 'draft',
      compose: {
        include: [{ valueSet: [`${OWN}ValueSet/vaccine-active`] }],
        exclude: [{ system: CVX, concept: [{ code: '03' }] }],
      },
    };
    const codes = contains(await post('ValueSet/$expand', { name: 'valueSet', resource: valueSet })).map(
      ({ code }) => code,
    );
    expect(codes).toContain('08');
    expect(codes).not.toContain('03');
  });

  test('knows the value sets that R4 demands', async () => {
    const url = 'http://hl7.org/fhir/ValueSet/immunization-status';
    expect(
      contains(await get('ValueSet/$expand', { url }))
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['completed', 'entered-in-error', 'not-done']);
  });
});

describe('$translate', () => {
  const matches = (reply: Reply): readonly string[] =>
    parts(reply)
      .filter(({ name }) => name === 'match')
      .map(({ part = [] }) => {
        const { system, code } = valueOf(part.find(({ name }) => name === 'concept')) as {
          system: string;
          code: string;
        };
        return `${system}|${code}`;
      });

  test('finds the vaccine of a package and of a procedure', async () => {
    const byPackage = await get('ConceptMap/$translate', { system: NDC, code: '0006468101'.slice(0, 10) });
    expect([named(byPackage, 'result'), matches(byPackage)]).toEqual([true, [`${CVX}|03`]]);
    expect(matches(await get('ConceptMap/$translate', { system: CPT, code: '90707' }))).toEqual([
      `${CVX}|03`,
    ]);
    expect(matches(await get('ConceptMap/cpt-to-cvx/$translate', { system: CPT, code: '90581' }))).toEqual([
      `${CVX}|24`,
      `${CVX}|318`,
    ]);
  });

  test('finds the groups of a vaccine, and the vaccines of a group', async () => {
    const targetsystem = `${OWN}CodeSystem/vaccine-group`;
    const groups = matches(await get('ConceptMap/$translate', { system: CVX, code: '110', targetsystem }));
    expect(groups).toEqual(['DTAP', 'HepB', 'POLIO'].map((group) => `${targetsystem}|${group}`));
    const members = await get('ConceptMap/$translate', {
      url: `${OWN}ConceptMap/cvx-to-group`,
      system: targetsystem,
      code: 'HepB',
      reverse: 'true',
    });
    expect(matches(members)).toContain(`${CVX}|110`);
  });

  test('says where there is no match', async () => {
    const none = await get('ConceptMap/$translate', { system: NDC, code: '99999-9999-99' });
    expect([none.status, named(none, 'result'), typeof named(none, 'message')]).toEqual([
      200,
      false,
      'string',
    ]);
    expect((await get('ConceptMap/$translate', { url: 'urn:no-map', system: NDC, code: '1' })).status).toBe(
      404,
    );
  });
});

/** FHIR R4 REST, rules 104 to 111: capabilities and operations (https://hl7.org/fhir/R4/http.html#capabilities). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { call, made, type Reply } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let statement: CapabilityStatement;
beforeAll(async () => {
  w = await world();
  statement = (await call(w, 'GET', '/metadata')).body as unknown as CapabilityStatement;
});
afterAll(() => w.end());

const resources = () => statement.rest?.[0]?.resource ?? [];
const codeOf = ({ body }: Reply): string | undefined => body.issue?.[0]?.code;

describe('the CapabilityStatement', () => {
  test('rule 104: it is complete for an instance, and for anybody', () => {
    expect(statement).toMatchObject({
      resourceType: 'CapabilityStatement',
      kind: 'instance',
      fhirVersion: '4.0.1',
      status: 'active',
      implementation: { url: w.url },
    });
    expect(statement.date).toBeDefined();
    expect(statement.format).toContain('json');
  });

  test('rule 105: types and search parameters are named once', () => {
    const types = resources().map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const { searchParam = [] } of resources()) {
      expect(new Set(searchParam.map(({ name }) => name)).size).toBe(searchParam.length);
    }
  });

  /** A value that a parameter of each kind takes. */
  const VALUES: Readonly<Record<string, string>> = {
    token: 'x',
    string: 'xyz',
    date: '2020-01-01',
    reference: 'Patient/x',
    uri: 'http://example.org/x',
  };

  test('rule 105: every search parameter that it lists is understood', async () => {
    const asked: Promise<unknown>[] = [];
    for (const { type = '', searchParam = [] } of resources()) {
      for (const { name = '', type: kind = '' } of searchParam) {
        const value = ['active', 'primary'].includes(name) ? 'true' : (VALUES[kind] ?? '');
        const reply = call(w, 'GET', `/${type}?${name}=${encodeURIComponent(value)}&_id=x`);
        asked.push(
          reply.then(({ status }) => {
            expect([type, name, status]).toEqual([type, name, 200]);
          }),
        );
      }
    }
    expect(asked.length).toBeGreaterThan(100);
    await Promise.all(asked);
  });

  test('rule 105: every include that it lists is understood', async () => {
    const asked: Promise<unknown>[] = [];
    for (const { type = '', searchInclude = [], searchRevInclude = [] } of resources()) {
      const pairs = [
        ...searchInclude.map((value) => ['_include', value]),
        ...searchRevInclude.map((value) => ['_revinclude', value]),
      ];
      for (const [name = '', value = ''] of pairs) {
        const reply = call(w, 'GET', `/${type}?${name}=${value}&_id=x`);
        asked.push(
          reply.then(({ status }) => {
            expect([type, name, value, status]).toEqual([type, name, value, 200]);
          }),
        );
      }
    }
    await Promise.all(asked);
  });

  /** Requests of each interaction, to which a server that offers it does not say 404 or 405 for the path's sake. */
  const REQUESTS: Readonly<Record<string, (type: string) => [method: string, url: string]>> = {
    read: (type) => ['GET', `/${type}/x`],
    vread: (type) => ['GET', `/${type}/x/_history/1`],
    update: (type) => ['PUT', `/${type}/x`],
    patch: (type) => ['PATCH', `/${type}/x`],
    delete: (type) => ['DELETE', `/${type}/x`],
    'history-instance': (type) => ['GET', `/${type}/x/_history`],
    'history-type': (type) => ['GET', `/${type}/_history`],
    create: (type) => ['POST', `/${type}`],
    'search-type': (type) => ['GET', `/${type}?_id=x`],
  };

  test('rule 105: what it lists is offered, and what it does not list is refused', async () => {
    for (const { type = '', interaction = [] } of resources()) {
      const listed = interaction.map(({ code }): string => code);
      for (const [code, requestOf] of Object.entries(REQUESTS)) {
        const { status, body } = await call(w, ...requestOf(type));
        const isRefused =
          status === 405 && !/with this id to update/.test(body.issue?.[0]?.diagnostics ?? '');
        expect([type, code, isRefused]).toEqual([type, code, !listed.includes(code)]);
      }
    }
  });

  test('rule 106: it states how versions, histories, conditions and includes are handled', () => {
    const ofPatients = resources().find(({ type }) => type === 'Patient');
    expect(ofPatients).toMatchObject({
      versioning: 'versioned',
      readHistory: true,
      updateCreate: false,
      conditionalCreate: true,
      conditionalRead: 'full-support',
      conditionalUpdate: true,
      conditionalDelete: 'single',
    });
    expect(ofPatients?.searchRevInclude).toContain('Immunization:patient');
    expect(ofPatients?.supportedProfile?.length).toBeGreaterThan(0);
    expect(ofPatients?.operation?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['everything', 'meta']),
    );
  });

  test('rule 107: it names the US Core server', () => {
    expect(statement.instantiates).toContain(
      'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server',
    );
  });

  test('rule 108: it is cached by its ETag, and has three modes', async () => {
    const { headers } = await call(w, 'GET', '/metadata');
    const again = await call(w, 'GET', '/metadata', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    expect([again.status, again.text]).toEqual([304, '']);
    for (const mode of ['full', 'normative', 'terminology']) {
      expect((await call(w, 'GET', `/metadata?mode=${mode}`)).status).toBe(200);
    }
    expect((await call(w, 'GET', '/metadata?mode=some')).status).toBe(400);
  });
});

describe('operations', () => {
  test('rule 109: an operation that changes nothing is asked by GET and by POST with Parameters', async () => {
    const ana = await made(w, patient());
    await made(w, dose(ana.id));
    const url = `/Patient/${ana.id}/$everything`;
    const parameter = [
      { name: '_type', valueString: 'Immunization' },
      { name: '_count', valueInteger: 5 },
    ];
    const got = await call(w, 'GET', `${url}?_type=Immunization&_count=5`);
    const posted = await call(w, 'POST', url, { body: { resourceType: 'Parameters', parameter } });
    expect([got.status, posted.status]).toEqual([200, 200]);
    expect(posted.body.entry).toEqual(got.body.entry);
    expect(got.body.entry?.map(({ resource }) => resource?.resourceType)).toEqual(['Immunization']);
    expect((await call(w, 'PUT', url)).headers.get('allow')).toBe('GET, HEAD, POST');
    const broken = { resourceType: 'Parameters', parameter: 'x' };
    expect((await call(w, 'POST', url, { body: broken })).status).toBe(400);
  });

  test('rule 109: an output that is a data type comes in Parameters', async () => {
    const ana = await made(w, patient());
    const { body } = await call(w, 'GET', `/Patient/${ana.id}/$meta`);
    expect(body['parameter']).toEqual([{ name: 'return', valueMeta: ana.meta }]);
  });

  test.each([
    '/$nothing',
    '/Patient/$nothing',
    '/Patient/1/$nothing',
    '/Immunization/1/$everything',
    '/Patient/$everything',
  ])('rule 111: %s, which is not offered, is 404 with code not-supported', async (url) => {
    for (const method of ['GET', 'POST']) {
      const reply = await call(w, method, url);
      expect([reply.status, codeOf(reply)]).toEqual([404, 'not-supported']);
    }
  });

  test('rule 110: $validate answers 200 with an outcome, also for what is invalid', async () => {
    for (const [body, severity] of [
      [patient(), 'information'],
      [patient({ gender: 'lady' }), 'error'],
    ] as const) {
      const reply = await call(w, 'POST', '/Patient/$validate', { body });
      expect([reply.status, reply.body.resourceType]).toEqual([200, 'OperationOutcome']);
      expect(reply.body.issue?.map((issue) => issue.severity)).toContain(severity);
    }
  });
});

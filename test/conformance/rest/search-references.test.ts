/** FHIR R4 REST, rules 75, 76 and 83 to 87: references, includes, chains, compartments (https://hl7.org/fhir/R4/search.html). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle } from '../../../src/interactions/handle.ts';
import type { Rule } from '../../../src/policy/decide.ts';
import { searches } from '../../world/asks.ts';
import { call, idsIn, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
let bo: Seen;
let org: Seen;
let first: Seen;
let second: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana', { name: [{ family: 'Chained' }] }));
  bo = await made(w, patientWith('bo', { name: [{ family: 'Other' }] }));
  org = await made(w, organization());
  const performer = [
    { actor: { reference: `Organization/${org.id}` } },
    { actor: { identifier: { system: 'http://npi.org', value: '99' } } },
  ];
  first = await made(w, dose(ana.id, { performer }));
  second = await made(w, dose(ana.id, { occurrenceDateTime: '2024-04-01', performer }));
  await made(w, dose(bo.id));
});
afterAll(() => w.end());

const found = async (url: string): Promise<string[]> => {
  const { status, body, text } = await call(w, 'GET', url);
  if (status !== 200) throw new Error(`${url} was answered ${status}: ${text}`);
  return idsIn(body).sort();
};
const both = (): string[] => [first.id, second.id].sort();

describe('references', () => {
  test('rule 75: an id, Type/id, the URL of this server and the typed form are the same', async () => {
    const base = encodeURIComponent(`${w.url}/Patient/${ana.id}`);
    for (const query of [
      `patient=${ana.id}`,
      `patient=Patient/${ana.id}`,
      `patient=${base}`,
      `patient:Patient=${ana.id}`,
      `patient=Patient/${ana.id}/_history/1`,
    ]) {
      expect([query, await found(`/Immunization?${query}`)]).toEqual([query, both()]);
    }
    expect(await found(`/Immunization?patient=https://elsewhere.org/Patient/${ana.id}`)).toEqual([]);
    expect((await call(w, 'GET', `/Immunization?patient:Group=${ana.id}`)).status).toBe(400);
  });

  test('rule 76: :identifier looks at the reference’s identifier and not at the target', async () => {
    const of = (value: string): Promise<string[]> =>
      found(`/Immunization?patient=${ana.id}&performer:identifier=${encodeURIComponent(value)}`);
    expect(await of('http://npi.org|99')).toEqual(both());
    expect(await of('99')).toEqual(both());
    expect(await of('http://npi.org|1')).toEqual([]);
    expect(await found('/Immunization?patient:identifier=ana&_count=5').catch(() => [])).toEqual([]);
  });

  test('rule 86: parameters that mean one element find the same', async () => {
    const observation = await made(w, {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Titre' },
      subject: { reference: `Patient/${ana.id}` },
    });
    for (const query of [`patient=${ana.id}`, `patient=Patient/${ana.id}`, `subject=Patient/${ana.id}`]) {
      expect([query, await found(`/Observation?${query}`)]).toEqual([query, [observation.id]]);
    }
  });

  test('rule 87: a compartment holds what a search by its patient finds', async () => {
    expect(await found(`/Patient/${ana.id}/Immunization`)).toEqual(
      await found(`/Immunization?patient=${ana.id}`),
    );
    expect(await found(`/Patient/${ana.id}/Immunization?date=2024-04-01`)).toEqual([second.id]);
    const posted = await call(w, 'POST', `/Patient/${ana.id}/Immunization/_search`, {
      body: 'date=2024-04-01',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(idsIn(posted.body)).toEqual([second.id]);
    expect(await found(`/Patient/${ana.id}/Immunization?patient=${bo.id}`)).toEqual([]);
    expect(await found('/Patient/nobody/Immunization')).toEqual([]);
    expect((await call(w, 'GET', `/Organization/${org.id}/Immunization`)).status).toBe(404);
  });
});

describe('includes', () => {
  test('rule 83: what several matches refer to is included once', async () => {
    const { body } = await call(
      w,
      'GET',
      `/Immunization?patient=${ana.id}&_include=Immunization:patient&_include=Immunization:performer`,
    );
    const included = body.entry
      ?.filter(({ search }) => search?.mode === 'include')
      .map(({ resource }) => resource?.id);
    expect(included?.sort()).toEqual([ana.id, org.id].sort());
  });

  test('rule 83: _revinclude brings what refers to the matches', async () => {
    const provenance = await made(w, {
      resourceType: 'Provenance',
      target: [{ reference: `Immunization/${first.id}` }, { reference: `Immunization/${second.id}` }],
      recorded: '2024-03-01T12:00:00Z',
      agent: [{ who: { reference: `Organization/${org.id}` } }],
    });
    const { body } = await call(w, 'GET', `/Immunization?patient=${ana.id}&_revinclude=Provenance:target`);
    const modes = body.entry?.map(({ search, resource }) => [search?.mode, resource?.id]);
    expect(modes?.filter(([mode]) => mode === 'include')).toEqual([['include', provenance.id]]);
    expect(modes?.filter(([mode]) => mode === 'match').length).toBe(2);
  });

  test('rule 83: an include that names nothing is refused', async () => {
    for (const value of [
      'Immunization:nothing',
      'Nothing:patient',
      'Immunization',
      'Immunization:patient:Group',
    ]) {
      const { status } = await call(w, 'GET', `/Immunization?patient=${ana.id}&_include=${value}`);
      expect([value, status]).toEqual([value, 400]);
    }
  });

  test('rule 84: what the caller may not read is silently not included', async () => {
    const onlyBo: Rule = ({ type }) => ({
      filter: type === 'Patient' ? [{ op: 'in', field: '_id', keys: [bo.id] }] : [],
    });
    const wanted = searches(
      'Immunization',
      ['patient', `${ana.id},${bo.id}`],
      ['_include', 'Immunization:patient'],
    );
    const answer = await handle({ ...w.rooms, rules: [onlyBo] }, wanted);
    const body = JSON.parse(answer.body ?? '') as Seen;
    const included = body.entry
      ?.filter(({ search }) => search?.mode === 'include')
      .map(({ resource }) => resource?.id);
    expect(included).toEqual([bo.id]);
    expect(answer.body).not.toContain('Chained');
  });
});

describe('chains', () => {
  test('rule 85: a chain and a _has find what they say, or are refused; they are never left out', async () => {
    const CASES: readonly (readonly [string, readonly string[]])[] = [
      [`/Immunization?patient.family=Chained`, both()],
      [`/Immunization?patient:Patient.identifier=ana`, both()],
      [`/Immunization?patient.identifier=nobody`, []],
      [`/Patient?identifier=ana,bo&_has:Immunization:patient:date=2024-04-01`, [ana.id]],
    ];
    for (const [url, expected] of CASES) {
      const { status, body } = await call(w, 'GET', url);
      if (status === 200) expect([url, idsIn(body).sort()]).toEqual([url, expected]);
      else expect([url, status]).toEqual([url, 400]);
    }
  });

  test('rule 85: a chain that leads nowhere is 400, also when lenient', async () => {
    for (const query of [
      'patient.nothing=x',
      'nothing.name=x',
      'date.name=x',
      '_has:Nothing:patient:date=2024',
    ]) {
      const { status } = await call(w, 'GET', `/Immunization?patient=${ana.id}&${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
  });
});

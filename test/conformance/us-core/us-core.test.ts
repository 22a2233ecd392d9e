/** US Core 6.1 on servers, requirement by requirement, and what 7.0 and 8.0 add to Immunization (requirements.ts). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Extension } from '@medplum/fhirtypes';
import { call, idsIn, made, type Reply, type Seen } from '../../world/requests.ts';
import { world, type World } from '../../world/world.ts';
import * as records from './records.ts';
import { REQUIREMENTS } from './requirements.ts';
import { SEARCHES } from './searches.ts';

interface Kept {
  readonly sent: object;
  readonly stored: Seen;
}

let w: World;
let statement: Statement;
const kept: Record<string, Kept> = {};
const idOf = (name: string): string => kept[name]?.stored.id ?? '';
const storedOf = (name: string): Seen | undefined => kept[name]?.stored;

async function keep(name: string, sent: object): Promise<void> {
  kept[name] = { sent, stored: await made(w, sent) };
}

interface Statement {
  readonly instantiates: readonly string[];
  readonly rest: readonly { readonly resource: readonly StatedType[] }[];
}
interface StatedType {
  readonly type: string;
  readonly supportedProfile?: readonly string[];
  readonly interaction: readonly { readonly code: string }[];
}

beforeAll(async () => {
  w = await world();
  await keep('Patient', records.patient);
  await keep('Patient who died', { ...records.patient, ...records.died });
  await keep('Organization', records.organization);
  await keep('Practitioner', records.practitioner);
  await keep('Location', records.location(idOf('Organization')));
  await keep('PractitionerRole', records.role(idOf('Practitioner'), idOf('Organization'), idOf('Location')));
  await keep('RelatedPerson', records.relatedPerson(idOf('Patient')));
  const given = {
    patient: idOf('Patient'),
    practitioner: idOf('Practitioner'),
    organization: idOf('Organization'),
    location: idOf('Location'),
  };
  await keep('Immunization', records.dose(given));
  await keep('not given', records.notGiven(idOf('Patient')));
  const targets = ['Immunization', 'Patient', 'RelatedPerson'].map((type) => records.to(type, idOf(type)));
  await keep('Provenance', records.provenance(idOf('Organization'), ...targets));
  statement = (await call(w, 'GET', '/metadata')).body as unknown as Statement;
});
afterAll(() => w.end());

const statedOf = (type: string): StatedType | undefined =>
  statement.rest[0]?.resource.find((each) => each.type === type);
const TYPES = [
  'Immunization',
  'Location',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Provenance',
  'RelatedPerson',
];

const get = async (path: string): Promise<Seen> => {
  const { status, body } = await call(w, 'GET', path);
  expect([path, status]).toEqual([path, 200]);
  return body;
};
/** A search finds what is kept under a name. */
async function finds(name: string, ...queries: readonly string[]): Promise<void> {
  const type = storedOf(name)?.resourceType ?? '';
  for (const query of queries)
    expect([query, idsIn(await get(`/${type}?${query}`))]).toEqual([query, [idOf(name)]]);
}
const post = (body: object): Promise<Reply> => call(w, 'POST', `/${(body as Seen).resourceType}`, { body });
const validated = async (body: object): Promise<Seen> =>
  (await call(w, 'POST', `/${(body as Seen).resourceType}/$validate`, { body })).body;
const severitiesAt = ({ issue = [] }: Seen, place: string): readonly string[] =>
  issue
    .filter(({ expression = [] }) => expression.some((each) => each.startsWith(place)))
    .map(({ severity }) => severity);

const text = encodeURIComponent;
/** Another dose of the same kind. */
const DOSE = () => ({ ...kept['Immunization']?.sent, occurrenceDateTime: '2023-06-01', lotNumber: 'OTHER' });

/** What shows each requirement, under its id. */
const SHOWN: Readonly<Record<string, () => Promise<void> | void>> = {
  '1, 13, 75, 90–99': async () => {
    for (const [name, { sent, stored }] of Object.entries(kept)) {
      const { meta: _sent, identifier: _identifiers, ...elements } = sent as Seen;
      expect([name, await get(`/${stored.resourceType}/${stored.id}`)]).toEqual([
        name,
        expect.objectContaining(elements),
      ]);
      for (const each of (sent as { identifier?: unknown[] }).identifier ?? [])
        expect(stored['identifier']).toContainEqual(each);
    }
  },
  '2, 16': () => {
    for (const type of TYPES)
      expect(statedOf(type)?.supportedProfile).toContain(records.profile(type.toLowerCase()));
  },
  '14': () => {
    expect(statement.instantiates).toContain(
      'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server',
    );
  },
  '17': () => {
    for (const type of TYPES)
      expect(statedOf(type)?.interaction.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['read', 'search-type']),
      );
  },
  '18–21': async () => {
    expect((await post({ ...DOSE(), status: 'given' })).status).toBe(422);
    expect((await post({ ...records.patient, gender: 'f' })).status).toBe(422);
  },
  '23, 27': async () => {
    const body = { ...DOSE(), programEligibility: [{ coding: [{ system: 'urn:nobody', code: 'because' }] }] };
    expect(severitiesAt(await validated(body), 'Immunization.programEligibility')).toEqual(['warning']);
    expect((await post(body)).status).toBe(201);
  },
  '39': async () => {
    const { body } = await post({
      resourceType: 'Patient',
      name: [{ family: 'Few' }],
      birthDate: '2015-03-01',
      gender: 'unknown',
    });
    // The one extension is the registry's own word: the status with the jurisdiction.
    const { extension = [] } = body as { readonly extension?: Extension[] };
    expect(extension.map(({ url }) => url)).toEqual([
      'https://fhir-iis.org/fhir/StructureDefinition/registry-status',
    ]);
    expect(Object.keys(body).sort()).toEqual([
      'birthDate',
      'extension',
      'gender',
      'id',
      'identifier',
      'meta',
      'name',
      'resourceType',
    ]);
  },
  '51': async () => {
    const query = `identifier=${text('http://clinic.example.org/mrn|us-core-1')}`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await call(w, 'POST', '/Patient/_search', { body: query, headers: form });
    expect(idsIn(posted.body)).toEqual([idOf('Patient')]);
  },
  '63': async () => {
    const all = idsIn(await get(`/Immunization?patient=${idOf('Patient')}`));
    expect(all).toEqual(expect.arrayContaining([idOf('Immunization'), idOf('not given')]));
  },
  '174': async () => {
    const logical = { ...DOSE(), patient: { identifier: { system: 'urn:x', value: '1' } } };
    expect((await post(logical)).status).toBe(422);
  },
  '188, 190': async () => {
    const wrong = await made(w, { ...DOSE(), lotNumber: 'WRONG' });
    const body = { ...wrong, status: 'entered-in-error' };
    expect((await call(w, 'PUT', `/Immunization/${wrong.id}`, { body })).status).toBe(200);
    expect(idsIn(await get('/Immunization?lot-number=WRONG&status=entered-in-error'))).toEqual([wrong.id]);
  },
  '266': async () => {
    const brought = await get(`/Immunization?_id=${idOf('Immunization')}&_revinclude=Provenance:target`);
    expect(idsIn(brought)).toContain(idOf('Provenance'));
    expect(storedOf('Provenance')?.['agent']).toEqual(
      (kept['Provenance']?.sent as { agent?: unknown }).agent,
    );
  },
  '391': async () => {
    const coding = [{ system: 'urn:local', code: 'MMR' }];
    expect((await post({ ...DOSE(), vaccineCode: { coding } })).status).toBe(422);
  },
  '392': () => {
    expect(storedOf('Immunization')?.['vaccineCode']).toEqual({
      coding: [
        { system: records.CVX, code: '08' },
        { system: records.NDC, code: '00006-4981-01' },
      ],
    });
  },
  '393, 394': async () => {
    const { body } = await post({
      ...DOSE(),
      vaccineCode: { coding: [{ system: records.NDC, code: '00006-4681-00' }] },
    });
    const { coding = [] } = (body['vaccineCode'] ?? {}) as { coding?: readonly { system: string }[] };
    expect(coding.map(({ system }) => system)).toEqual([records.NDC, records.CVX]);
  },
  '472': async () => {
    const identifier = [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: '987-65-4329' }];
    const { text: answer, status } = await post({
      ...records.patient,
      name: [{ family: 'Secret' }],
      identifier,
    });
    expect([status, answer.includes('4329')]).toEqual([201, false]);
  },
  '499, 503, 506': async () => {
    for (const type of ['Immunization', 'Patient', 'RelatedPerson']) {
      const brought = await get(`/${type}?_id=${idOf(type)}&_revinclude=Provenance:target`);
      expect(idsIn(brought)).toEqual([idOf(type), idOf('Provenance')]);
    }
  },
  '508': () => {
    const [author] = (storedOf('Provenance')?.['agent'] ?? []) as readonly { onBehalfOf?: unknown }[];
    expect(author?.onBehalfOf).toEqual(records.to('Organization', idOf('Organization')));
  },
  '533, 534': () => {
    for (const type of ['Patient', 'Immunization'])
      expect(statedOf(type)?.supportedProfile).toContain(records.profile(type.toLowerCase()));
  },
  '536': async () => {
    for (const query of ['nonsense=1', 'birthdate=yesterday', 'gender:colour=red'])
      expect([query, (await call(w, 'GET', `/Patient?${query}`)).status]).toEqual([query, 400]);
  },
  '539': async () => {
    expect((await call(w, 'GET', '/Patient/nobody')).status).toBe(404);
  },
  '540': async () => {
    const { headers } = await call(w, 'GET', `/Patient/${idOf('Patient')}`, {
      headers: { accept: 'application/fhir+json' },
    });
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/);
  },
  '548': async () => {
    const { expansion } = (await get(
      `/ValueSet/$expand?url=${text('https://fhir-iis.org/fhir/ValueSet/route')}`,
    )) as unknown as { expansion: { contains: unknown[] } };
    expect(expansion.contains.length).toBeGreaterThan(5);
  },
  PractitionerRole: async () => {
    const brought = await get(
      '/PractitionerRole?specialty=163W00000X&_include=PractitionerRole:practitioner',
    );
    expect(idsIn(brought)).toEqual([idOf('PractitionerRole'), idOf('Practitioner')]);
  },
  '7.0 and 8.0, Immunization': () => {
    const dose = kept['Immunization'];
    for (const name of ['encounter', 'location', 'lotNumber', 'performer'])
      expect(dose?.stored[name]).toEqual((dose?.sent as Seen)[name]);
  },
};

const tested = REQUIREMENTS.filter(
  ({ shownBy, deviation }) => shownBy === undefined && deviation === undefined,
);

test.each(tested.map(({ id, strength, says }) => ({ id, strength, says })))(
  '$id, $strength: $says',
  async ({ id }) => {
    for (const [name, ...queries] of SEARCHES[id]?.(idOf) ?? []) await finds(name, ...queries);
    await SHOWN[id]?.();
  },
);

test('every requirement has one test, another suite or a reason', () => {
  const shown = new Set([...Object.keys(SHOWN), ...Object.keys(SEARCHES)]);
  expect([...shown].sort()).toEqual(tested.map(({ id }) => id).sort());
});

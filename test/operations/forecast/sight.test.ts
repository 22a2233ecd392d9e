/** A forecast never reveals a dose that the caller may not see. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forPatient, guarded, withScope } from '../../auth/bearer.ts';
import type { Reply, Seen } from '../../world/requests.ts';
import { dose, patient } from '../../world/resources.ts';
import type { World } from '../../world/world.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const ALL = 'system/*.cruds';
/** Sees doses of hepatitis B vaccine only. */
const PART = `system/Patient.rs system/ImmunizationRecommendation.rs system/ImmunizationEvaluation.rs system/Immunization.rs?vaccine-code=${CVX}|08`;

let w: World;
let ana: string;
beforeAll(async () => {
  w = await guarded();
  ana = await created('Patient', patient({ birthDate: '2025-01-10', gender: 'female' }));
  await created('Immunization', dose(ana, { occurrenceDateTime: '2025-01-11' }));
  const mmr = { coding: [{ system: CVX, code: '03' }] };
  await created('Immunization', dose(ana, { vaccineCode: mmr, occurrenceDateTime: '2026-02-01' }));
});
afterAll(() => w.end());

async function created(type: string, body: object): Promise<string> {
  const reply = await withScope(w, ALL)('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body.id;
}

interface Told extends Seen {
  readonly recommendation: readonly {
    readonly vaccineCode: readonly { readonly coding?: readonly { readonly code: string }[] }[];
    readonly doseNumberPositiveInt?: number;
    readonly description?: string;
  }[];
}
const found = (reply: Reply): Told[] => (reply.body.entry ?? []).map(({ resource }) => resource as Told);
const doseOf = (told: Told | undefined, code: string): number | undefined =>
  told?.recommendation.find(({ vaccineCode: [group] }) => group?.coding?.[0]?.code === code)
    ?.doseNumberPositiveInt;
const query = (): string => `/ImmunizationRecommendation?patient=${ana}`;

describe('a caller who sees some of the doses', () => {
  test('gets a recommendation computed from those, under an id and version of its own', async () => {
    const [whole] = found(await withScope(w, ALL)('GET', query()));
    const [part] = found(await withScope(w, PART)('GET', query()));
    expect([doseOf(whole, '03'), doseOf(whole, '45')]).toEqual([2, 2]);
    expect([doseOf(part, '03'), doseOf(part, '45')]).toEqual([1, 2]);
    expect(part?.id).not.toBe(whole?.id);
    expect(part?.meta.versionId).not.toBe(whole?.meta.versionId);
  });

  test('reads it by that id, unchanged, and never the stored one', async () => {
    const [whole] = found(await withScope(w, ALL)('GET', query()));
    const [part] = found(await withScope(w, PART)('GET', query()));
    const read = await withScope(w, PART)('GET', `/ImmunizationRecommendation/${part?.id ?? ''}`);
    expect(read.body).toEqual(part);
    const stored = `/ImmunizationRecommendation/${whole?.id ?? ''}`;
    expect((await withScope(w, PART)('GET', stored)).status).toBe(404);
    expect((await withScope(w, PART)('GET', `${stored}/_history/1`)).status).toBe(404);
    expect(found(await withScope(w, PART)('GET', `${stored}/_history`))).toEqual([]);
    expect((await withScope(w, ALL)('GET', `/ImmunizationRecommendation/${part?.id ?? ''}`)).status).toBe(
      404,
    );
  });

  test('finds by no criterion what only the hidden dose would match', async () => {
    const evaluations = `/ImmunizationEvaluation?patient=${ana}&target-disease=14189004`;
    expect(found(await withScope(w, ALL)('GET', evaluations)).length).toBe(1);
    expect(found(await withScope(w, PART)('GET', evaluations))).toEqual([]);
    expect(found(await withScope(w, PART)('GET', `/ImmunizationEvaluation?patient=${ana}`)).length).toBe(1);
  });

  test('gets from the operation what its doses say', async () => {
    const reply = await withScope(w, PART)('GET', `/Patient/${ana}/$immds-forecast`);
    const parameters = (reply.body as unknown as { parameter: { name: string; resource: Told }[] }).parameter;
    const told = parameters.find(({ name }) => name === 'recommendation')?.resource;
    expect([doseOf(told, '03'), doseOf(told, '45')]).toEqual([1, 2]);
  });
});

const CAUTION = 'It rests on the doses that you may see, and may be incomplete.';
const cautioned = (entry: Told['recommendation'][number]) => ({
  ...entry,
  description: `${entry.description ?? ''} ${CAUTION}`,
});

describe('that a forecast may be incomplete', () => {
  const told = async (world: World, id: string): Promise<string> =>
    (await withScope(world, PART)('GET', `/Patient/${id}/$immds-forecast`)).text;

  test('is said where the pack allows it, and only to who may not see all', async () => {
    expect(await told(w, ana)).toContain(CAUTION);
    expect((await withScope(w, ALL)('GET', `/Patient/${ana}/$immds-forecast`)).text).not.toContain(CAUTION);
    expect((await withScope(w, ALL)('GET', query())).text).not.toContain(CAUTION);
  });

  test('is said of nobody where the pack does not', async () => {
    const other = await guarded({ jurisdiction: 'virginia' });
    const made = await withScope(other, ALL)('POST', '/Patient', {
      body: patient({ birthDate: '2025-01-10', gender: 'female' }),
    });
    const { id } = made.body;
    expect(await told(other, id)).not.toContain(CAUTION);
    const part = await withScope(other, PART)('GET', `/ImmunizationRecommendation?patient=${id}`);
    expect(found(part)).toHaveLength(1);
    expect(part.text).not.toContain(CAUTION);
    await other.end();
  });
});

test('An app launched for the patient gets one of its own that says the same, though nothing is hidden from it', async () => {
  const scopes = 'patient/Patient.rs patient/Immunization.rs patient/ImmunizationRecommendation.rs';
  const app = forPatient(w, ana, scopes);
  const [stored] = found(await withScope(w, ALL)('GET', query())) as [Told];
  const [own] = found(await app('GET', query())) as [Told];
  expect(own.recommendation).toEqual(stored.recommendation.map(cautioned));
  // Else an id of its own would tell that something is hidden.
  expect(own.id).not.toBe(stored.id);
  expect(found(await app('GET', '/ImmunizationRecommendation'))).toEqual([own]);
  expect((await app('GET', `/ImmunizationRecommendation/${own.id}`)).body).toEqual(own);
  expect(found(await app('GET', `/ImmunizationRecommendation?_id=${own.id}`))).toEqual([own]);
  expect((await app('GET', `/ImmunizationRecommendation/${stored.id}`)).status).toBe(404);
});

test('A hidden dose changes nothing of what is told to who may not see it', async () => {
  const told = async (): Promise<unknown> => found(await withScope(w, PART)('GET', query()));
  const before = await told();
  const polio = { coding: [{ system: CVX, code: '10' }] };
  await created('Immunization', dose(ana, { vaccineCode: polio, occurrenceDateTime: '2025-03-10' }));
  expect(await told()).toEqual(before);
});

test('Who may see no dose at all is told no forecast', async () => {
  const none = withScope(w, 'system/Patient.rs system/ImmunizationRecommendation.rs');
  expect(found(await none('GET', query()))).toEqual([]);
  expect((await none('GET', `/Patient/${ana}/$immds-forecast`)).status).toBe(403);
});

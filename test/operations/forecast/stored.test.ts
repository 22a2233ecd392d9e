/** Stored recommendations and evaluations: nobody reads an outdated one. */
import type {
  Bundle,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Resource,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pastOf, STANDINGS } from '../../../src/storage/write.ts';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const BIRTH = '2025-01-10';
const vaccine = (code: string): object => ({ vaccineCode: { coding: [{ system: CVX, code }] } });

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(async () => {
  await w.end();
});

async function created(resource: object): Promise<string> {
  const { resourceType } = resource as { resourceType: string };
  const answer = await w.fhir.post(`/${resourceType}`).send(resource).expect(201);
  return (answer.body as { id: string }).id;
}
const child = (): Promise<string> => created(patient({ birthDate: BIRTH, gender: 'female' }));
const given = (child: string, code: string, day: string, more: object = {}): Promise<string> =>
  created(dose(child, { ...vaccine(code), occurrenceDateTime: day, ...more }));

async function found<T extends Resource>(query: string): Promise<T[]> {
  const answer = await w.fhir.get(query).expect(200);
  return ((answer.body as Bundle).entry ?? []).map(({ resource }) => resource as T);
}
async function recommendation(of: string): Promise<ImmunizationRecommendation> {
  const [only, ...more] = await found<ImmunizationRecommendation>(
    `/ImmunizationRecommendation?patient=${of}`,
  );
  expect(more).toEqual([]);
  if (only === undefined) throw new Error('There is no recommendation');
  return only;
}
const group = ({ recommendation: entries }: ImmunizationRecommendation, code: string) =>
  entries.find(({ vaccineCode = [] }) => vaccineCode[0]?.coding?.[0]?.code === code);
const evaluationsOf = (of: string): Promise<ImmunizationEvaluation[]> =>
  found<ImmunizationEvaluation>(`/ImmunizationEvaluation?patient=${of}`);

describe('a recommendation that is stored', () => {
  test('is there for a patient without a dose', async () => {
    const due = group(await recommendation(await child()), '03');
    expect(due?.forecastStatus.coding?.[0]?.code).toBe('notComplete');
    expect(due?.doseNumberPositiveInt).toBe(1);
    expect(due?.dateCriterion?.map(({ code, value }) => [code.coding?.[0]?.code, value])).toContainEqual([
      '30981-5',
      '2026-01-10',
    ]);
  });

  test('names the release of the schedule behind it', async () => {
    const { authority } = await recommendation(await child());
    expect(authority?.identifier?.value).toMatch(/^\d+\.\d+-\d+$/);
  });

  test('takes in a new dose, a corrected one and a deleted one before it is read', async () => {
    const id = await child();
    expect(group(await recommendation(id), '03')?.doseNumberPositiveInt).toBe(1);
    const mmr = await given(id, '03', '2026-02-01');
    expect(group(await recommendation(id), '03')?.doseNumberPositiveInt).toBe(2);
    const wrong = { ...dose(id, { ...vaccine('03'), occurrenceDateTime: '2025-06-01' }), id: mmr };
    await w.fhir.put(`/Immunization/${mmr}`).send(wrong).expect(200);
    expect(group(await recommendation(id), '03')?.doseNumberPositiveInt).toBe(1);
    expect((await evaluationsOf(id)).map(({ doseStatus }) => doseStatus.coding?.[0]?.code)).toEqual([
      'notvalid',
      'notvalid',
      'notvalid',
    ]);
    await w.fhir.delete(`/Immunization/${mmr}`).expect(204);
    expect(await evaluationsOf(id)).toEqual([]);
  });

  test('keeps its id, and without new content its version', async () => {
    const id = await child();
    const before = await recommendation(id);
    w.clock.advance(60_000);
    await given(id, '03', '2026-02-01', { status: 'entered-in-error' });
    expect(await recommendation(id)).toEqual(before);
    await given(id, '03', '2026-02-02');
    const after = await recommendation(id);
    expect(after.id).toBe(before.id);
    expect(after.meta?.versionId).toBe('2');
    await w.fhir.get(`/ImmunizationRecommendation/${before.id ?? ''}`).expect('ETag', 'W/"2"');
    await w.fhir.get(`/ImmunizationRecommendation/${before.id ?? ''}/_history/1`).expect(200);
  });

  test('has an id of its own for every evaluation', async () => {
    const id = await child();
    await given(id, '110', '2025-03-12');
    const ids = (await evaluationsOf(id)).map((each) => each.id);
    expect(ids.length).toBeGreaterThan(3);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('takes in immunity and a refusal', async () => {
    const id = await child();
    const refused = await given(id, '21', '2026-02-01', {
      status: 'not-done',
      statusReason: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'PATOBJ' }],
      },
    });
    const varicella = group(await recommendation(id), '21');
    expect(varicella?.forecastStatus.coding?.[0]?.code).toBe('notComplete');
    expect(varicella?.supportingPatientInformation).toEqual([{ reference: `Immunization/${refused}` }]);
    await created({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '59784-9' }] },
      subject: { reference: `Patient/${id}` },
      effectiveDateTime: '2026-03-01',
      valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '38907003' }] },
    });
    expect(group(await recommendation(id), '21')?.forecastStatus.coding?.[0]?.code).toBe('immune');
  });

  test('is gone with its patient', async () => {
    const id = await child();
    const { id: gone = '' } = await recommendation(id);
    await w.fhir.delete(`/Patient/${id}`).expect(204);
    await w.fhir.get(`/ImmunizationRecommendation/${gone}`).expect(410);
    expect(await found(`/ImmunizationRecommendation?_id=${gone}`)).toEqual([]);
  });

  test('cannot be written by a client', async () => {
    const id = await child();
    const mine = await recommendation(id);
    await w.fhir.post('/ImmunizationRecommendation').send(mine).expect(405);
    await w.fhir
      .put(`/ImmunizationRecommendation/${mine.id ?? ''}`)
      .send(mine)
      .expect(405);
  });

  test('comes with its patient, as it is now', async () => {
    const id = await child();
    await recommendation(id);
    await given(id, '03', '2026-02-01');
    const all = await found<Resource>(`/Patient?_id=${id}&_revinclude=ImmunizationRecommendation:patient`);
    const one = all.find((each) => each.resourceType === 'ImmunizationRecommendation');
    expect(one?.meta?.versionId).toBe('2');
    const everything = await found<Resource>(`/Patient/${id}/$everything`);
    expect(everything.map(({ resourceType }) => resourceType)).toContain('ImmunizationEvaluation');
  });

  test('of many patients is none older than the last change or the day', async () => {
    const [first, second] = [await child(), await child()];
    const hpv = async (): Promise<(string | undefined)[]> =>
      (await found<ImmunizationRecommendation>('/ImmunizationRecommendation?_count=200'))
        .filter(({ patient: { reference } }) => [first, second].some((id) => reference === `Patient/${id}`))
        .map((each) => group(each, '137')?.forecastStatus.coding?.[0]?.code);
    expect(await hpv()).toEqual(['notComplete', 'notComplete']);
    const before = await recommendation(second);
    w.clock.set('2090-01-01T12:00:00.000Z');
    expect(await hpv()).toEqual(['agedOut', 'agedOut']);
    expect((await recommendation(second)).id).toBe(before.id);
    w.clock.set('2026-11-22T12:00:00.000Z');
  });
});

test('Where a record is erased, what was derived from it goes with it, past versions too', async () => {
  const id = await child();
  await given(id, '03', '2026-02-01');
  expect(group(await recommendation(id), '03')?.doseNumberPositiveInt).toBe(2);
  await given(id, '08', '2026-02-01');
  expect(await evaluationsOf(id)).not.toEqual([]);
  const { store } = w.rooms;
  const known = (await store.standings([id])).get(id);
  if (known === undefined) throw new Error('A patient without a standing');
  const erased = ['Immunization', pastOf('Immunization')];
  const clash = await store.commit([
    {
      do: 'restate',
      in: STANDINGS,
      match: { _id: id, generation: known.generation },
      doc: { ...known, generation: known.generation + 1 },
      collections: erased,
      erases: erased,
    },
  ]);
  expect(clash).toBeUndefined();
  expect(await evaluationsOf(id)).toEqual([]);
  const told = await recommendation(id);
  expect(group(told, '03')?.doseNumberPositiveInt).toBe(1);
  expect(told.meta?.versionId).toBe('1');
});

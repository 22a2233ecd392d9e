/** $immds-forecast as HL7's ImmDS guide defines it, asked through fhir-kit-client. */
import type {
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  OperationOutcome,
  Parameters as FhirParameters,
  ParametersParameter,
  Resource,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { dose, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const NDC = 'http://hl7.org/fhir/sid/ndc';

let w: World;
let client: Client;
beforeAll(async () => {
  w = await world();
  client = new Client({ baseUrl: w.url });
});
afterAll(() => w.end());

const resource = (name: string, body: object): ParametersParameter => ({ name, resource: body as Resource });
const PERSON = resource('patient', patient({ id: 'ana', birthDate: '2024-03-01', gender: 'female' }));
const day = (valueDate: string): ParametersParameter => ({ name: 'assessmentDate', valueDate });
const shot = (id: string, code: string, occurrenceDateTime: string, more: object = {}): ParametersParameter =>
  resource('immunization', {
    ...dose('ana', { vaccineCode: { coding: [{ system: CVX, code }] }, occurrenceDateTime, ...more }),
    id,
  });

async function asked(...parameter: ParametersParameter[]): Promise<ParametersParameter[]> {
  const input = { resourceType: 'Parameters', parameter };
  const answer: unknown = await client.operation({ name: 'immds-forecast', method: 'POST', input });
  return (answer as FhirParameters).parameter ?? [];
}
async function fault(
  ...parameter: ParametersParameter[]
): Promise<{ status: number; data: OperationOutcome }> {
  const error: unknown = await asked(...parameter).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return (error as { response: { status: number; data: OperationOutcome } }).response;
}

const recommendationIn = (answer: readonly ParametersParameter[]): ImmunizationRecommendation => {
  const all = answer.filter(({ name }) => name === 'recommendation');
  expect(all).toHaveLength(1);
  return all[0]?.resource as ImmunizationRecommendation;
};
const evaluationsIn = (answer: readonly ParametersParameter[]): ImmunizationEvaluation[] =>
  answer.filter(({ name }) => name === 'evaluation').map((each) => each.resource as ImmunizationEvaluation);
const entryOf = ({ recommendation }: ImmunizationRecommendation, code: string) =>
  recommendation.find(({ vaccineCode = [] }) => vaccineCode[0]?.coding?.[0]?.code === code);
const statusOf = (told: ImmunizationRecommendation, code: string): string | undefined =>
  entryOf(told, code)?.forecastStatus.coding?.[0]?.code;

describe('$immds-forecast with everything in the request', () => {
  const child = (): Promise<ParametersParameter[]> =>
    asked(
      day('2025-04-01'),
      PERSON,
      shot('hepb', '08', '2024-03-02'),
      shot('mmr', '03', '2025-02-20'),
      shot('var', '21', '2025-03-18'),
    );

  test('answers the dates of what is due in the codes of the guide', async () => {
    const varicella = entryOf(recommendationIn(await child()), '21');
    expect(varicella?.forecastStatus.coding).toEqual([
      { system: 'http://hl7.org/fhir/us/immds/CodeSystem/ForecastStatus', code: 'notComplete' },
    ]);
    expect(varicella?.dateCriterion?.map(({ code, value }) => [code.coding?.[0]?.code, value])).toEqual([
      ['30980-7', '2025-04-15'],
      ['59778-1', '2025-07-28'],
      ['30981-5', '2025-04-15'],
    ]);
    expect(varicella?.doseNumberPositiveInt).toBe(1);
    expect(varicella?.supportingImmunization).toEqual([{ reference: 'Immunization/var' }]);
  });

  test('evaluates each dose for each disease, with the reason where it does not count', async () => {
    const told = evaluationsIn(await child());
    const ofDose = (id: string): ImmunizationEvaluation[] =>
      told.filter(({ immunizationEvent }) => immunizationEvent.reference === `Immunization/${id}`);
    expect(ofDose('hepb').map(({ doseStatus }) => doseStatus.coding?.[0]?.code)).toEqual(['valid']);
    expect(ofDose('mmr').map(({ targetDisease }) => targetDisease.text)).toEqual([
      'Measles',
      'Mumps',
      'Rubella',
    ]);
    const [varicella] = ofDose('var');
    expect(varicella?.doseStatus.coding?.[0]?.code).toBe('notvalid');
    expect(varicella?.doseStatusReason?.[0]?.coding?.[0]).toEqual({
      system: 'http://hl7.org/fhir/us/immds/CodeSystem/StatusReason',
      code: 'productconflict',
    });
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });

  test('names the patient by words where the one sent has no id: no reference says nothing', async () => {
    const { id: _id, ...unnumbered } = PERSON.resource as Resource & { id: string };
    const answer = await asked(
      day('2025-04-01'),
      resource('patient', unnumbered),
      shot('mmr', '03', '2025-02-20'),
    );
    const results = [recommendationIn(answer), ...evaluationsIn(answer)];
    expect(results).toHaveLength(4);
    for (const { patient: whose } of results) expect(whose).toEqual({ display: 'the patient sent' });
  });

  test('names the release of the schedule in every result', async () => {
    const answer = await child();
    const versions = [recommendationIn(answer), ...evaluationsIn(answer)].map(
      ({ authority }) => authority?.identifier?.value,
    );
    expect([...new Set(versions)]).toEqual(['4.64-508']);
  });

  test('is the same when it is asked again', async () => {
    expect(await child()).toEqual(await child());
  });

  test('takes conditions into account', async () => {
    const immune = {
      resourceType: 'Condition',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'resolved' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '38907003' }] },
      subject: { reference: 'Patient/ana' },
    };
    const told = recommendationIn(await asked(day('2025-04-01'), PERSON, resource('condition', immune)));
    expect(statusOf(told, '21')).toBe('immune');
  });

  test('takes the vaccine type from a package code', async () => {
    const packaged = resource('immunization', {
      ...dose('ana', { occurrenceDateTime: '2025-03-10' }),
      vaccineCode: { coding: [{ system: NDC, code: '0006-4681-00' }] },
      id: 'ndc',
    });
    const told = recommendationIn(await asked(day('2025-04-01'), PERSON, packaged));
    expect(entryOf(told, '03')?.doseNumberPositiveInt).toBe(2);
  });

  test('says that a season was projected', async () => {
    const told = recommendationIn(await asked(day('2030-10-15'), PERSON));
    expect(entryOf(told, '88')?.description).toMatch(/season was projected by \d+ years?/);
    expect(statusOf(told, '88')).toBe('notComplete');
  });

  test('tells which records were set aside, and where they are', async () => {
    const answer = await asked(
      day('2025-04-01'),
      PERSON,
      shot('early', '08', '2020-01-01'),
      shot('late', '08', '2026-01-01'),
      shot('refused', '03', '2025-03-05', { status: 'not-done' }),
    );
    const outcome = answer.find(({ name }) => name === 'outcome')?.resource as OperationOutcome;
    expect(outcome.issue.map(({ severity, expression }) => [severity, expression])).toEqual(
      [2, 4, 3].map((at) => ['warning', [`Parameters.parameter[${at}]`]]),
    );
  });

  test('says why, where it is asked to', async () => {
    const answer = await asked(day('2025-04-01'), PERSON, shot('mmr', '03', '2025-02-20'), {
      name: 'explain',
      valueString: 'MMR',
    });
    const part = answer.find(({ name }) => name === 'explanation')?.part ?? [];
    expect(part[0]?.valueString).toContain('2025-02-25');
    const rules = part.filter(({ name }) => name === 'rule').map((rule) => rule.part ?? []);
    expect(
      rules.flat().some(({ name, valueString }) => name === 'identifier' && valueString === 'CALCDTAGE-1'),
    ).toBe(true);
  });

  test('has an answer for people of whom little is known', async () => {
    const unknown = resource('patient', { resourceType: 'Patient', birthDate: '1915' });
    expect(recommendationIn(await asked(day('2026-11-22'), unknown)).recommendation.length).toBeGreaterThan(
      3,
    );
    const vague = [
      resource('immunization', { ...dose('ana'), occurrenceDateTime: '2024' }),
      resource('immunization', {
        ...dose('ana'),
        occurrenceDateTime: undefined,
        occurrenceString: 'as a child',
      }),
      resource('immunization', { ...dose('ana'), vaccineCode: { text: 'some vaccine' } }),
    ];
    expect(evaluationsIn(await asked(day('2025-04-01'), PERSON, ...vague))).toHaveLength(1);
  });

  test('refuses what it cannot answer, and says what is missing', async () => {
    expect((await fault(PERSON)).status).toBe(422);
    expect((await fault(day('2025-04-01'))).status).toBe(422);
    expect((await fault(day('2020-01-01'), PERSON)).status).toBe(422);
    expect((await fault(day('2025-04-01'), PERSON, PERSON)).status).toBe(422);
    expect((await fault(day('2025-04-01'), PERSON, { name: 'weather', valueString: 'fine' })).status).toBe(
      400,
    );
    expect((await fault({ name: 'assessmentDate', valueString: 'today' }, PERSON)).status).toBe(400);
    expect((await fault(day('2025-04-01'), resource('patient', dose('ana')))).status).toBe(422);
    const broken = resource('immunization', { ...dose('ana'), vaccineCode: { coding: 'MMR' } });
    expect((await fault(day('2025-04-01'), PERSON, broken)).status).toBe(400);
    expect((await w.fhir.post('/$immds-forecast').send(patient())).status).toBe(400);
  });
});

describe('$immds-forecast of a patient of the registry', () => {
  test('takes the history that is stored, on the day asked or today', async () => {
    const ana = await client.create({
      resourceType: 'Patient',
      body: patient({ birthDate: '2024-03-01' }) as never,
    });
    const { id = '' } = ana as { id?: string };
    const mmr = dose(id, {
      vaccineCode: { coding: [{ system: CVX, code: '03' }] },
      occurrenceDateTime: '2025-03-10',
    });
    await client.create({ resourceType: 'Immunization', body: mmr as never });
    const operation = async (input?: FhirParameters): Promise<ParametersParameter[]> => {
      const call = { name: 'immds-forecast', resourceType: 'Patient', id, method: 'POST' as const };
      const answer: unknown = await client.operation(
        input === undefined ? call : { ...call, input: input as never },
      );
      return (answer as FhirParameters).parameter ?? [];
    };
    const now = recommendationIn(await operation());
    expect(now.date).toBe('2026-11-22');
    expect(entryOf(now, '03')?.doseNumberPositiveInt).toBe(2);
    const then = await operation({ resourceType: 'Parameters', parameter: [day('2025-03-01')] });
    expect(entryOf(recommendationIn(then), '03')?.doseNumberPositiveInt).toBe(1);
    const get = await w.fhir.get(`/Patient/${id}/$immds-forecast?assessmentDate=2025-03-01&explain=MMR`);
    expect(get.status).toBe(200);
    await w.fhir.get('/Patient/none/$immds-forecast').expect(404);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { load, type Loaded } from '../../src/sandbox/load.ts';
import type { Truth } from '../../src/sandbox/truth.ts';
import { world, type World } from '../world/world.ts';

describe('A server loaded with a sandbox', () => {
  let w: World;
  let loaded: Loaded;
  const truths: Truth[] = [];

  beforeAll(async () => {
    w = await world();
    const send = async (bundle: Bundle): Promise<Bundle> => {
      const answer = await w.fhir
        .post('')
        .set('content-type', 'application/fhir+json')
        .send(JSON.stringify(bundle));
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.body as Bundle;
    };
    loaded = await load({
      seed: 1,
      people: 40,
      today: '2026-11-22',
      send,
      parallelism: 2,
      truth: (truth) => void truths.push(truth),
    });
  }, 120_000);

  afterAll(async () => {
    await w.end();
  });

  test('has stored every person and every dose of it', async () => {
    expect(loaded.people).toBe(40);
    const patients = await w.fhir.get('/Patient').query({ _summary: 'count' });
    expect((patients.body as Bundle).total).toBe(loaded.records);
    const doses = await w.fhir.get('/Immunization').query({ _summary: 'count' });
    expect((doses.body as Bundle).total).toBe(truths.flatMap((truth) => truth.doses).length);
  });

  test('finds a record by the number that its truth names, under the id that it names', async () => {
    for (const { record, ids } of truths.slice(0, 3)) {
      const found = await w.fhir.get('/Patient').query({ identifier: `${record.system}|${record.value}` });
      const patients = ((found.body as Bundle).entry ?? []).map((entry) => entry.resource as Patient);
      expect(patients.map((patient) => `Patient/${String(patient.id)}`)).toEqual([ids?.patient]);
      expect(patients[0]?.managingOrganization?.reference).toMatch(/^Organization\/[^?]+$/);
    }
  });
});

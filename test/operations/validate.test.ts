import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, countsOf, made, type Reply } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
let ana: { readonly id: string };
beforeAll(async () => {
  w = await world();
  ana = await made(w, patient({ birthDate: '2020-03-15' }));
});
afterAll(() => w.end());

const found = ({ status, body }: Reply): readonly string[] => [
  String(status),
  ...(body.issue ?? []).map(({ severity, code, expression = [] }) =>
    [severity, code, ...expression].join(' '),
  ),
];
const WELL = ['200', 'information informational'];
const ask = async (path: string, body?: object): Promise<readonly string[]> =>
  found(await call(w, 'POST', path, body === undefined ? {} : { body }));
const parameters = (resource: object | undefined, more: Readonly<Record<string, string>> = {}): object => ({
  resourceType: 'Parameters',
  parameter: [
    ...(resource === undefined ? [] : [{ name: 'resource', resource }]),
    ...Object.entries(more).map(([name, value]) => ({
      name,
      ...(name === 'mode' ? { valueCode: value } : { valueUri: value }),
    })),
  ],
});
const OWN = 'https://fhir-iis.org/fhir/StructureDefinition/';

describe('$validate of a resource that is sent', () => {
  test('finds nothing wrong with a sound one, in the body or in Parameters', async () => {
    expect(await ask('/Patient/$validate', patient())).toEqual(WELL);
    expect(await ask('/Patient/$validate', parameters(patient()))).toEqual(WELL);
  });

  test('is answered 200 whatever is wrong, and tells all of it', async () => {
    const broken = patient({ colour: 'red', gender: 'x', birthDate: '2021-02-30' });
    expect(await ask('/Patient/$validate', broken)).toEqual(['200', 'error structure Patient.colour']);
    expect(await ask('/Patient/$validate', patient({ gender: 'x', birthDate: '2021-02-30' }))).toEqual([
      '200',
      'error value Patient.birthDate',
      'error code-invalid Patient.gender',
    ]);
    expect(await ask('/Patient/$validate', dose(ana.id))).toEqual(['200', 'error invalid resourceType']);
  });

  test('warns as a write would', async () => {
    expect(await ask('/Patient/$validate', patient({ gender: undefined }))).toEqual([
      '200',
      'warning required Patient.gender',
    ]);
  });

  test('judges by the profile that is asked for', async () => {
    const nobody = patient({ identifier: [{ value: '1' }] });
    expect(await ask('/Patient/$validate', nobody)).toEqual([
      '200',
      'warning required Patient.identifier[0].system',
    ]);
    for (const profile of [
      `${OWN}iis-patient`,
      'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient',
    ])
      expect(await ask('/Patient/$validate', parameters(nobody, { profile }))).toEqual([
        '200',
        'error required Patient.identifier[0].system',
      ]);
  });

  test('says that it does not know a profile', async () => {
    for (const profile of ['urn:theirs', `${OWN}iis-immunization`])
      expect(await ask('/Patient/$validate', parameters(patient(), { profile }))).toEqual([
        '200',
        'error not-supported',
      ]);
    expect(await ask('/Patient/$validate', patient({ meta: { profile: ['urn:theirs'] } }))).toEqual([
      '200',
      'warning not-supported Patient.meta.profile[0]',
    ]);
  });
});

describe('$validate of a write', () => {
  test('finds what only the registry can: whose the dose is, and when the person lived', async () => {
    const create = (resource: object) =>
      ask('/Immunization/$validate', parameters(resource, { mode: 'create' }));
    expect(await create(dose(ana.id))).toEqual(WELL);
    expect(await create(dose('nobody'))).toEqual(['200', 'error business-rule Immunization.patient']);
    expect(await create(dose(ana.id, { occurrenceDateTime: '2020-03-14' }))).toEqual([
      '200',
      'error business-rule Immunization.occurrence',
    ]);
  });

  test('finds that there is nothing to update, or that others refer to what is to be deleted', async () => {
    const update = (id: string) =>
      ask(`/Patient/${id}/$validate`, parameters(patient({ id }), { mode: 'update' }));
    expect(await update(ana.id)).toEqual(WELL);
    expect((await update('nobody'))[1]).toMatch(/^error/);
    const ben = await made(w, patient());
    expect(await ask(`/Patient/${ben.id}/$validate`, parameters(undefined, { mode: 'delete' }))).toEqual(
      WELL,
    );
    await made(w, dose(ben.id));
    expect(await ask(`/Patient/${ben.id}/$validate`, parameters(undefined, { mode: 'delete' }))).toEqual([
      '200',
      'error conflict',
    ]);
  });

  test('knows four modes', async () => {
    expect((await ask('/Patient/$validate', parameters(patient(), { mode: 'dream' })))[0]).toBe('400');
    expect(await ask('/Patient/$validate', parameters(patient(), { mode: 'profile' }))).toEqual(WELL);
  });
});

describe('$validate of what is stored', () => {
  test('judges the current version', async () => {
    expect(found(await call(w, 'GET', `/Patient/${ana.id}/$validate`))).toEqual(WELL);
    expect(found(await call(w, 'GET', `/Patient/${ana.id}/$validate?profile=${OWN}iis-patient`))).toEqual(
      WELL,
    );
  });

  test('finds nothing where nothing is', async () => {
    expect(found(await call(w, 'GET', '/Patient/nobody/$validate'))[0]).toBe('404');
    expect(found(await call(w, 'GET', '/Patient/$validate'))[0]).toBe('422');
  });
});

test('$validate stores nothing', async () => {
  const before = await countsOf(w);
  await ask('/Patient/$validate', patient());
  await ask('/Patient/$validate', parameters(patient(), { mode: 'create' }));
  await ask('/Immunization/$validate', parameters(dose(ana.id), { mode: 'create' }));
  expect(await countsOf(w)).toEqual(before);
});

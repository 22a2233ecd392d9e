/** Doses and people that come as FHIR count for the validity of what their sender reports, taken and refused, by codes alone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { DETECTIONS } from '../../src/quality/detections.ts';
import { FACILITIES } from '../../src/hl7v2/senders.ts';
import { DETECTED } from '../../src/validation/registry/detected.ts';
import { guarded, withScope } from '../auth/bearer.ts';
import { change, field, GIVEN, MSH, order, person as pidOf, vxu } from '../hl7v2/messages.ts';
import type { Reply } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let clinic: string;
type Send = ReturnType<typeof withScope>;
const manager = (): Send => withScope(w, 'system/*.cruds');
const programOf = (own: string): Send =>
  withScope(w, 'system/*.cruds', {
    ...{ role: 'provider', purpose_of_use: 'TREAT', organization: own },
    ...{ client_id: `ehr-${own}`, sub: `ehr-${own}` },
  });
const clinicCalled = async (name: string): Promise<string> => {
  const resource = organization({ name, identifier: [{ system: FACILITIES, value: name }] });
  return (await manager()('POST', '/Organization', { body: resource })).body.id;
};
beforeAll(async () => {
  w = await guarded();
  clinic = await clinicCalled('RIVER');
});
afterAll(() => w.end());

/** A parameter as its simple values by name. */
const valueOf = ({ name: _name, part, ...values }: ParametersParameter): unknown =>
  part === undefined
    ? Object.values(values)[0]
    : Object.fromEntries(part.map((each) => [each.name, valueOf(each)]));

interface Told {
  readonly validity: unknown;
  readonly rejected: unknown;
  readonly findings: readonly unknown[];
}

async function toldOf(id: string): Promise<Told> {
  const period = 'start=2026-11-01&end=2026-11-30';
  const reply = await manager()('GET', `/Organization/${id}/$data-quality?${period}`);
  const { parameter = [] } = reply.body as unknown as Parameters;
  const all = (name: string): unknown[] => parameter.filter((each) => each.name === name).map(valueOf);
  const findings = all('finding').map((each) => Object.values(each as object).join(' '));
  return { validity: all('validity')[0], rejected: all('rejected')[0], findings };
}

const CVX = 'http://hl7.org/fhir/sid/cvx';
const reported = (of: string, number: string, more: object = {}): object =>
  dose(of, {
    identifier: [
      { system: 'http://c.example.org', value: number, assigner: { reference: `Organization/${clinic}` } },
    ],
    ...more,
  });
const inBundle = (type: 'batch' | 'transaction', ...resources: readonly object[]) => ({
  ...{ resourceType: 'Bundle', type },
  entry: resources.map((resource) => ({ resource, request: { method: 'POST', url: 'Immunization' } })),
});

test('all that the registry’s rules find has a code of the table', () => {
  const codes = new Set(Object.values(DETECTIONS).map(({ code }) => code));
  for (const { detection } of Object.values(DETECTED)) expect(codes).toContain(detection);
});

test('what is taken counts with what was told of it, what is refused with why', async () => {
  const send = programOf(clinic);
  const answers: Reply[] = [];
  const sent = async (...asked: Parameters_): Promise<Reply> => {
    const reply = await send(...asked);
    answers.push(reply);
    return reply;
  };
  const { gender: _gender, ...genderless } = patient() as Record<string, unknown>;
  const { id } = (await sent('POST', '/Patient', { body: genderless })).body;
  const coding = [
    { system: CVX, code: '08' },
    { system: 'http://hl7.org/fhir/sid/ndc', code: '49281-0286-10' },
  ];
  const mixed = reported(id, 'D1', { vaccineCode: { coding } });
  const first = (await sent('POST', '/Immunization', { body: mixed })).body;
  await sent('POST', '', { body: inBundle('transaction', reported(id, 'D2')) });
  // From here on nothing is taken but the second entry, of which nothing is wrong.
  await sent('PUT', `/Immunization/${first.id}`, {
    body: { ...mixed, id: first.id, occurrenceDateTime: '2027-03-01' },
  });
  const undated = reported(id, 'D3', { occurrenceDateTime: undefined, occurrenceString: 'in spring' });
  const batch = await sent('POST', '', { body: inBundle('batch', undated, reported(id, 'D4')) });
  await sent('POST', '', {
    body: inBundle(
      'transaction',
      reported(id, 'D5'),
      reported(id, 'D6', { occurrenceDateTime: '2001-01-01' }),
    ),
  });
  await sent('POST', '/Patient', { body: { resourceType: 'Patient', gender: 'other' } });
  const observation = {
    ...{ resourceType: 'Observation', status: 'final', subject: { reference: `Patient/${id}` } },
    ...{ code: { text: 'x' }, valueString: 'x', dataAbsentReason: { text: 'x' } },
  };
  await sent('POST', '/Immunization', { body: reported(id, 'D7', { vaccineCode: undefined }) });
  // What cannot be read, and what is no report, does not count.
  await sent('POST', '/Immunization', { body: '{' });
  await sent('POST', '/Observation', { body: observation });
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 422, 200, 422, 422, 400, 400, 422]);
  expect(batch.body.entry?.map(({ response }) => response?.status)).toEqual(['422', '201']);
  expect(await toldOf(clinic)).toEqual({
    // Three doses and their person of nine.
    validity: { messages: 0, records: 9, share: 0.4444 },
    rejected: { count: 5, 'median-days': 0, 'oldest-days': 0 },
    findings: [
      'DQA0118 E 1',
      'DQA0146 I 1',
      'DQA0255 E 1',
      'DQA0261 E 1',
      'DQA0600 W 1',
      'IIS0005 E 1',
      'IIS0006 E 1',
      'IIS0010 E 1',
    ],
  });
  const kept = await w.services.connection.collection('refusals').find({}).toArray();
  expect(kept.map((each) => Object.keys(each).sort())).toEqual(
    kept.map(() => ['_id', 'at', 'findings', 'organization']),
  );
});
type Parameters_ = globalThis.Parameters<Send>;

test('what came in a message counts with the message alone', async () => {
  const hill = await clinicCalled('HILL');
  const pid = pidOf('Q1', 'Qualities').replaceAll('RIVER', 'HILL');
  const mixed = change(order(GIVEN, 'Q1'), 'RXA', 5, '08^Hep B^CVX^49281-0286-10^Daptacel^NDC');
  const body = vxu(
    mixed.map((line) => line.replaceAll('RIVER-1', 'HILL').replaceAll('RIVER', 'HILL')),
    { msh: field(MSH, 10, 'Q1').replaceAll('RIVER', 'HILL'), pid },
  );
  const headers = { 'content-type': 'x-application/hl7-v2+er7' };
  const reply = await programOf(hill)('POST', `${new URL(w.url).origin}/hl7v2`, { body, headers });
  expect(reply.text).toContain('MSA|AE|Q1');
  const { findings, ...rest } = await toldOf(hill);
  expect(rest).toEqual({ validity: { messages: 1, records: 0, share: 1 }, rejected: { count: 0 } });
  // Beside what is counted and not told.
  expect(findings.filter((each) => !String(each).includes(' N '))).toEqual(['DQA0600 W 1']);
});

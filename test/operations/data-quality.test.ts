/** What the registry tells of the data of a sender; the figures are worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Parameters, ParametersParameter, Organization } from '@medplum/fhirtypes';
import { guarded, withScope } from '../auth/bearer.ts';
import { change, field, found, HISTORICAL, MSH, order, person, PID, send, vxu } from '../hl7v2/messages.ts';
import type { Reply } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

type Part = Readonly<Record<string, unknown>>;

/** A parameter as its simple values by name, parts within parts. */
const valueOf = ({ name: _name, part, ...values }: ParametersParameter): unknown =>
  part === undefined
    ? Object.values(values)[0]
    : Object.fromEntries(part.map((each) => [each.name, valueOf(each)]));

const all = (answer: Parameters, name: string): unknown[] =>
  (answer.parameter ?? []).filter((each) => each.name === name).map(valueOf);
/** Findings that answers told, not those that are only counted. */
const toldIn = (report: Parameters): unknown[] =>
  all(report, 'finding').filter((each) => (each as { readonly severity: string }).severity !== 'N');
const reportOf = (reply: Reply): Parameters => reply.body as unknown as Parameters;
const NOVEMBER = '$data-quality?start=2026-11-01&end=2026-11-30';

describe('of what a clinic reported over FHIR', () => {
  let w: World;
  let clinic: string;
  let other: string;
  const manager = (): ReturnType<typeof withScope> => withScope(w, 'system/*.cruds');
  const create = async (resource: object): Promise<string> => {
    const { resourceType } = resource as { readonly resourceType: string };
    const reply = await manager()('POST', `/${resourceType}`, { body: resource });
    expect([reply.status, reply.body.issue]).toEqual([201, undefined]);
    return reply.body.id;
  };
  const reported = (cvx: string, day: string, more: object = {}): object =>
    dose(person, {
      identifier: [
        {
          system: 'http://clinic.example.org/dose',
          value: cvx,
          assigner: { reference: `Organization/${clinic}` },
        },
      ],
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }] },
      occurrenceDateTime: day,
      primarySource: true,
      ...more,
    });
  let person: string;

  beforeAll(async () => {
    w = await guarded({ at: '2026-10-20T18:00:00.000Z' });
    clinic = await create(organization());
    other = await create(organization({ name: 'Hill Clinic' }));
    person = await create(patient());
    const earlier = reported('08', '2026-10-19');
    const id = await create(earlier);
    w.clock.set('2026-11-22T18:00:00.000Z');
    // A correction does not make it a dose of November.
    await manager()('PUT', `/Immunization/${id}`, { body: { ...earlier, id, lotNumber: 'LATE' } });
    await create(reported('20', '2026-11-22', { lotNumber: 'A1' }));
    await create(reported('10', '2026-11-20', { lotNumber: 'A2' }));
    await create(reported('03', '2026-11-12'));
    await create(reported('21', '2026-11-02'));
    const number = [{ system: 'http://clinic.example.org/dose', value: 'again' }];
    const again = { assigner: { reference: `Organization/${clinic}` } };
    const identifier = number.map((each) => ({ ...each, ...again }));
    await create(reported('21', '2026-11-02', { primarySource: false, identifier }));
  });
  afterAll(() => w.end());

  test('it tells volume, timeliness and completeness, and names nobody', async () => {
    const reply = await manager()('GET', `/Organization/${clinic}/${NOVEMBER}`);
    const report = reportOf(reply);
    expect([all(report, 'doses'), all(report, 'doses-before')]).toEqual([[5], [1]]);
    // 0, 2, 10 and 20 days.
    const [timeliness] = all(report, 'timeliness') as Part[];
    expect(timeliness).toMatchObject({ doses: 4, 'median-days': 6 });
    const shares = report.parameter
      ?.find(({ name }) => name === 'timeliness')
      ?.part?.filter(({ name }) => name === 'within')
      .map(valueOf);
    expect(shares).toEqual([
      { days: 1, share: 0.25 },
      { days: 3, share: 0.5 },
      { days: 7, share: 0.5 },
      { days: 14, share: 0.75 },
      { days: 30, share: 1 },
      { rule: 'online', days: 3, share: 0.5 },
      { rule: 'exchange', days: 7, share: 0.5 },
    ]);
    const complete = all(report, 'completeness');
    expect(complete).toContainEqual({ field: 'Immunization.vaccineCode', rule: 'required', share: 1 });
    expect(complete).toContainEqual({ field: 'Immunization.lotNumber', rule: 'if-available', share: 0.4 });
    expect(complete).toContainEqual({ field: 'Patient.birthDate', rule: 'required', share: 1 });
    expect(complete).toContainEqual({ field: 'Patient.address', rule: 'if-available', share: 0 });
    expect(all(report, 'duplicates')).toEqual([{ count: 1, share: 0.2 }]);
    expect([all(report, 'rejected'), all(report, 'pending')]).toEqual([[{ count: 0 }], [{ count: 0 }]]);
    // Five doses and the person of them.
    expect(all(report, 'validity')).toEqual([{ messages: 0, records: 6, share: 1 }]);
    expect(all(report, 'finding')).toEqual([]);
    expect(reply.text).not.toContain(person);
  });

  test.each([
    ['organization-administrator', 'HOPERAT'],
    ['provider', 'HOPERAT'],
  ])('%s is told of its own organisation alone', async (role, purpose) => {
    const at = (id: string): ReturnType<typeof withScope> =>
      withScope(w, 'user/*.cruds', {
        ...{ role, purpose_of_use: purpose, organization: id, sub: `${role}-${id}`, fhirUser: 'x' },
      });
    const own = await at(clinic)('GET', `/Organization/${clinic}/${NOVEMBER}`);
    expect([own.status, all(reportOf(own), 'doses')]).toEqual([200, [5]]);
    expect((await at(other)('GET', `/Organization/${clinic}/${NOVEMBER}`)).status).toBe(403);
  });

  test('a school is told nothing', async () => {
    const claims = {
      role: 'school',
      purpose_of_use: 'SCHOOL',
      organization: clinic,
      sub: 's',
      fhirUser: 'x',
    };
    const send = withScope(w, 'user/*.rs', claims);
    expect((await send('GET', `/Organization/${clinic}/${NOVEMBER}`)).status).toBe(403);
  });

  test.each([
    ['start=2026-11-01', 422],
    ['start=2026-02-30&end=2026-03-01', 400],
    ['start=2026-11-02&end=2026-11-01', 400],
    ['start=2025-01-01&end=2026-01-02', 422],
    ['start=2025-01-01&end=2026-01-01', 200],
  ])('the period %s is answered with %i', async (query, status) => {
    const reply = await manager()('GET', `/Organization/${clinic}/$data-quality?${query}`);
    expect(reply.status).toBe(status);
  });
});

describe('of what a facility sent over HL7 v2', () => {
  let w: World;
  beforeAll(async () => {
    w = await world();
  });
  afterAll(() => w.end());

  test('a message counts once, with however many things it is kept', async () => {
    const [good, bad] = [order(HISTORICAL, 'HALF-1'), change(order(HISTORICAL, 'HALF-2'), 'RXA', 5, '')];
    const msh = MSH.replaceAll('RIVER', 'LAKE');
    await send(w, vxu([...good, ...bad], { msh, pid: person('HALF', 'Halfway') }));
    await send(w, vxu(order(HISTORICAL, 'WHOLE-1'), { msh, pid: person('HALF', 'Halfway') }));
    const [facility] = await found<Organization>(w, '/Organization?identifier=LAKE');
    const report = (await w.fhir.get(`/Organization/${facility?.id ?? ''}/${NOVEMBER}`)).body as Parameters;
    expect(all(report, 'validity')).toEqual([{ messages: 2, records: 0, share: 0.5 }]);
    expect(toldIn(report)).toEqual([{ code: 'DQA0244', severity: 'E', count: 1 }]);
  });

  test('it counts findings by code, and what was rejected with its age', async () => {
    await send(w, vxu(HISTORICAL, { pid: field(PID, 7, '') }));
    w.clock.set('2026-11-25T18:00:00.000Z');
    const [facility] = await found<Organization>(w, '/Organization?identifier=RIVER');
    const reply = await w.fhir.get(`/Organization/${facility?.id ?? ''}/${NOVEMBER}`);
    const report = reply.body as Parameters;
    expect(toldIn(report)).toEqual([
      { code: 'DQA0049', severity: 'E', count: 1 },
      { code: 'DQA0118', severity: 'E', count: 1 },
    ]);
    expect(all(report, 'rejected')).toEqual([{ count: 1, 'median-days': 3, 'oldest-days': 3 }]);
    expect(all(report, 'doses')).toEqual([0]);
    expect(all(report, 'validity')).toEqual([{ messages: 1, records: 0, share: 0 }]);
    expect(all(report, 'uncorrected')).toEqual([{ count: 1, 'median-days': 3, 'oldest-days': 3 }]);
  });
});

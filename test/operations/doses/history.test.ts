/** The consolidated history: each dose once, its sources behind it, what is unsure marked, and every decision taken back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { guarded, withScope } from '../../auth/bearer.ts';
import { call, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let clinic: Seen;
let hospital: Seen;
let child: Seen;
beforeAll(async () => {
  w = await world();
  clinic = await made(w, organization({ name: 'Clinic' }));
  hospital = await made(w, organization({ name: 'Hospital' }));
});
afterAll(() => w.end());
beforeEach(async () => {
  child = await made(w, patient({ birthDate: '2026-01-10' }));
});

const cvx = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] });
const by = (org: Seen) => [{ actor: { reference: `Organization/${org.id}` } }];
const number = (org: Seen, value: string) => [
  {
    system: `urn:doses:${org.id}`,
    value,
    assigner: { reference: `Organization/${org.id}` },
  },
];
/** The birth dose, as the hospital that gave it reports it. */
const birthDose = (more: object = {}): object =>
  dose(child.id, {
    vaccineCode: cvx('08'),
    occurrenceDateTime: '2026-01-10',
    primarySource: true,
    lotNumber: '3CK59',
    performer: by(hospital),
    identifier: number(hospital, '1'),
    ...more,
  });
/** The same as the clinic enters it from the mother's card. */
const fromCard = (more: object = {}): object =>
  dose(child.id, {
    vaccineCode: cvx('45'),
    occurrenceDateTime: '2026-01-11',
    primarySource: false,
    reportOrigin: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/immunization-origin', code: 'recall' }],
    },
    identifier: number(clinic, '1'),
    ...more,
  });

const history = async (): Promise<Seen> =>
  (await call(w, 'GET', `/Patient/${child.id}/$immunization-history`)).body;
const doses = ({ entry = [] }: Seen): Seen[] =>
  entry.flatMap(({ resource, search }) => (search?.mode === 'match' && resource ? [resource] : []));
const behind = ({ entry = [] }: Seen, type: string): Seen[] =>
  entry.flatMap(({ resource, search }) =>
    search?.mode === 'include' && resource?.resourceType === type ? [resource] : [],
  );
const settle = (outcome: string, ...ids: readonly string[]) =>
  call(w, 'POST', `/Patient/${child.id}/$settle-doses`, {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'outcome', valueCode: outcome },
        ...ids.map((id) => ({
          name: 'immunization',
          valueReference: { reference: `Immunization/${id}` },
        })),
      ],
    },
  });

describe('a birth dose from the hospital and again from the clinic', () => {
  test('is one dose, by the report of who gave it, with the other behind it', async () => {
    const given = await made(w, birthDose());
    const entered = await made(w, fromCard());
    const seen = await history();
    expect(doses(seen).map(({ id }) => id)).toEqual([given.id]);
    expect(behind(seen, 'Immunization')).toEqual([entered]);
    expect(behind(seen, 'Linkage')).toMatchObject([
      {
        item: [
          { type: 'source', resource: { reference: `Immunization/${given.id}` } },
          { type: 'alternate', resource: { reference: `Immunization/${entered.id}` } },
        ],
      },
    ]);
    const both = await call(w, 'GET', `/Immunization?patient=${child.id}&_summary=count`);
    expect(both.body.total).toBe(2);
  });

  test('counts once in the forecast, which follows what is decided', async () => {
    const given = await made(w, birthDose());
    const entered = await made(w, fromCard());
    const evaluated = async (): Promise<number | undefined> =>
      (await call(w, 'GET', `/ImmunizationEvaluation?patient=${child.id}&_summary=count`)).body.total;
    const once = await evaluated();
    await settle('different', given.id, entered.id);
    expect(await evaluated()).toBeGreaterThan(once ?? 0);
    await settle('undecided', given.id, entered.id);
    expect(await evaluated()).toBe(once);
  });
});

test('what the best report lacks comes from the others, in the derived history only', async () => {
  const given = await made(w, birthDose({ lotNumber: undefined, vaccineCode: cvx('45') }));
  await made(w, fromCard({ occurrenceDateTime: '2026-01-10', lotNumber: '3CK59', vaccineCode: cvx('08') }));
  const [one] = doses(await history());
  expect(one).toMatchObject({ id: given.id, lotNumber: '3CK59', vaccineCode: cvx('08') });
  expect((await call(w, 'GET', `/Immunization/${given.id}`)).body['lotNumber']).toBeUndefined();
});

test('two true doses close together stay two', async () => {
  await made(w, birthDose());
  await made(
    w,
    birthDose({ occurrenceDateTime: '2026-01-17', lotNumber: '9XX01', identifier: number(hospital, '2') }),
  );
  expect(doses(await history())).toHaveLength(2);
});

test('a pair that is not sure is shown as two and marked for a person, who decides and may take it back', async () => {
  const one = await made(w, birthDose({ lotNumber: undefined, performer: undefined, primarySource: true }));
  const other = await made(w, fromCard({ occurrenceDateTime: '2026-01-24', vaccineCode: cvx('08') }));
  const unsure = await history();
  expect(doses(unsure)).toHaveLength(2);
  const [issue] = behind(unsure, 'DetectedIssue');
  expect((issue?.['implicated'] as { reference: string }[]).map(({ reference }) => reference).sort()).toEqual(
    [`Immunization/${one.id}`, `Immunization/${other.id}`].sort(),
  );
  const same = await settle('same', one.id, other.id);
  expect([same.status, doses(same.body).length, behind(same.body, 'DetectedIssue')]).toEqual([200, 1, []]);
  expect((await settle('different', one.id, other.id)).status).toBe(200);
  expect(behind(await history(), 'DetectedIssue')).toEqual([]);
  await settle('undecided', one.id, other.id);
  expect(behind(await history(), 'DetectedIssue')).toHaveLength(1);
});

test('no word makes one dose of two that cannot be one', async () => {
  const one = await made(w, birthDose());
  const later = await made(w, fromCard({ occurrenceDateTime: '2026-06-24' }));
  expect((await settle('same', one.id, later.id)).status).toBe(422);
  const near = await made(w, fromCard({ occurrenceDateTime: '2026-01-24', identifier: undefined }));
  expect(doses((await settle('same', one.id, near.id)).body)).toHaveLength(2);
  await call(w, 'PUT', `/Immunization/${near.id}`, { body: { ...near, occurrenceDateTime: '2026-09-24' } });
  expect(doses(await history())).toHaveLength(3);
});

test('a refused dose and one entered in error are no doses', async () => {
  await made(w, birthDose({ status: 'not-done', primarySource: true, lotNumber: undefined }));
  await made(w, birthDose({ status: 'entered-in-error' }));
  expect(await history()).toMatchObject({ total: 0 });
});

test('a caller is shown doses by the reports that it may see', async () => {
  const given = await made(w, birthDose());
  await made(w, fromCard());
  const other = await guarded({ beside: w });
  const path = `/Patient/${child.id}/$immunization-history`;
  const some = withScope(
    other,
    'system/Patient.rs system/Immunization.rs?vaccine-code=http://hl7.org/fhir/sid/cvx|45',
  );
  const { body } = await some('GET', path);
  expect(doses(body).map(({ id }) => id === given.id)).toEqual([false]);
  expect((await withScope(other, 'system/Patient.rs')('GET', path)).status).toBe(403);
  await other.end();
});

test.each([
  ['without an outcome', () => settle('maybe', 'a', 'b'), 422],
  ['of one report', () => settle('same', 'a'), 422],
  ['of reports that are not there', () => settle('same', 'a', 'b'), 404],
])('a decision %s is refused', async (_what, attempt, status) => {
  expect((await attempt()).status).toBe(status);
});

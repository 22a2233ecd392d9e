/** Who may do what to a task of the registry: every role for every purpose of it, of the organization that the task is of and of another. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type Role, type RoleName } from '../../src/policy/roles.ts';
import { guarded, withScope } from '../auth/bearer.ts';
import { maya, unclear } from '../interactions/placing/people.ts';
import { organization } from '../world/resources.ts';
import type { World } from '../world/world.ts';

type Send = ReturnType<typeof withScope>;
type Place = 'own' | 'other';
/** Statuses of $original, $resend, $review, $settle and $answer-amendment. */
type Row = readonly [original: number, resend: number, review: number, settle: number, answer: number];

const NEVER: Row = [403, 403, 403, 403, 403];
/** Of an organization that the task is not of: there is none. */
const NONE: Row = [404, 404, 403, 403, 404];
/** The same, and wishes are not its to answer, whosever they are. */
const NONE_NOR_WISHES: Row = [404, 404, 403, 403, 403];
/** It sent what waits: it reads it, and may send it again only once it is rejected (422). */
const SENDER: Row = [200, 422, 403, 403, 403];
/** What is answered already is not answered again (409): the wish was its to answer. */
const STAFF: Row = [200, 403, 200, 422, 409];
const KEEPS_NO_WORK = { own: NEVER, other: NEVER };

const EXPECTED: Readonly<Record<RoleName, Readonly<Record<string, Readonly<Partial<Record<Place, Row>>>>>>> =
  {
    provider: {
      TREAT: { own: [200, 422, 403, 403, 409], other: NONE },
      ETREAT: KEEPS_NO_WORK,
      HOPERAT: { own: SENDER, other: NONE },
    },
    'provider-read-only': { TREAT: KEEPS_NO_WORK, ETREAT: KEEPS_NO_WORK },
    school: { SCHOOL: { other: NEVER } },
    'child-care': { SCHOOL: { other: NEVER } },
    'organization-administrator': { HOPERAT: { own: SENDER, other: NONE } },
    'health-plan': { HPAYMT: { other: NONE }, COVERAGE: { other: NONE } },
    'exchange-partner': { IISEXCH: { other: NONE } },
    'registry-staff': { REGOPER: { other: STAFF }, PUBHLTH: { other: STAFF } },
    'registry-manager': {
      REGOPER: { other: STAFF },
      PUBHLTH: { other: STAFF },
      // It sees what there is to do; what is told of people is not for running an organization.
      HOPERAT: { other: [403, 403, 403, 422, 409] },
    },
    'vital-records': { VITALREC: { other: NONE_NOR_WISHES } },
    auditor: { HOPERAT: { other: NEVER } },
    'privacy-officer': { REGOPER: { other: NONE_NOR_WISHES }, HOPERAT: { other: NONE_NOR_WISHES } },
    researcher: { HRESCH: { other: NEVER } },
    patient: { PATRQT: { other: NEVER } },
    guardian: { FAMRQT: { other: NEVER } },
  };
const ROWS = Object.entries(EXPECTED).flatMap(([role, purposes]) =>
  Object.entries(purposes).flatMap(([purpose, places]) =>
    Object.entries(places).map(([place, row]) => [role, purpose, place as Place, row] as const),
  ),
);

let w: World;
let [clinic, waiting, wish] = ['', '', ''];
const staff = (): Send => withScope(w, 'system/*.cruds');
const as = (role: string, purpose: string, own: string): Send =>
  withScope(w, 'user/*.cruds', {
    ...{ role, purpose_of_use: purpose, organization: own, sub: `${role}-${own}`, fhirUser: 'x' },
  });
const given = (name: string, value: object): object => ({
  resourceType: 'Parameters',
  parameter: [{ name, ...value }],
});
const ACCEPTED = given('outcome', { valueString: 'accept' });
const MESSAGE = given('message', { valueBase64Binary: Buffer.from('MSH|').toString('base64') });

beforeAll(async () => {
  w = await guarded();
  clinic = (await staff()('POST', '/Organization', { body: organization() })).body.id;
  const known = (await staff()('POST', '/Patient', { body: maya() })).body.id;
  const answer = await as('provider', 'TREAT', clinic)('POST', '/Patient', { body: unclear() });
  waiting = answer.headers.get('location')?.split('/Task/')[1] ?? '';
  const body = {
    ...{ resourceType: 'Task', status: 'requested', intent: 'order' },
    code: { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/registry-task', code: 'amendment' }] },
    for: { reference: `Patient/${known}` },
    owner: { reference: `Organization/${clinic}` },
  };
  wish = (await staff()('POST', '/Task', { body })).body.id;
  await staff()('POST', `/Task/${wish}/$answer-amendment`, { body: ACCEPTED });
});
afterAll(() => w.end());

/** Each operation on tasks that may be there or not. */
async function statusesOf(send: Send, of: { waiting: string; wish: string }): Promise<readonly number[]> {
  const replies = [
    await send('GET', `/Task/${of.waiting}/$original`),
    await send('POST', `/Task/${of.waiting}/$resend`, { body: MESSAGE }),
    await send('GET', `/Task/${of.waiting}/$review`),
    await send('POST', `/Task/${of.waiting}/$settle`, {
      body: given('outcome', { valueCode: 'same-person' }),
    }),
    await send('POST', `/Task/${of.wish}/$answer-amendment`, { body: ACCEPTED }),
  ];
  return replies.map(({ status }) => status);
}

test('every role and purpose of it is in the table', () => {
  const all = Object.entries<Role>(ROLES).map(([role, { purposes }]) => [role, [...purposes].sort()]);
  expect(Object.entries(EXPECTED).map(([role, purposes]) => [role, Object.keys(purposes).sort()])).toEqual(
    all,
  );
});

describe('operations on a record that waits and on a wish', () => {
  test.each(ROWS)('%s for %s, of the %s organization', async (role, purpose, place, row) => {
    const send = as(role, purpose, place === 'own' ? clinic : `place-of-${role}`);
    expect(await statusesOf(send, { waiting, wish })).toEqual(row);
    if (row[0] !== 404) return;
    // What is not to be known is answered like what never was.
    const never = await send('GET', '/Task/none/$original');
    const hidden = await send('GET', `/Task/${waiting}/$original`);
    expect([hidden.status, hidden.body.issue]).toEqual([never.status, never.body.issue]);
  });
});

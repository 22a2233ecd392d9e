/** Whom a directive means: purposes with what is below them, organizations with their sites. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../src/core/context.ts';
import { PARTICIPANTS } from '../../src/storage/participants.ts';
import { reads } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import { asked, consent, create, enrolled, given, provider } from './people.ts';

let w: World;
let [clinic, site, other] = ['', '', ''];

beforeAll(async () => {
  w = await world();
  clinic = await create(w, organization());
  site = await create(w, organization());
  other = await create(w, organization());
  for (const each of [clinic, site, other]) await enrolled(w, provider(each));
  await w.services.connection
    .collection<{ _id: string }>(PARTICIPANTS)
    .updateOne({ _id: `organization:${site}` }, { $set: { organization: clinic } });
});
afterAll(() => w.end());

const reader = async (person: string, actor: Actor): Promise<boolean> =>
  (await asked(w, { ...reads('Patient', person), actor })).status === 200;

describe('a limited opt-out', () => {
  test('leaves what an organization administered to its sites, and what a site did to that site alone', async () => {
    const [atClinic, atSite] = [await create(w, patient()), await create(w, patient())];
    await create(w, given(atClinic, clinic));
    await create(w, given(atSite, site));
    for (const person of [atClinic, atSite]) await create(w, consent(person, 'limited-opt-out'));
    const seen = (person: string): Promise<boolean[]> =>
      Promise.all([clinic, site, other].map((each) => reader(person, provider(each))));
    expect(await seen(atClinic)).toEqual([true, true, false]);
    expect(await seen(atSite)).toEqual([false, true, false]);
  });

  test('means the organization that the registry knows, where the token names none', async () => {
    const person = await create(w, patient());
    await create(w, given(person, clinic));
    await create(w, consent(person, 'limited-opt-out'));
    const { organization: _named, ...unnamed } = provider(clinic);
    expect(await reader(person, unnamed)).toBe(true);
  });
});

describe('a denial for a purpose', () => {
  const denial = (person: string, code: string): object =>
    consent(person, 'limits', {
      provision: {
        type: 'permit',
        provision: [
          { type: 'deny', purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code }] },
        ],
      },
    });

  test.each([
    ['TREAT', [false, false]],
    ['ETREAT', [true, false]],
    ['HPAYMT', [true, true]],
    ['PurposeOfUse', [false, false]],
  ])('%s closes the record for it and for what is below it', async (code, expected) => {
    const person = await create(w, patient());
    await create(w, denial(person, code));
    const of = (purpose: string): Actor => ({ ...provider(other), user: 'ana', purpose });
    expect([await reader(person, of('TREAT')), await reader(person, of('ETREAT'))]).toEqual(expected);
  });
});

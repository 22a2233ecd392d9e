/** Who may file, withdraw and read a directive, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../src/core/context.ts';
import { ask, creates, reads, searches, updates } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import {
  asked,
  consent,
  create,
  given,
  guardian,
  idsOf,
  provider,
  publicHealth,
  school,
  self,
  withdrawal,
} from './people.ts';

let w: World;
let [a, b, person] = ['', '', ''];

beforeAll(async () => {
  w = await world({ jurisdiction: 'virginia' });
  a = await create(w, organization({ name: 'Clinic A' }));
  b = await create(w, organization({ name: 'Clinic B' }));
  person = await create(w, patient());
  await create(w, given(person, a));
});
afterAll(() => w.end());

const files = async (actor: Actor, code: string, more: object = {}): Promise<string> => {
  const answer = await asked(w, creates(consent(person, code, more), { actor }));
  return answer.fault?.split(':')[0] ?? String(answer.status);
};

describe('a directive is filed', () => {
  test.each([
    ['the person', () => self(person), 'limited-opt-out', '201'],
    ['a guardian', () => guardian(person), 'complete-opt-out', '201'],
    ['the department', () => publicHealth, 'complete-opt-out', '201'],
    ['a provider for its own patient', () => provider(a), 'limited-opt-out', '201'],
    ['a provider for somebody else’s', () => provider(b), 'limited-opt-out', 'forbidden'],
    ['a provider, where the department must be told', () => provider(a), 'complete-opt-out', 'forbidden'],
    ['a school', () => school(a), 'limited-opt-out', 'forbidden'],
    ['somebody for another person', () => self('other'), 'limited-opt-out', 'forbidden'],
  ])('by %s', async (_, by, code, outcome) => {
    expect(await files(by(), code, { status: 'active' })).toBe(outcome);
    // What was filed is taken back, so that the next one stands alone.
    const all = idsOf(
      await asked(w, {
        ...searches('Consent', ['patient', person], ['status', 'active']),
        actor: publicHealth,
      }),
    );
    for (const id of all) {
      const { body = '' } = await w.rooms.handle({ ...reads('Consent', id), actor: publicHealth });
      const said = JSON.parse(body) as { category: [{ coding: [{ code: string }] }] };
      if (said.category[0].coding[0].code !== 'withdrawal')
        await create(w, withdrawal(person, id), publicHealth);
    }
  });

  test('with one directive of the jurisdiction in its category', async () => {
    expect(await files(publicHealth, 'sharing-objection')).toBe('code-invalid');
    expect(await files(publicHealth, 'limited-opt-out', { category: [{ text: 'no' }] })).toBe(
      'business-rule',
    );
  });
});

describe('a directive on file', () => {
  const own = async (): Promise<{ id: string; child: string }> => {
    const child = await create(w, patient());
    await create(w, given(child, a));
    const id = await create(
      w,
      consent(child, 'limited-opt-out', { organization: [{ reference: `Organization/${a}` }] }),
      self(child),
    );
    return { id, child };
  };

  test('is read by the person, the department and who took it down, and by nobody else', async () => {
    const { id, child } = await own();
    const sees = async (actor: Actor): Promise<boolean> =>
      (await asked(w, { ...reads('Consent', id), actor })).status === 200;
    expect(await Promise.all([self(child), publicHealth, provider(a), provider(b)].map(sees))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(idsOf(await asked(w, { ...searches('Consent', ['patient', child]), actor: provider(b) }))).toEqual(
      [],
    );
  });

  test('is ended by the person and the department, by whatever interaction, and not by a provider', async () => {
    const { id, child } = await own();
    const inactive = consent(child, 'limited-opt-out', {
      id,
      status: 'inactive',
      organization: [{ reference: `Organization/${a}` }],
    });
    expect((await asked(w, updates(inactive, { actor: provider(a) }))).fault).toMatch(/^forbidden/);
    expect((await asked(w, creates(withdrawal(child, id), { actor: provider(a) }))).fault).toMatch(
      /^forbidden/,
    );
    expect(
      (await asked(w, ask({ interaction: 'delete', type: 'Consent', id, actor: provider(a) }))).fault,
    ).toMatch(/^forbidden/);
    await create(w, withdrawal(child, id), self(child));
    const { body = '' } = await w.rooms.handle({ ...reads('Consent', id), actor: publicHealth });
    expect(JSON.parse(body)).toMatchObject({ status: 'inactive', meta: { versionId: '2' } });
    expect((await asked(w, creates(withdrawal(child, id), { actor: self(child) }))).fault).toMatch(
      /names no active directive/,
    );
  });

  test('that closes the record to the person as well can still be taken back by it', async () => {
    const child = await create(w, patient());
    const id = await create(w, consent(child, 'complete-opt-out'), self(child));
    expect((await asked(w, { ...reads('Patient', child), actor: self(child) })).fault).toMatch(/^not-found/);
    await create(w, withdrawal(child, id), self(child));
    expect((await asked(w, { ...reads('Patient', child), actor: self(child) })).status).toBe(200);
  });
});

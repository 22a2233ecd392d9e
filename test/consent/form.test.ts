/** A form from the desk: the paper, the directive that refers to it, and who sees the two. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { transactionOf } from '../../src/consent/form.ts';
import type { Actor } from '../../src/core/context.ts';
import { ask, reads } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import { asked, create, given, provider, publicHealth, self } from './people.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

test('a form is filed with its paper, which only those see who see the directive, and is taken back', async () => {
  const [a, b] = [await create(w, organization()), await create(w, organization())];
  const person = await create(w, patient());
  const dose = await create(w, given(person, a));
  const common = {
    patient: person,
    date: '2026-11-20',
    organization: a,
    policy: 'https://fhir-iis.org/policy',
  };
  const files = async (form: Parameters<typeof transactionOf>[0]): Promise<string[]> => {
    const body = { kind: 'resource', resource: transactionOf(form) } as const;
    const { body: text = '' } = await w.rooms.handle(
      ask({ interaction: 'transaction', body, actor: publicHealth }),
    );
    return ((JSON.parse(text) as Bundle).entry ?? []).map(
      ({ response }) => response?.location?.split('/').at(-3) ?? '',
    );
  };
  const paper = {
    contentType: 'text/plain',
    data: Buffer.from('I object.').toString('base64'),
    title: 'form.txt',
  };
  const [form = '', directive = ''] = await files({
    ...common,
    says: { directive: 'sharing-objection' },
    start: '2026-11-22',
    paper,
  });
  const sees = async (type: string, id: string, actor: Actor): Promise<boolean> =>
    (await asked(w, { ...reads(type, id), actor })).status === 200;
  for (const [type, id] of [
    ['DocumentReference', form],
    ['Consent', directive],
  ] as const) {
    expect(
      await Promise.all(
        [publicHealth, self(person), provider(a), provider(b)].map((actor) => sees(type, id, actor)),
      ),
    ).toEqual([true, true, true, false]);
  }
  expect(await sees('Immunization', dose, provider(b))).toBe(false);
  await files({ ...common, says: { ends: directive } });
  expect(await sees('Immunization', dose, provider(b))).toBe(true);
});

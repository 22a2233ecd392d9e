/** Patient/[id]/$explain-access tells privacy staff who could see what, and by which directive and law. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor, Ask } from '../../src/core/context.ts';
import { asked, consent, create, enrolled, given, provider, self } from '../consent/people.ts';
import { ask } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
let [a, person, directive] = ['', '', ''];

beforeAll(async () => {
  w = await world({ jurisdiction: 'virginia' });
  a = await create(w, organization());
  person = await create(w, patient());
  await create(w, given(person, a));
  await create(w, given(person, a, { primarySource: false, occurrenceDateTime: '2023-01-01' }));
  directive = await create(w, consent(person, 'limited-opt-out'), self(person));
});
afterAll(() => w.end());

const officer: Actor = { client: 'desk', user: 'officer', role: 'privacy-officer', purpose: 'HOPERAT' };
const explains = (actor: Actor, id: string, date?: string): Ask =>
  ask({
    interaction: 'operation',
    operation: 'explain-access',
    type: 'Patient',
    id,
    actor,
    query: date === undefined ? [] : [['date', date]],
  });

interface Part {
  readonly name: string;
  readonly part?: readonly Part[];
  readonly [value: string]: unknown;
}

async function told(date?: string): Promise<Record<string, unknown>[]> {
  await enrolled(w, officer);
  const { body = '' } = await w.rooms.handle(explains(officer, person, date));
  const { parameter } = JSON.parse(body) as { parameter: Part[] };
  return parameter
    .filter(({ name }) => name === 'viewer')
    .map(({ part = [] }) => ({
      who: part[0]?.['valueCode'],
      organization: part.find(({ name }) => name === 'organization')?.['valueReference'],
      person: part.find(({ name }) => name === 'sees-person')?.['valueBoolean'],
      doses: part.find(({ name }) => name === 'sees-doses')?.['valueUnsignedInt'],
      because: part
        .filter(({ name }) => name === 'because')
        .map((each) => each.part?.map(({ name, ...value }) => Object.values(value)[0])),
    }));
}

describe('$explain-access', () => {
  test('tells what each kind of recipient sees, and which directive and law closes the rest', async () => {
    const all = await told();
    const clinicians = all.find(({ who, organization: of }) => who === 'provider' && of === undefined);
    expect(clinicians).toMatchObject({ person: false, doses: 0 });
    expect(JSON.stringify(clinicians?.['because'])).toContain(`Consent/${directive}`);
    expect(JSON.stringify(clinicians?.['because'])).toContain('12VAC5-115-40');
    expect(all.find(({ organization: of }) => of !== undefined)).toMatchObject({
      who: 'provider',
      organization: { reference: `Organization/${a}` },
      person: true,
      doses: 1,
    });
    expect(all.find(({ who }) => who === 'public-health')).toMatchObject({
      person: true,
      doses: 2,
      because: [],
    });
    expect(all.find(({ who }) => who === 'researcher')).toMatchObject({ person: false, doses: 0 });
  });

  test('tells it of another day', async () => {
    const guardian = (await told('2040-01-01')).find(({ who }) => who === 'guardian');
    expect(guardian).toMatchObject({ person: false });
    expect(JSON.stringify(guardian?.['because'])).toContain('eighteenth birthday');
  });

  test('is for privacy staff, and refuses others alike whether there is such a patient or not', async () => {
    const [there, never] = [
      await asked(w, explains(provider(a), person)),
      await asked(w, explains(provider(a), 'never')),
    ];
    expect(there.fault).toMatch(/^forbidden/);
    expect(never).toEqual(there);
    expect((await asked(w, explains(officer, 'never'))).fault).toMatch(/^not-found/);
  });
});

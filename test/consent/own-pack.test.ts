/** A pack that somebody else wrote, as data: opting in, erasing, and an age at which the rules change. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asked, consent, create, given, idsOf, provider, publicHealth, self, withdrawal } from './people.ts';
import { creates, reads, searches } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

interface Written {
  nothingOnFile: Record<'child' | 'adult', { closedTo: string[]; stores: boolean }>;
  withdrawal: { ofOpening: string };
  ages: { adultRules: { years: number } };
  directives: object[];
  emergency: { opens: string[] };
}

/** Children are included by law until nineteen; adults opt in, and what they take back is erased. */
function optIn(): string {
  const source = join(import.meta.dirname, '..', '..', 'src', 'jurisdictions', 'packs', 'sandbox.json');
  const pack = JSON.parse(readFileSync(source, 'utf8')) as Written;
  pack.ages.adultRules.years = 19;
  Object.assign(pack.nothingOnFile.adult, {
    closedTo: ['provider', 'school', 'other-registry', 'health-plan'],
    stores: false,
  });
  pack.withdrawal.ofOpening = 'erase';
  pack.directives.push({
    code: 'opt-in',
    title: 'Opting in',
    effect: 'opens',
    text: 'An adult takes part by saying so.',
    policy: 'https://example.org/opt-in',
    for: ['adult'],
    filedBy: ['patient', 'provider', 'public-health'],
    withdrawnBy: ['patient', 'public-health'],
    sources: ['practice'],
  });
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'opt-in.json');
  writeFileSync(file, JSON.stringify({ ...pack, name: 'elsewhere', title: 'Elsewhere' }));
  return file;
}

let w: World;
let a = '';

beforeAll(async () => {
  w = await world({ jurisdiction: optIn() });
  a = await create(w, organization());
});
afterAll(() => w.end());

const doses = async (person: string, actor = provider(a)): Promise<number> =>
  idsOf(await asked(w, { ...searches('Immunization', ['patient', person]), actor })).length;

describe('where adults opt in', () => {
  test('nothing is stored of one who has not, and all once one has; taking it back erases what was stored', async () => {
    const adult = await create(w, patient({ birthDate: '1990-01-01' }));
    expect((await asked(w, creates(given(adult, a), { actor: publicHealth }))).fault).toMatch(
      /stores doses only of people/,
    );
    const directive = await create(w, consent(adult, 'opt-in'), self(adult));
    await create(w, given(adult, a));
    expect(await doses(adult)).toBe(1);
    const facts = () => w.rooms.store.notes('status_changes', { patients: adult }, 10);
    const shown = async (): Promise<string> =>
      String((await w.rooms.handle({ ...reads('Patient', adult), actor: publicHealth })).body);
    expect([(await facts()).length, await shown()]).toEqual([2, expect.stringContaining('provider-status')]);
    await create(w, withdrawal(adult, directive), self(adult));
    expect([await facts(), await shown()]).toEqual([[], expect.not.stringContaining('provider-status')]);
    expect(await doses(adult, publicHealth)).toBe(0);
    const history = await w.rooms.handle({
      ...searches('Immunization'),
      interaction: 'history-type',
      actor: publicHealth,
    });
    expect(history.body).not.toContain(`Patient/${adult}`);
    expect((await asked(w, creates(given(adult, a), { actor: publicHealth }))).fault).toMatch(
      /stores doses only of people/,
    );
  });

  test('a child of eighteen is a child still, and at nineteen its record closes', async () => {
    const child = await create(w, patient({ birthDate: '2007-11-23' }));
    await create(w, given(child, a));
    expect(await doses(child, provider('other'))).toBe(1);
    w.clock.set('2026-11-23T12:00:00.000Z');
    expect(await doses(child, provider('other'))).toBe(0);
    w.clock.set('2026-11-22T12:00:00.000Z');
  });
});

/** Role × purpose × surface: what each pair opens of one dose and one person, asked of a running server. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PURPOSES, type Purpose } from '../../src/policy/purposes.ts';
import { ROLES, type Role } from '../../src/policy/roles.ts';
import { bearing, enrol, guarded, tokenOf, withScope } from '../auth/bearer.ts';
import type { Seen } from '../world/requests.ts';
import { dose, patientWith } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
const NONE = {} as Seen;
let [ana, shot] = [NONE, NONE];
beforeAll(async () => {
  w = await guarded();
  const registry = withScope(w, 'system/*.cruds');
  ana = (await registry('POST', '/Patient', { body: patientWith('P1', { birthDate: '2015-03-01' }) })).body;
  shot = (await registry('POST', '/Immunization', { body: dose(ana.id) })).body;
  await enrol(w, { id: 'app', what: 'client' });
  for (const [role, { kinds }] of Object.entries<Role>(ROLES)) {
    const patients =
      kinds.length === 0 || ['school', 'child-care', 'health-plan'].includes(role) ? [ana.id] : [];
    await enrol(w, { id: role, what: 'person', role, patients });
  }
});
afterAll(() => w.end());

/** What each way of asking for the dose comes to, by what the purpose says of doses. */
type Way = readonly [string, () => string];
const READS: readonly Way[] = [
  ['read', () => `/Immunization/${shot.id}`],
  ['version', () => `/Immunization/${shot.id}/_history/1`],
];
const SEARCHES: readonly Way[] = [
  ['search', () => `/Immunization?patient=${ana.id}`],
  ['search by id', () => `/Immunization?_id=${shot.id}`],
  ['compartment', () => `/Patient/${ana.id}/Immunization`],
];
const BROWSING = [
  '/Immunization',
  '/Immunization?date=2024-03-01',
  '/Immunization/_history',
  '/Patient?family=markovic',
];

function as(role: string, purpose: string) {
  const isOwn = ROLES[role as keyof typeof ROLES].kinds.length === 0;
  return bearing(
    w,
    tokenOf(w, {
      ...{ client_id: 'app', sub: role, fhirUser: 'x', role, purpose_of_use: purpose },
      ...(isOwn ? { scope: 'patient/*.rs', patient: ana.id } : { scope: 'user/*.rs' }),
    }),
  );
}

const opensDoses = (words: string): boolean => /(?:^| )(?:\*\.cruds|Immunization\.[crud]*r?s)/.test(words);

const pairs = Object.keys(ROLES).flatMap((role) =>
  Object.keys(PURPOSES).map((purpose) => [role, purpose] as const),
);

describe.each(pairs)('%s for %s', (role, purpose) => {
  const claims = (ROLES[role as keyof typeof ROLES].purposes as readonly string[]).includes(purpose);
  const words = [ROLES[role as keyof typeof ROLES].scopes, PURPOSES[purpose as keyof typeof PURPOSES].opens];
  const isOpen = claims && words.every(opensDoses);
  const isSearched = isOpen && (PURPOSES as Record<string, Purpose>)[purpose]?.isUnsearched !== true;

  const sees = async (ways: readonly Way[], isSeen: boolean): Promise<void> => {
    const send = as(role, purpose);
    for (const [way, path] of ways) {
      const { status, text } = await send('GET', path());
      expect([way, text.includes('"occurrenceDateTime"')]).toEqual([way, isSeen]);
      if (!isSeen) expect([way, status]).toEqual([way, 403]);
    }
  };

  test(`sees the dose ${isOpen ? 'by its id' : 'not by its id'}`, () => sees(READS, isOpen));

  test(`sees the dose ${isSearched ? 'by every search' : 'by no search'}`, () => sees(SEARCHES, isSearched));

  test('browses only for public health, and in one’s own record', async () => {
    if (!isOpen) return;
    const { reach } = PURPOSES[purpose as keyof typeof PURPOSES];
    for (const path of BROWSING) {
      const { status } = await as(role, purpose)('GET', path);
      expect([path, status]).toEqual([path, reach === 'all' || reach === 'own' ? 200 : 403]);
    }
  });
});

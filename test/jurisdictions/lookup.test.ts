/** What identifies a person in a search, and how many candidates are shown, as a pack of one's own says it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { guarded } from '../auth/bearer.ts';
import { clinic, create, staff, type Send } from '../status/people.ts';
import { idsIn } from '../world/requests.ts';
import { organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

/** Three things name a person, and two people are too many. */
function strict(): string {
  const source = join(import.meta.dirname, '..', '..', 'src', 'jurisdictions', 'packs', 'sandbox.json');
  const pack = JSON.parse(readFileSync(source, 'utf8')) as { lookup: object };
  const lookup = { ...pack.lookup, by: [['name', 'birthdate', 'gender']], candidates: 1 };
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'strict.json');
  writeFileSync(file, JSON.stringify({ ...pack, lookup }));
  return file;
}

let w: World;
let nurse: Send;
let ana = '';
beforeAll(async () => {
  w = await guarded({ jurisdiction: strict() });
  nurse = clinic(w, (await create(staff(w), organization())).id);
  ana = (await create(staff(w), patient({ gender: 'female' }))).id;
  for (const given of ['Eva', 'Iva'])
    await create(staff(w), patient({ name: [{ family: 'Ilic', given: [given] }], gender: 'female' }));
});
afterAll(() => w.end());

test('a search is answered that names a person as the pack wants it, and shows no more than it says', async () => {
  const found = await nurse('GET', '/Patient?family=markovic&birthdate=2015-03-01&gender=female');
  expect([found.status, idsIn(found.body)]).toEqual([200, [ana]]);
  for (const query of ['family=markovic&birthdate=2015-03-01', 'identifier=urn:mrn|1'])
    expect([query, (await nurse('GET', `/Patient?${query}`)).status]).toEqual([query, 403]);
  const two = await nurse('GET', '/Patient?family=ilic&birthdate=2015-03-01&gender=female');
  expect([two.status, two.text.includes('More people match')]).toEqual([403, true]);
});

/** A search by a secret identifier: in the body of a POST only, and no link ever holds the secret. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { world, type World } from '../../world/world.ts';
import { person, store, type Searchset } from './bodies.ts';

const SSN = 'http://hl7.org/fhir/sid/us-ssn';
const NUMBER = '123-45-6789';

let w: World;
beforeAll(async () => {
  w = await world();
  const identifier = [{ system: SSN, value: NUMBER }];
  for (let n = 0; n < 3; n += 1) await store(w, person('Nguyen', '2020-03-01', { identifier }));
});
afterAll(() => w.end());

async function post(form: string): Promise<Searchset> {
  const { body } = (await w.fhir
    .post('/Patient/_search')
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .send(form)
    .expect(200)) as { body: Searchset };
  return body;
}
const criterion = `identifier=${encodeURIComponent(`${SSN}|${NUMBER}`)}`;

test('finds in one page what has the number, however it is written', async () => {
  const { entry = [], link } = await post(`identifier=${encodeURIComponent(`${SSN}|123456789`)}`);
  expect([entry.length, link.map(({ relation }) => relation)]).toEqual([3, ['self']]);
});

test('has no links, and says where there is more', async () => {
  const answer = await post(`${criterion}&_count=2`);
  expect(answer.link.map(({ relation }) => relation)).toEqual(['self']);
  expect(answer.entry?.map(({ search }) => search.mode)).toEqual(['match', 'match', 'outcome']);
  expect(answer.total).toBeUndefined();
  expect(JSON.stringify(answer.entry?.[2])).toContain('one page');
});

test('repeats the number nowhere', async () => {
  const answer = JSON.stringify(await post(`${criterion}&_count=2&_total=accurate`));
  expect(answer).not.toMatch(/123-?45-?6789/);
  expect(decodeURIComponent(answer)).toContain(`${SSN}|***`.replaceAll('|', '|'));
});

test('is no criterion of a URL', async () => {
  await w.fhir.get(`/Patient?${criterion}`).expect(403);
});

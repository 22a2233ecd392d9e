/** What is refused before it can be understood leaves its record too. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditEvent } from '@medplum/fhirtypes';
import { databaseOf } from '../../src/storage/connect.ts';
import type { Stored } from '../../src/storage/store.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world({ bodyLimit: 1000 });
});
afterAll(() => w.end());

const recordsOf = async (requestId: string): Promise<readonly AuditEvent[]> => {
  const records = databaseOf(w.services.connection).collection<Stored>('AuditEvent');
  const found = (await records.find().toArray()).map(({ json }) => JSON.parse(json) as AuditEvent);
  return found.filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === requestId));
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
const json = 'application/fhir+json';
const post = (body: string, type = json): Sent => ({ method: 'POST', path: '/Patient', type, body });

const CASES: readonly (readonly [string, Sent, number, string, string])[] = [
  ['broken JSON', post('{"resourceType":'), 400, 'create', 'C'],
  ['a duplicate key', post('{"resourceType":"Patient","id":"a","id":"b"}'), 400, 'create', 'C'],
  ['bytes that are no UTF-8 ', post('\xff\xfe'), 400, 'create', 'C'],
  ['XML', post('<Patient/>', 'application/fhir+xml'), 415, 'create', 'C'],
  ['a body that is too large', post(`{"a":"${'x'.repeat(2000)}"}`), 413, 'create', 'C'],
  [
    'a body in no encoding that is known',
    { ...post('x'), headers: { 'content-encoding': 'compress' } },
    415,
    'create',
    'C',
  ],
  ['a wish for XML', { method: 'GET', path: '/Patient/a?_format=xml', headers: {} }, 406, 'read', 'R'],
  ['a type that there is not', { method: 'DELETE', path: '/Nonsense/1' }, 404, 'delete', 'D'],
  [
    'a method that is not offered',
    { method: 'PUT', path: '/AuditEvent/1', type: json, body: '{}' },
    405,
    'update',
    'U',
  ],
];

test.each(CASES)('%s', async (name, { method, path, type, body, headers }, ...expected) => {
  const [status, interaction, action] = expected;
  const requestId = name.trim().replaceAll(' ', '-');
  const answer = await fetch(`${w.url}${path}`, {
    method,
    headers: { 'X-Request-Id': requestId, ...(type !== undefined && { 'Content-Type': type }), ...headers },
    ...(body !== undefined && { body: Buffer.from(body, 'latin1') }),
  });
  await answer.text();
  const records = await recordsOf(requestId);
  expect([
    answer.status,
    records.map(({ subtype, action: did, outcome }) => [subtype?.[0]?.code, did, outcome]),
  ]).toEqual([status, [[interaction, action, '4']]]);
  expect(records[0]?.agent[0]?.who?.identifier?.value).toBe('local');
});

/** Entries of transactions, and what the tests look at in the answers. */
import { expect } from '@jest/globals';
import { bundle, countsOf, type Reply, type Seen } from '../../world/requests.ts';
import type { World } from '../../world/world.ts';

export const posts = (resource: object, more: object = {}): object => ({
  resource,
  request: { method: 'POST', url: (resource as Seen).resourceType, ...more },
});

export const puts = (resource: Seen, more: object = {}): object => ({
  resource: { ...resource, ...more },
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});

export const asks = (method: string, url: string): object => ({ request: { method, url } });

/** A JSON Patch in the Binary that carries it. */
export const patches = (url: string, operations: unknown): object => ({
  resource: {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(operations)).toString('base64'),
  },
  request: { method: 'PATCH', url },
});

export const statuses = ({ body }: Reply): (string | undefined)[] =>
  (body.entry ?? []).map(({ response }) => response?.status);

/** The id in the location of an entry's response. */
export const idOf = ({ body }: Reply, at: number): string =>
  /\/([^/]+)\/_history/.exec(body.entry?.[at]?.response?.location ?? '')?.[1] ?? '';

export const transact = (w: World, ...entry: object[]): Promise<Reply> => bundle(w, 'transaction', entry);

/** The transaction fails as a whole, with one outcome that names the entry, and leaves no trace. */
export async function failsAt(
  w: World,
  { at, status }: { at?: number; status: number },
  ...entry: object[]
): Promise<void> {
  const before = await countsOf(w);
  const reply = await transact(w, ...entry);
  expect([reply.status, reply.body.resourceType]).toEqual([status, 'OperationOutcome']);
  const [expression = ''] = reply.body.issue?.[0]?.expression ?? [];
  if (at !== undefined) expect(expression).toMatch(new RegExp(`^Bundle\\.entry\\[${at}\\]`));
  expect(await countsOf(w)).toEqual(before);
}

/** What must be true of every refusal: the right status, an outcome that tells nothing it should not, and no trace. */
import { expect } from '@jest/globals';
import { call, countsOf, type Reply, type Sent } from '../../world/requests.ts';
import type { World } from '../../world/world.ts';

/** A name that is in every hostile body and query where there is room for one; no answer and no log may have it. */
export const SECRET = 'Nevertellovich';

const LEAKS =
  /node_modules|\.ts:\d|\bat [\w.<>]+ \(|mongo|E11000|BSON|MongoServerError|SyntaxError|TypeError|in JSON at/i;

/** Whatever the server says must hold neither its own insides nor anybody's data. */
export function tellsNothing(text: string, logged: readonly unknown[]): void {
  const told = text + JSON.stringify(logged);
  expect(told).not.toMatch(LEAKS);
  expect(told).not.toContain(SECRET);
}

/** Sends what must be refused with one of the statuses, and looks at all that it left behind. */
export async function refuses(
  w: World,
  statuses: readonly number[],
  [method, path, sent = {}]: readonly [method: string, path: string, sent?: Sent],
): Promise<Reply> {
  const before = await countsOf(w);
  const reply = await call(w, method, path, sent);
  expect(statuses).toContain(reply.status);
  if (method !== 'HEAD') expect(reply.body.resourceType).toBe('OperationOutcome');
  for (const { severity, code } of reply.body.issue ?? [])
    expect([severity, code.length > 0]).toEqual(['error', true]);
  tellsNothing(reply.text, w.logged);
  expect(w.logged).toEqual([]);
  expect(await countsOf(w)).toEqual(before);
  return reply;
}

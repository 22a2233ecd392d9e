/** The real server behind its real door; only who asks is told by a header instead of a token. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appOf, FHIR_PATH } from '../../src/app.ts';
import type { Actor } from '../../src/core/context.ts';
import type { World } from '../world/world.ts';

const HEADER = 'x-test-actor';

export interface Door {
  readonly url: string;
  readonly end: () => Promise<void>;
}

/** Opens a second door to a world. */
export async function doorOf(w: World): Promise<Door> {
  const authenticate = (request: { readonly headers: Readonly<Record<string, unknown>> }): Actor =>
    JSON.parse(String(request.headers[HEADER])) as Actor;
  const app = appOf(w.services, { gate: { authenticate }, corsOrigins: ['*'], bodyLimit: 1_000_000 });
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${FHIR_PATH}`,
    end: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What comes back, as far as a caller can look at it. */
export interface Back {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Headers that differ from one request to the next whatever is asked. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  'date',
  'x-request-id',
  'content-length',
  'connection',
  'keep-alive',
]);

export async function send(
  { url }: Door,
  actor: Actor,
  { method = 'GET', path, body, headers }: Sent,
): Promise<Back> {
  const response = await fetch(path.startsWith('http') ? path : url + path, {
    method,
    headers: {
      [HEADER]: JSON.stringify(actor),
      ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !OF_THE_MOMENT.has(name))),
    text: await response.text(),
  };
}

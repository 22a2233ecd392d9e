/** The real server behind its real doors; only who asks is told by a header instead of a token. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { appOf, FHIR_PATH } from '../../src/app.ts';
import type { Actor } from '../../src/core/context.ts';
import { USUAL_SWITCHES } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { listenMllp, type Mllp } from '../../src/hl7v2/transports/mllp.ts';
import { FACILITY } from './messages.ts';
import type { World } from '../world/world.ts';

const HEADER = 'x-test-actor';

export interface Door {
  /** Of the server. */
  readonly root: string;
  readonly url: string;
  /** The base that the server writes its links with: asked there, anybody would be answered. */
  readonly base: string;
  /** Sends a message by MLLP. */
  readonly say: (actor: Actor, message: string) => Promise<string>;
  readonly end: () => Promise<void>;
}

/** Opens second doors to a world. */
export async function doorOf(w: World): Promise<Door> {
  const authenticate = (request: { readonly headers: Readonly<Record<string, unknown>> }): Actor =>
    JSON.parse(String(request.headers[HEADER]), withSets) as Actor;
  const app = appOf(w.services, { gate: { authenticate }, corsOrigins: ['*'], bodyLimit: 1_000_000 });
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { say, stop } = mllpOf(w);
  return {
    root,
    url: root + FHIR_PATH,
    base: w.url,
    say,
    end: async () => {
      await stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** JSON has no sets, and the permissions of a scope are one. */
const withSets = (name: string, value: unknown): unknown =>
  name === 'permissions' && Array.isArray(value) ? new Set(value) : value;
const withoutSets = (_: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);

let made: ReturnType<typeof generate> | undefined;
/** One for all worlds. */
const certificate = (): ReturnType<typeof generate> =>
  (made ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' }));

/** The MLLP listener, opened when something is first said; one message at a time, so that it is known who says it. */
function mllpOf(w: World): Pick<Door, 'say'> & { readonly stop: () => Promise<void> } {
  let actor: Actor | undefined;
  let opened: Promise<Mllp> | undefined;
  let before: Promise<unknown> = Promise.resolve();
  const open = async (): Promise<Mllp> => {
    const { private: key, cert } = await certificate();
    const door = {
      ...{ rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES },
      actorOf: () => (actor ? Promise.resolve(actor) : Promise.reject(new Error('Nobody is speaking'))),
    };
    return listenMllp(door, {
      ...{ port: 0, host: '127.0.0.1', connections: 5, frameBytes: 100_000 },
      ...{ idleMs: 60_000, frameMs: 60_000, cert: Buffer.from(cert), key: Buffer.from(key) },
    });
  };
  const speak = async (as: Actor, message: string): Promise<string> => {
    const { port } = await (opened ??= open());
    actor = as;
    return exchange(port, message);
  };
  return {
    say: (as, message) => {
      const answer = before.then(() => speak(as, message));
      before = answer.catch(() => undefined);
      return answer;
    },
    stop: async () => {
      if (opened !== undefined) await (await opened).stop();
    },
  };
}

/** One frame there, one frame back. */
function exchange(port: number, message: string): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    let answer = '';
    socket.on('error', failed);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
      if (!answer.endsWith('\x1c\r')) return;
      socket.end();
      done(answer);
    });
    socket.on('secureConnect', () => socket.write(`\x0b${message}\x1c\r`));
  });
}

export interface Sent {
  readonly method?: string;
  /** From the FHIR base on. */
  readonly path: string;
  /** A path from the root of the server instead. */
  readonly root?: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A message for MLLP: nothing else counts then. */
  readonly message?: string;
}

/** What comes back, as far as a caller can look at it. */
export interface Back {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Headers that differ from one request to the next whatever is asked. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  ...['date', 'x-request-id', 'content-length', 'connection', 'keep-alive'],
]);

export async function send(door: Door, actor: Actor, sent: Sent): Promise<Back> {
  const { method = 'GET', path, root, body, headers, message } = sent;
  const signed = (text: string): string => text.replaceAll(FACILITY, actor.organization ?? '');
  if (message !== undefined)
    return { status: 200, headers: {}, text: await door.say(actor, signed(message)) };
  const response = await fetch(signed(root === undefined ? door.url + path : door.root + root), {
    method,
    headers: {
      [HEADER]: JSON.stringify(actor, withoutSets),
      ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? signed(body) : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !OF_THE_MOMENT.has(name))),
    text: await response.text(),
  };
}

/** A running server: its database, its services and its port, started in this order and stopped in the other. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { appOf, FHIR_PATH } from './app.ts';
import { openGate, type Auth, type Gate } from './auth/gate.ts';
import { startBackground } from './background.ts';
import type { Config } from './config.ts';
import { fail } from './core/failure.ts';
import type { Log } from './core/log.ts';
import type { Database } from './database.ts';
import { outcomeText } from './fhir/outcome.ts';
import type { Switches } from './hl7v2/receive.ts';
import type { RateLimits } from './http/limits.ts';
import { metricsOf } from './http/metrics.ts';
import { roleOf } from './policy/roles.ts';
import { openServices, wiringOf, type Services } from './services.ts';
import { openMllp } from './mllp.ts';
import { hasRecords, markSandbox, sandboxOf } from './storage/facts.ts';

/** A server that answers. */
export interface Running {
  readonly services: Services;
  readonly gate: Gate;
  /** Base of the FHIR endpoint as it can be called from here. */
  readonly localUrl: string;
  /** Where messages are taken by MLLP. */
  readonly mllpPort?: number;
  readonly stop: () => Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Serves on a database that is there.
 * @throws Failure `forbidden` for an address that others can reach
 */
export async function serve(config: Config, database: Pick<Database, 'uri'>, log: Log): Promise<Running> {
  const auth = authOf(config);
  if (auth.mode === 'none') checkReach(config, WITHOUT_AUTHORIZATION);
  const door: Door = { answer: notYet };
  const server = serverFor(config, door);
  const port = await listen(server, config);
  const localUrl = `http://localhost:${port}${FHIR_PATH}`;
  const wiring = wiringOf(config, database.uri, config.BASE_URL ?? localUrl, log);
  const services = await openServices(wiring).catch(closing(() => server.close()));
  const gate = await gateOf(config, auth, services).catch(closing(() => stopServing(server, services)));
  const metrics = metricsOf();
  door.answer = appOf(services, {
    gate,
    metrics,
    corsOrigins: config.CORS_ORIGINS.split(','),
    bodyLimit: config.BODY_LIMIT,
    hl7v2: switchesOf(config),
    proxies: config.PROXIES,
    // Without authorization there is one caller, on this machine.
    ...(auth.mode !== 'none' && { limits: limitsOf(config) }),
  });
  const mllp = await openMllp(config, services, {
    gate,
    switches: switchesOf(config),
    limits: limitsOf(config),
    metrics,
  }).catch(closing(() => stopServing(server, services)));
  const background = await startBackground(services, config);
  const stop = async (): Promise<void> => {
    await mllp?.stop();
    await background.stop();
    await stopServing(server, services);
  };
  return { services, gate, localUrl, ...(mllp && { mllpPort: mllp.port }), stop };
}

/** How messages of HL7 v2 are taken. */
export const switchesOf = ({ HL7V2_VERSIONS, HL7V2_WARNINGS, HL7V2_DEMOGRAPHICS }: Config): Switches => ({
  versions: new Set(HL7V2_VERSIONS.split(',').map((version) => version.trim())),
  warnings: HL7V2_WARNINGS,
  demographics: HL7V2_DEMOGRAPHICS === 'accept',
});

/** Processes of one machine take connections in turn: each has its share of what all of them may take. */
export function limitsOf(config: Config): RateLimits {
  const shared = (limit: number): number => Math.ceil(limit / config.WORKERS);
  return {
    client: shared(config.RATE_CLIENT),
    organization: shared(config.RATE_ORGANIZATION),
    address: shared(config.RATE_ADDRESS),
    oauth: shared(config.RATE_OAUTH),
  };
}

const WITHOUT_AUTHORIZATION =
  'Without authorization (AUTH=none) whoever reaches the server reads everything.';
const PRETENDED = 'The store is a sandbox, whose accounts and tokens are for this machine only.';

/** @throws Failure `forbidden` where others than this machine could reach a sandbox */
export const checkSandboxReach = (config: Config): void => {
  checkReach(config, PRETENDED);
};

/** @throws Failure `forbidden` where others than this machine could reach the server */
function checkReach({ HOST, BASE_URL }: Config, why: string): void {
  const host = BASE_URL === undefined ? HOST : new URL(BASE_URL).hostname.replace(/^\[(.*)\]$/, '$1');
  if (!LOOPBACK.has(HOST) || !LOOPBACK.has(host)) {
    fail('forbidden', `HOST and BASE_URL must be loopback addresses (127.0.0.1, ::1 or localhost). ${why}`);
  }
}

/**
 * Nobody's real records are served without authorization: an empty store that is started so becomes a sandbox.
 * @throws Failure `forbidden`
 */
async function checkStore(config: Config, { connection, rooms }: Services): Promise<void> {
  const mark = await sandboxOf(connection);
  if (mark !== undefined) {
    checkReach(config, PRETENDED);
    return;
  }
  if (config.AUTH !== 'none') return;
  if (await hasRecords(connection)) {
    fail('forbidden', `AUTH=none is for a sandbox only, and this store is none. ${WITHOUT_AUTHORIZATION}`);
  }
  await markSandbox(connection, { seed: 0, people: 0, at: rooms.now(), complete: true });
}

/**
 * Who vouches for callers.
 * @throws Failure `invalid-value` for an outside issuer that is not named, or not what its tokens call this server
 */
export function authOf(config: Config): Auth {
  const { AUTH: mode, OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = config;
  if (mode === 'none') return { mode };
  if (mode === 'smart') return ownAuth(config);
  if (issuer === undefined || audience === undefined || audience === '') {
    return fail(
      'invalid-value',
      'AUTH=oidc needs OIDC_ISSUER and OIDC_AUDIENCE: without both, any token of anybody would count.',
    );
  }
  const { OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  return {
    mode: 'oidc',
    issuer,
    audience,
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}

/** @throws Failure `invalid-value` for an identity provider to which this server has no proof of itself */
function ownAuth(config: Config): Auth {
  const {
    IDENTITY_ISSUER: issuer,
    IDENTITY_CLIENT_ID: clientId,
    IDENTITY_CLIENT_SECRET: clientSecret,
  } = config;
  const sessions = { idleMinutes: config.SESSION_MINUTES, most: config.SESSIONS_MAX };
  const withTwoFactors = rolesIn(config.SECOND_FACTOR_ROLES);
  if (issuer === undefined) return { mode: 'smart', sessions, withTwoFactors };
  if (clientId === undefined || clientSecret === undefined) {
    return fail('invalid-value', 'IDENTITY_ISSUER needs IDENTITY_CLIENT_ID and IDENTITY_CLIENT_SECRET.');
  }
  return {
    mode: 'smart',
    sessions,
    withTwoFactors,
    identity: { issuer, clientId, clientSecret, name: config.IDENTITY_NAME },
  };
}

/** @throws Failure `invalid-value` for a role that there is not: nobody would notice that it asks for nothing */
function rolesIn(text: string): ReadonlySet<string> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => roleOf(name) === undefined);
  return unknown === undefined
    ? new Set(names)
    : fail('invalid-value', `SECOND_FACTOR_ROLES names ${unknown}, which is no role (docs/participants.md).`);
}

/** A start that fails leaves nothing open. */
const closing =
  (close: () => unknown) =>
  async (error: unknown): Promise<never> => {
    await close();
    throw error;
  };

async function gateOf(config: Config, auth: Auth, services: Services): Promise<Gate> {
  await checkStore(config, services);
  return openGate(auth, services);
}

/** Who answers; the port is open before the rooms are. */
interface Door {
  answer: RequestListener;
}

const notYet: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'application/fhir+json; charset=utf-8', 'Retry-After': '1' });
  response.end(
    outcomeText([{ kind: 'unavailable', message: 'The server is starting; try again in a moment.' }]),
  );
};

const KEEP_ALIVE_MS = 65_000;
const HEADER_BYTES = 32_768;

function serverFor({ REQUEST_SECONDS }: Config, door: Door): Server {
  const limit = REQUEST_SECONDS * 1000;
  const limits = {
    requestTimeout: limit,
    headersTimeout: limit,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES,
  };
  const server = createServer(limits, (request, response) => {
    door.answer(request, response);
  });
  server.on('clientError', refuseBroken);
  return server;
}

async function listen(server: Server, { HOST, PORT }: Config): Promise<number> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(PORT, HOST, done);
  }).catch((error: unknown) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (taken)
      fail(
        'unavailable',
        `Port ${PORT} is taken by another program; set PORT to a free one (PORT=0 takes any).`,
      );
    throw error;
  });
  return (server.address() as AddressInfo).port;
}

/** What cannot be read as HTTP, or does not arrive, gets an outcome too. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, kind, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? (['408 Request Timeout', 'too-slow', 'The request did not arrive in time; send it again.'] as const)
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ([
            '431 Request Header Fields Too Large',
            'too-large',
            'The URL and headers are larger than this server takes; search with POST.',
          ] as const)
        : (['400 Bad Request', 'malformed', 'The request is not HTTP as this server reads it.'] as const);
  const body = outcomeText([{ kind, message }]);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/fhir+json; charset=utf-8\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/** Requests under way are answered; those that hang are cut off after a while. */
async function stopServing(server: Server, services: Services): Promise<void> {
  const closed = new Promise<void>((done) =>
    server.close(() => {
      done();
    }),
  );
  // A caller that keeps asking on a connection that is kept alive would never let it close.
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, SWEEP_MS);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, STOP_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
  await services.close();
}
const STOP_MS = 10_000;
const SWEEP_MS = 50;

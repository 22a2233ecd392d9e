/**
 * The authorization server on the web: the library, our pages, registration, and the door for `fhir-iis token`. Its
 * addresses are always the configured ones; no header of a request changes them.
 */
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import type { Provider } from 'oidc-provider';
import { Failure } from '../../core/failure.ts';
import { sealingOf } from '../../storage/secrets.ts';
import { interactions } from './interactions.ts';
import { mint, type Wish } from './mint.ts';
import type { Issuer } from '../tokens.ts';
import { IDENTITY_PATH, identityCallback } from './identity.ts';
import { introspectionByBearer } from './issued.ts';
import { OAUTH_PATH, type Parts } from './parts.ts';
import { cleaned } from './registration.ts';
import { simulator, type App } from './simulator.ts';

/** Path below the authorization server at which `fhir-iis token` asks. */
export const COMMAND_PATH = '/command/token';
/** Use of the seal that proves that the one who asks may read the master keys. */
export const COMMAND_SEAL = 'token command';

export interface Rooms {
  readonly parts: Parts;
  readonly issuer: Issuer;
  readonly provider: Provider;
  readonly appsOf: () => Promise<readonly App[]>;
}

const form = express.text({ type: 'application/x-www-form-urlencoded', limit: '100kb' });

/** Makes the router, to be mounted at the path of the issuer. */
export function oauthDoor({ parts, issuer, provider, appsOf }: Rooms): Router {
  const router = express.Router();
  router.use(asConfigured(parts.issuer));
  router.post('/auth', form, asGet);
  router.post('/token/introspection', bearersOnly, form, introspectionByBearer(parts, issuer));
  router.get(IDENTITY_PATH, identityCallback(OAUTH_PATH));
  router.post(COMMAND_PATH, express.text({ type: () => true, limit: '10kb' }), command(parts));
  router.use('/simulator', sandboxOnly(parts), simulator(parts, appsOf));
  router.use('/interaction', interactions(parts, provider));
  router.use('/reg', sandboxOnly(parts));
  router.post('/reg', express.json({ type: () => true, limit: '64kb' }), cleanRegistration);
  router.use(provider.callback());
  router.use(tell(parts));
  return router;
}

/** The library makes its addresses of these. */
function asConfigured(issuer: string): RequestHandler {
  const { host, protocol } = new URL(issuer);
  return (request, _response, next) => {
    const { headers } = request;
    headers.host = host;
    headers['x-forwarded-host'] = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    next();
  };
}

/**
 * An authorization request that is posted (SMART App Launch 2.2, "Request"): the same as one that is got. It is sent on
 * as one, because its own cookies would not come along from another site.
 */
const asGet: RequestHandler = (request, response) => {
  response.redirect(303, `${request.baseUrl}/auth?${new URLSearchParams(String(request.body)).toString()}`);
};

/** A client that proves itself otherwise goes on to the library, which reads the body by itself. */
const bearersOnly: RequestHandler = (request, _response, next) => {
  next(/^Bearer /i.test(request.get('authorization') ?? '') ? undefined : 'route');
};

/** What exists in a sandbox alone. */
const sandboxOnly =
  ({ isSandbox }: Parts): RequestHandler =>
  async (_request, response, next) => {
    if (await isSandbox()) next();
    else response.status(404).json({ error: 'not_found' });
  };

/** Of a registration only what cleaned() leaves reaches the library. */
const cleanRegistration: RequestHandler = (request, response, next) => {
  const clean = cleaned(request.body);
  if ('fault' in clean) {
    response.status(400).json({ error: 'invalid_client_metadata', error_description: clean['fault'] });
    return;
  }
  request.body = clean;
  next();
};

const FRESH_MS = 60_000;

/** A wish that was sealed with the master keys a moment ago is answered under the same seal. */
function command(parts: Parts) {
  const { seal, open } = sealingOf(parts.rooms.secrets, COMMAND_SEAL);
  return async (request: Request, response: Response): Promise<void> => {
    const wish = opened(open, String(request.body), parts.rooms.now().getTime());
    if (wish === undefined) {
      response.status(401).json({ error: 'invalid_request' });
      return;
    }
    const answer = await mint(parts, wish).then(
      (token) => ({ token }),
      (error: unknown) => {
        if (error instanceof Failure) return { fault: error.message };
        throw error;
      },
    );
    response.type('text/plain').send(seal(JSON.stringify(answer)));
  };
}

function opened(open: (text: string) => string, body: string, now: number): Wish | undefined {
  try {
    const { at, ...wish } = JSON.parse(open(body)) as Wish & { readonly at: number };
    return Math.abs(now - at) <= FRESH_MS ? wish : undefined;
  } catch {
    return undefined;
  }
}

/** Faults here are OAuth's JSON, never an OperationOutcome (RFC 6749, 5.2). */
function tell(parts: Parts): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { statusCode, error: code } = error as { statusCode?: number; error?: string };
    const isKnown = typeof statusCode === 'number' && statusCode < 500;
    if (!isKnown)
      parts.rooms.log.error(
        { kind: error instanceof Error ? error.name : typeof error },
        'the authorization server failed',
      );
    response
      .status(isKnown ? statusCode : 500)
      .json({ error: isKnown ? (code ?? 'invalid_request') : 'server_error' });
  };
}

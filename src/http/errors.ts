/** The one place where a fault becomes an answer. What is not a Failure is logged whole and told as little of. */
import type { Request, Response } from 'express';
import { FAILURES, Failure, type Issue } from '../core/failure.ts';
import type { Answer } from '../core/context.ts';
import type { Log } from '../core/log.ts';
import { Unproven, challengeOf } from '../auth/challenge.ts';
import { outcomeText } from '../fhir/outcome.ts';
import { failureOf } from '../interactions/fault.ts';
import { NotAllowed } from '../interactions/route.ts';
import { Denied } from '../policy/decide.ts';
import { OF_SCOPES } from '../policy/denials.ts';
import { Throttled } from './limits.ts';

/** What is asked outside of every path that the server has. */
export function noSuchPath(_request: Request, response: Response): void {
  const body = outcomeText([
    { kind: 'unknown-operation', message: 'There is nothing at this path; the FHIR endpoint is /fhir/R4.' },
  ]);
  response.status(404).set('Content-Type', 'application/fhir+json; charset=utf-8').send(body);
}

/** Seconds after which a caller may try again what the server could not do just now. */
const RETRY_SECONDS = '5';

/** The answer that tells of a fault. */
export function answerOf(error: unknown, requestId: string, log: Log): Answer {
  const failure = failureOf(faultOf(error), requestId, log);
  return {
    status: FAILURES[failure.kind].status,
    body: outcomeText(failure.issues),
    headers: headersOf(failure),
  };
}

/** What the reader of bodies failed of is a Failure too. */
export const faultOf = (error: unknown): unknown => bodyFault(error) ?? error;

function headersOf(failure: Failure): Record<string, string> {
  if (failure instanceof NotAllowed) return { Allow: failure.allow };
  if (failure instanceof Unproven) return { 'WWW-Authenticate': failure.challenge };
  if (failure instanceof Denied && OF_SCOPES.has(failure.denial))
    return { 'WWW-Authenticate': challengeOf('insufficient_scope', failure.message) };
  if (failure instanceof Throttled) return { 'Retry-After': String(failure.retrySeconds) };
  const { status } = FAILURES[failure.kind];
  return status === 429 || status === 503 ? { 'Retry-After': RETRY_SECONDS } : {};
}

/** What the reader of bodies says of a body that it could not read, by its own names for that. */
const BODY_FAULTS: Readonly<Record<string, Issue>> = {
  'entity.too.large': {
    kind: 'too-large',
    message: 'The body is larger than this server takes; send it in parts.',
  },
  'encoding.unsupported': {
    kind: 'unsupported-media',
    message: 'The Content-Encoding is not one this server reads: gzip, deflate or br.',
  },
  'request.aborted': { kind: 'malformed', message: 'The body did not arrive whole.' },
  'request.size.invalid': { kind: 'malformed', message: 'The body did not arrive whole.' },
};

const BROKEN_ENCODING: Issue = {
  kind: 'malformed',
  message: 'The body is not in the encoding that Content-Encoding names.',
};

function bodyFault(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, code } = error as { type?: unknown; code?: unknown };
  const isBroken = typeof code === 'string' && /^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_BUFFER)/.test(code);
  const issue = isBroken ? BROKEN_ENCODING : Object.entries(BODY_FAULTS).find(([name]) => name === type)?.[1];
  return issue && new Failure(issue);
}

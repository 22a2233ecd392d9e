/** The one place where a fault becomes an answer. What is not a Failure is logged whole and told as little of. */
import type { Request, Response } from 'express';
import { FAILURES, Failure } from '../core/failure.ts';
import type { Answer } from '../core/context.ts';
import type { Log } from '../core/log.ts';
import { outcomeText } from '../fhir/outcome.ts';
import { NotAllowed } from '../interactions/route.ts';

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
  const failure = failureOf(error, requestId, log);
  return {
    status: FAILURES[failure.kind].status,
    body: outcomeText(failure.issues),
    headers: headersOf(failure),
  };
}

function headersOf(failure: Failure): Record<string, string> {
  if (failure instanceof NotAllowed) return { Allow: failure.allow };
  const { status } = FAILURES[failure.kind];
  return status === 429 || status === 503 ? { 'Retry-After': RETRY_SECONDS } : {};
}

function failureOf(error: unknown, requestId: string, log: Log): Failure {
  if (error instanceof Failure) return error;
  const ours = bodyFault(error) ?? databaseFault(error);
  if (ours !== undefined) return ours;
  log.error({ requestId, error: describe(error) }, 'a request failed by a fault of the server');
  return new Failure({
    kind: 'internal',
    message: `The server failed on this request; its log has the details under request ${requestId}.`,
  });
}

/** A stack says where; the message may hold what a library was given, so that only its kind is kept. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error ? error.code : undefined;
  return {
    kind: error.name,
    code,
    at: error.stack?.split('\n').filter((line) => line.startsWith('    at ')),
  };
}

/** What the reader of bodies says of a body that it could not read. */
function bodyFault(error: unknown): Failure | undefined {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    return new Failure({
      kind: 'too-large',
      message: 'The body is larger than this server takes; send it in parts.',
    });
  }
  if (type === 'encoding.unsupported') {
    return new Failure({
      kind: 'unsupported-media',
      message: 'The Content-Encoding is not one this server reads: gzip, deflate or br.',
    });
  }
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new Failure({ kind: 'malformed', message: 'The body did not arrive whole.' });
  }
  const isZlib =
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^Z_|^ERR__ERROR_FORMAT/.test(error.code);
  return isZlib
    ? new Failure({
        kind: 'malformed',
        message: 'The body is not in the encoding that Content-Encoding names.',
      })
    : undefined;
}

const NETWORK_FAULTS: ReadonlySet<string> = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
]);

function databaseFault(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !NETWORK_FAULTS.has(error.name)) return undefined;
  return new Failure({
    kind: 'unavailable',
    message: 'The database cannot be reached just now; send the request again later.',
  });
}

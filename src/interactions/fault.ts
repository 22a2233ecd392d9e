/** Whatever goes wrong, as a Failure: what is not one yet is a fault of the server, logged and told as little of. */
import { Failure } from '../core/failure.ts';
import type { Log } from '../core/log.ts';

declare global {
  // TypeScript's library does not yet know https://tc39.es/proposal-is-error/ (in Node since 24).
  interface ErrorConstructor {
    isError(value: unknown): value is Error;
  }
}

/** The Failure that a caller is told of, for anything that was thrown. */
export function failureOf(error: unknown, requestId: string, log: Log): Failure {
  if (error instanceof Failure) return error;
  const ours = databaseFault(error);
  if (ours !== undefined) return ours;
  log.error({ requestId, error: described(error) }, 'a request failed by a fault of the server');
  return new Failure({
    kind: 'internal',
    message: `The server failed on this request; its log has the details under request ${requestId}.`,
  });
}

/** A stack says where; the message may hold what a library was given, so that only its kind is kept. */
function described(error: unknown): object {
  if (!Error.isError(error)) return { kind: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const at = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return { kind: error.name, code, at };
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
  'MongoClientClosedError',
]);

function databaseFault(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !NETWORK_FAULTS.has(error.name)) return undefined;
  return new Failure({
    kind: 'unavailable',
    message: 'The database cannot be reached just now; send the request again later.',
  });
}

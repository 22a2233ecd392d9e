/**
 * How mongod is told to run: https://www.mongodb.com/docs/manual/reference/program/mongod/
 * One member of a replica set, for transactions; closed to everybody without credentials from its first moment.
 */
import { LOOPBACK } from './ports.ts';

export const REPLICA_SET = 'fhir-iis';
/** No other member reads the log of operations; it need only outlast a transaction. */
const OPLOG_MB = '256';
/** Snapshots of the past are read by nobody; keeping five minutes of them would fill a small cache. */
const HISTORY_SECONDS = 10;
const STOP_MS = 100;

const PARAMETERS = {
  // Without this, whoever connects first could make the first user.
  enableLocalhostAuthBypass: false,
  diagnosticDataCollectionEnabled: false,
  minSnapshotHistoryWindowInSeconds: HISTORY_SECONDS,
  shutdownTimeoutMillisForSignaledShutdown: STOP_MS,
  // The password has 264 random bits: slow hashing would only slow connecting down.
  scramSHA256IterationCount: 5000,
};

export interface Settings {
  readonly dbPath: string;
  readonly keyFile: string;
  readonly port: number;
  readonly cacheMb: number;
}

export function mongodArguments({ dbPath, keyFile, port, cacheMb }: Settings): string[] {
  const parameters = Object.entries(PARAMETERS).flatMap(([name, value]) => [
    '--setParameter',
    `${name}=${value}`,
  ]);
  return [
    ...['--dbpath', dbPath, '--keyFile', keyFile, '--replSet', REPLICA_SET, '--oplogSize', OPLOG_MB],
    ...['--bind_ip', LOOPBACK, '--port', String(port), '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', String(cacheMb / 1024)],
    // Slow operations would be logged with the values that were asked for.
    ...['--quiet', '--slowOpSampleRate', '0'],
    ...parameters,
  ];
}

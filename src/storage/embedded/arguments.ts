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

/** Every collection and index is a file, and a process may have few of them open: those not in use are closed. */
const FILES = 'file_manager=(close_idle_time=60,close_scan_interval=10)';

export interface Settings {
  readonly dbPath: string;
  readonly keyFile: string;
  readonly port: number;
  readonly cacheMb: number;
  /** Whether what has an end of its time is kept after it: time may be another where the store is used. */
  readonly keepsExpired?: boolean;
}

export function mongodArguments({ dbPath, keyFile, port, cacheMb, keepsExpired }: Settings): string[] {
  const all = { ...PARAMETERS, ...(keepsExpired === true && { ttlMonitorEnabled: false }) };
  const parameters = Object.entries(all).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]);
  return [
    ...['--dbpath', dbPath, '--keyFile', keyFile, '--replSet', REPLICA_SET, '--oplogSize', OPLOG_MB],
    ...['--bind_ip', LOOPBACK, '--port', String(port), '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', String(cacheMb / 1024), '--wiredTigerEngineConfigString', FILES],
    // Slow operations would be logged with the values that were asked for.
    ...['--quiet', '--slowOpSampleRate', '0'],
    ...parameters,
  ];
}

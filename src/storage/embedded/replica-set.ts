/**
 * Makes a mongod that has just started ready for use: a replica set of one that has elected itself, and its user.
 * It is set up as `__system`, the identity that the key file proves, because that works at every stage of an
 * interrupted setting-up and needs no moment in which mongod is open to anybody.
 */
import { mongo } from 'mongoose';
import { fail } from '../../core/failure.ts';
import { REPLICA_SET } from './arguments.ts';
import { USER, type Credentials } from './credentials.ts';
import { LOOPBACK } from './ports.ts';
import { until } from './waiting.ts';

const ROLES = ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor'];
/** A moved mongod looks for itself at its old address first, and waits 30 s for a stranger there who keeps silent. */
const CONFIGURE_MS = 90_000;
const PRIMARY_MS = 60_000;
const POLL_MS = 10;

interface ReplicaSetConfig {
  readonly _id: string;
  readonly version: number;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
}

/** Sets up what is missing; returns MongoDB's version. Throws a Failure where no primary comes of it. */
export function setUp(port: number, credentials: Credentials): Promise<string> {
  return asMember(port, credentials, async (client) => {
    const admin = client.db('admin');
    await configure(client, `${LOOPBACK}:${port}`);
    await becomePrimary(admin);
    await provideUser(admin, credentials);
    return String((await admin.command({ buildInfo: 1 }))['version']);
  });
}

async function asMember<T>(
  port: number,
  { key }: Credentials,
  work: (client: mongo.MongoClient) => Promise<T>,
): Promise<T> {
  const client = new mongo.MongoClient(`mongodb://${LOOPBACK}:${port}/`, {
    auth: { username: '__system', password: key },
    authSource: 'local',
    authMechanism: 'SCRAM-SHA-256',
    directConnection: true,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The address by which the server, or a person with its credentials, connects. */
export function addressOf(port: number, { password }: Credentials): string {
  const options = new URLSearchParams({
    replicaSet: REPLICA_SET,
    directConnection: 'true',
    authSource: 'admin',
    authMechanism: 'SCRAM-SHA-256',
    w: 'majority',
    journal: 'true',
  });
  return `mongodb://${USER}:${encodeURIComponent(password)}@${LOOPBACK}:${port}/fhir-iis?${options.toString()}`;
}

/**
 * Makes the stored configuration name this address. It is read from its collection, because replSetGetConfig says
 * that there is none also while mongod is still looking for itself in the one there is.
 */
async function configure(client: mongo.MongoClient, host: string): Promise<void> {
  const configs = client.db('local').collection<ReplicaSetConfig>('system.replset');
  let refusal: unknown;
  const isConfigured = async (): Promise<boolean> => {
    const config = await configs.findOne({ _id: REPLICA_SET });
    if (config?.members[0]?.host === host) return true;
    const command = config === null ? initiation(host) : move(config, host);
    await client
      .db('admin')
      .command(command)
      .catch((error: unknown) => {
        refusal = error;
      });
    return false;
  };
  if (await until(isConfigured, { everyMs: POLL_MS, ms: CONFIGURE_MS })) return;
  throw new Error('The replica set of the embedded MongoDB could not be configured', { cause: refusal });
}

const initiation = (host: string): mongo.Document => ({
  replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] },
});

/** Forced, because there is no primary to agree to it. */
const move = (config: ReplicaSetConfig, host: string): mongo.Document => ({
  replSetReconfig: { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] },
  force: true,
});

async function becomePrimary(admin: mongo.Db): Promise<void> {
  const isPrimary = async (): Promise<boolean> =>
    (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
  if (await until(isPrimary, { everyMs: POLL_MS, ms: PRIMARY_MS })) return;
  fail(
    'unavailable',
    `The embedded MongoDB did not become primary within ${PRIMARY_MS / 1000} s; see its log.`,
  );
}

async function provideUser(admin: mongo.Db, { password, isNew, keepPassword }: Credentials): Promise<void> {
  const { users } = (await admin.command({ usersInfo: USER })) as unknown as { users: readonly unknown[] };
  const writeConcern = { w: 'majority', j: true };
  if (users.length === 0)
    await admin.command({ createUser: USER, pwd: password, roles: ROLES, writeConcern });
  else if (isNew) await admin.command({ updateUser: USER, pwd: password, writeConcern });
  if (isNew) await keepPassword();
}

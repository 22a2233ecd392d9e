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
const INITIATE_MS = 10_000;
const PRIMARY_MS = 60_000;
const POLL_MS = 10;

interface ReplicaSetConfig {
  readonly _id: string;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
}

/** Sets up what is missing; returns MongoDB's version. Throws a Failure where no primary comes of it. */
export function setUp(port: number, credentials: Credentials): Promise<string> {
  return asMember(port, credentials, async (client) => {
    const admin = client.db('admin');
    await initiate(client, `${LOOPBACK}:${port}`);
    await becomePrimary(admin);
    await provideUser(admin, credentials);
    return String((await admin.command({ buildInfo: 1 }))['version']);
  });
}

/** Changes the address in the configuration, if there is one, of a mongod that runs outside the replica set. */
export function moveTo(port: number, credentials: Credentials): Promise<void> {
  return asMember(port, credentials, async (client) => {
    const host = { $set: { 'members.0.host': `${LOOPBACK}:${port}` } };
    await configsOf(client).updateOne({ _id: REPLICA_SET }, host, { writeConcern: { w: 1, j: true } });
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

const configsOf = (client: mongo.MongoClient): mongo.Collection<ReplicaSetConfig> =>
  client.db('local').collection<ReplicaSetConfig>('system.replset');

/** Asks the stored configuration, not replSetGetConfig, which also says no while mongod is still reading it. */
async function initiate(client: mongo.MongoClient, host: string): Promise<void> {
  const config: ReplicaSetConfig = { _id: REPLICA_SET, members: [{ _id: 0, host }] };
  let refusal: unknown;
  const isInitiated = async (): Promise<boolean> => {
    if ((await configsOf(client).findOne({ _id: REPLICA_SET })) !== null) return true;
    await client
      .db('admin')
      .command({ replSetInitiate: config })
      .catch((error: unknown) => {
        refusal = error;
      });
    return false;
  };
  if (await until(isInitiated, { everyMs: POLL_MS, ms: INITIATE_MS })) return;
  throw new Error('The replica set of the embedded MongoDB could not be initiated', { cause: refusal });
}

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

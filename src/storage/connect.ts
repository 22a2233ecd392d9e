/** The connection to MongoDB: how many sockets, how long to wait, and what an acknowledgement means. */
import mongoose from 'mongoose';
import type { Connection, mongo } from 'mongoose';

const POOL = 24;
const GIVE_UP_MS = 10_000;

/**
 * Connects to a replica set (transactions need one).
 * @throws MongooseServerSelectionError where none answers within ten seconds
 */
export async function connect(uri: string, database: string): Promise<Connection> {
  return mongoose
    .createConnection(uri, {
      dbName: database,
      maxPoolSize: POOL,
      minPoolSize: 2,
      serverSelectionTimeoutMS: GIVE_UP_MS,
      retryWrites: true,
      writeConcern: { w: 'majority', journal: true },
      readPreference: 'primary',
      // What is undefined is left out, and a query never takes an operator for a value.
      ignoreUndefined: true,
      autoIndex: false,
      autoCreate: false,
    })
    .asPromise();
}

/**
 * The driver's own database. Mongoose's collections hold requests back while MongoDB is away, and a cursor that
 * is held back is a promise: what was to read it throws where nobody catches it.
 */
export const databaseOf = (connection: Connection): mongo.Db => connection.getClient().db(connection.name);

/** A connection to one database. */
export type { Connection } from 'mongoose';

/** Whether the database can be asked just now. */
export const isConnected = ({ readyState }: Connection): boolean =>
  readyState === mongoose.ConnectionStates.connected;

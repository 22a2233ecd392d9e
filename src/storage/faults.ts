/** What an error of the driver means, whatever it is wrapped in. */
import { mongo } from 'mongoose';

const UNREACHABLE = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
] as const;

/** The driver tells everything that goes wrong in a bulk as a fault of the bulk; this is what went wrong. */
export function originalOf(error: unknown): unknown {
  const inner: unknown = error instanceof mongo.MongoBulkWriteError ? error.errorResponse : undefined;
  return inner instanceof Error ? inner : error;
}

/** Whether nothing else would get through either. */
export const isUnreachable = (error: unknown): boolean => UNREACHABLE.some((kind) => error instanceof kind);

/** Whether nothing of a transaction was done, and it may go well if tried again. */
export const isTransient = (error: unknown): boolean =>
  error instanceof mongo.MongoError && error.hasErrorLabel('TransientTransactionError');

const DUPLICATE_KEY = 11000;

/** Where in a bulk the first duplicate key stands, if that is what went wrong. */
export function duplicateAt(error: unknown): number | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) return undefined;
  return [error.writeErrors].flat()[0]?.index;
}

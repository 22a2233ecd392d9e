/** How large a collection and its indexes are, for whoever plans a machine. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';

export interface CollectionSize {
  readonly documents: number;
  /** Bytes on disk. */
  readonly data: number;
  /** Bytes of each index, by its name. */
  readonly indexes: Readonly<Record<string, number>>;
}

interface Stats {
  readonly storageStats: {
    readonly count: number;
    readonly storageSize: number;
    readonly indexSizes: Readonly<Record<string, number>>;
  };
}

export async function sizeOf(connection: Connection, collection: string): Promise<CollectionSize> {
  const [stats] = await databaseOf(connection)
    .collection(collection)
    .aggregate<Stats>([{ $collStats: { storageStats: {} } }])
    .toArray();
  const { count = 0, storageSize = 0, indexSizes = {} } = stats?.storageStats ?? {};
  return { documents: count, data: storageSize, indexes: indexSizes };
}

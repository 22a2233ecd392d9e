/** Keeping all that is declared searchable so, from the start of a server to its end. */
import { keepIndexes, type Upkeep } from './index-upkeep.ts';
import { readiness } from './readiness.ts';
import { reindex } from './reindex.ts';

export interface Searchable {
  /** Whether a type can be searched by a parameter just now. */
  readonly isSearchable: (type: string, name: string) => boolean;
  /** Kept when all of it is; the server serves before that. */
  readonly done: Promise<void>;
  /** Breaks off what is under way; the next start goes on with it. */
  readonly stop: () => Promise<void>;
}

/** Builds indexes that are missing, and extracts keys that are of older rules, while the server serves. */
export async function keepSearchable(needs: Omit<Upkeep, 'ready'>): Promise<Searchable> {
  const ready = readiness();
  const building = await keepIndexes({ ...needs, ready });
  const extracting = await reindex({ ...needs, ready });
  return {
    isSearchable: ready.isReady,
    done: Promise.all([building.done, extracting.done]).then(() => undefined),
    stop: async () => {
      building.stop();
      extracting.stop();
      await extracting.done;
    },
  };
}

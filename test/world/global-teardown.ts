/** Stops the MongoDB of the tests and removes its data; of one that stays, the databases of this run. */
import type { Embedded } from '../../src/storage/embedded/embedded.ts';
import { dropRun, RUN_VARIABLE } from './database.ts';

export default async function tearDown(): Promise<void> {
  const { testDatabase } = globalThis as { testDatabase?: Embedded };
  await (testDatabase === undefined ? dropRun(process.env[RUN_VARIABLE] ?? '') : testDatabase.stop());
}

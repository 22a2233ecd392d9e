/** Stops the MongoDB of the tests and removes its data. */
import { rm } from 'node:fs/promises';
import type { Embedded } from '../../src/storage/embedded/embedded.ts';

export default async function tearDown(): Promise<void> {
  const { testDatabase } = globalThis as { testDatabase?: { embedded: Embedded; dataDir: string } };
  if (testDatabase === undefined) return;
  await testDatabase.embedded.stop();
  await rm(testDatabase.dataDir, { recursive: true, force: true });
}

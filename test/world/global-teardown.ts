/** Stops the MongoDB of the tests and removes its data. */
import type { Embedded } from '../../src/storage/embedded/embedded.ts';

export default async function tearDown(): Promise<void> {
  const { testDatabase } = globalThis as { testDatabase?: Embedded };
  await testDatabase?.stop();
}

/** A program that says it is mongod and can do nothing else: enough where only its choice is tested. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const pretence = (version: string): string => `#!/bin/sh\necho "db version v${version}"\n`;

/** Writes the program to the directory and returns its path. */
export async function pretender(dir: string, version: string): Promise<string> {
  const path = join(dir, 'mongod');
  await writeFile(path, pretence(version), { mode: 0o700 });
  return path;
}

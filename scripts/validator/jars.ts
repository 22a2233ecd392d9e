/** Where the validator's jars are: fetched from Maven Central once for each state of pom.xml, then used offline. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The folder of the jars. Throws where Maven is not there or cannot fetch them. */
export function jars(): string {
  const pom = readFileSync(join(import.meta.dirname, 'pom.xml'));
  const state = createHash('sha256').update(pom).digest('hex').slice(0, 16);
  const cache = join(root, 'node_modules', '.cache', 'fhir-validator');
  const folder = join(cache, state);
  if (existsSync(folder)) return folder;
  console.log('Fetching the HL7 validator from Maven Central (once).');
  mkdirSync(cache, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(draft, folder);
  return folder;
}

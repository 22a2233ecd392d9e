/**
 * Whether a `mongod` runs on this machine, and whether its version may open the data there are.
 * MongoDB opens data of its own major version and of the one before it; going back is not possible
 * (https://www.mongodb.com/docs/manual/release-notes/7.0-upgrade-replica-set/).
 */
import { lastLine, run } from './command.ts';
import type { Missing, Mongod } from './sources/source.ts';

const VERSION_LINE = /^db version v(\d+\.\d+\.\d+)/m;
const OLDEST_MAJOR = 6;
const PATIENCE_MS = 10_000;

/** Asks the program for its version; a name without a slash is looked up on the PATH. */
export async function probe(path: string): Promise<Mongod | Missing> {
  const { problem, code, output } = await run([path, '--version'], () => PATIENCE_MS);
  if (problem === 'not-found') return { missing: 'not there, or not a program' };
  if (problem === 'gave-up') return { missing: `did not tell its version within ${PATIENCE_MS / 1000} s` };
  const version = VERSION_LINE.exec(output)?.[1];
  if (code === 0 && version !== undefined) return { path, version };
  return { missing: `does not run here: ${lastLine(output) || `exit code ${code ?? 'unknown'}`}` };
}

/** Why this version is not the one to start without being told to; undefined where it fits. */
export function unfit(version: string, dataVersion: string | undefined): string | undefined {
  if (dataVersion !== undefined && release(version) !== release(dataVersion)) {
    return `is MongoDB ${version}, but the data were written by ${dataVersion}`;
  }
  return Number(version.split('.')[0]) < OLDEST_MAJOR
    ? `is MongoDB ${version}; ${OLDEST_MAJOR}.0 or newer is needed`
    : undefined;
}

const release = (version: string): string => version.split('.').slice(0, 2).join('.');

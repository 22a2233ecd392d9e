/** MongoDB as its makers offer it for download: https://www.mongodb.com/try/download/community */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keep, withWorkspace } from '../cache.ts';
import type { Missing, Need, Source } from './source.ts';
import type { Progress } from './official-download.ts';

/** The newest release line that runs on every Linux kernel: 8.0 refuses 6.19 to 7.0.13. */
const VERSION = '7.0.40';
const PROGRAM = fileURLToPath(new URL('./official-download.ts', import.meta.url));
const MEGABYTE = 1024 * 1024;

export interface Official {
  /** Address of a mirror of the makers' downloads. */
  readonly mirror?: string;
  /** How long nothing may be heard before the first byte, and afterwards. */
  readonly patienceMs?: readonly [first: number, next: number];
}

/** Downloads and unpacks; checks the archive by the checksum published beside it. */
export function official({ mirror, patienceMs = [6_000, 30_000] }: Official = {}): Source {
  const from = mirror ?? 'https://fastdl.mongodb.org';
  return {
    name: `the download from ${from}`,
    seek: (need) =>
      withWorkspace(need.cacheDir, async (dir) => {
        const version = need.dataVersion ?? VERSION;
        need.say(`Asking ${from} for MongoDB ${version}`);
        const args = [dir, version, ...(mirror === undefined ? [] : [mirror])];
        const got = await download(args, need, patienceMs);
        return 'missing' in got ? got : keep(got.path, need.cacheDir);
      }),
  };
}

type Got = { readonly path: string } | Missing;

function download(args: string[], { say }: Need, [first, next]: readonly [number, number]): Promise<Got> {
  return new Promise((resolve) => {
    const child = fork(PROGRAM, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const announce = announcer(`MongoDB ${args[1] ?? ''}`, say);
    const end = (got: Got): void => {
      clearTimeout(timer);
      child.removeAllListeners('message').kill('SIGKILL');
      resolve(got);
    };
    const giveUp = (ms: number) => () => {
      end({ missing: `nothing came for ${ms / 1000} s` });
    };
    let timer = setTimeout(giveUp(first), first);
    child.on('message', (progress: Progress) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp(next), next);
      if ('path' in progress) end(progress);
      else if ('failed' in progress) end({ missing: progress.failed.split('\n').slice(0, 2).join(' ') });
      else announce(progress.done, progress.total);
    });
    child.once('error', (error) => {
      end({ missing: error.message });
    });
    child.once('exit', () => {
      end({ missing: 'the download broke off' });
    });
  });
}

/** Speaks once a tenth. The checksum file is small and comes last; nothing is said of it. */
function announcer(what: string, say: (text: string) => void): (done: number, total: number) => void {
  let told = -1;
  return (done, total) => {
    const tenth = Math.floor((done / total) * 10);
    if (total < MEGABYTE || tenth <= told) return;
    told = tenth;
    say(`Downloading ${what}: ${Math.round(done / MEGABYTE)} of ${Math.round(total / MEGABYTE)} MB`);
  };
}

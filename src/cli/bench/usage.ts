/** What processes use of the machine: CPU time and resident memory of a server with its workers, and of its mongod. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}
export interface Usages {
  /** Every process of the tree but mongod. */
  readonly server: Usage;
  readonly mongod: Usage;
}

interface Process extends Usage {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** USER_HZ and the page, as every Linux that Node runs on has them. */
const TICKS = 100;
const PAGE = 4096;
/** Kept copies of the program have its version in their name. */
const DATABASE = /^mongod\b/;

/** A line of /proc/pid/stat (proc_pid_stat(5)); the name stands in brackets and may hold anything. */
export function readStat(line: string): Process {
  const [open, close] = [line.indexOf('('), line.lastIndexOf(')')];
  const rest = line
    .slice(close + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, pages = 0] = [rest[1], rest[11], rest[12], rest[21]];
  return {
    pid: Number.parseInt(line, 10),
    name: line.slice(open + 1, close),
    parent,
    cpuSeconds: (user + system) / TICKS,
    rssBytes: pages * PAGE,
  };
}

async function fromProc(): Promise<readonly Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)),
  );
  return lines.filter((line) => line !== undefined).map(readStat);
}

/** `[days-][hours:]minutes:seconds`, seconds perhaps with a fraction (ps(1)). */
export function readTime(text: string): number {
  const [clock = '', days = '0'] = text.split('-').reverse();
  return Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

async function fromPs(): Promise<readonly Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,comm=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', parent = '', kilobytes = '', time = '', ...name] = line.trim().split(/\s+/);
      const path = name.join(' ').split('/');
      return {
        pid: Number(pid),
        parent: Number(parent),
        name: path.at(-1) ?? '',
        cpuSeconds: readTime(time),
        rssBytes: Number(kilobytes) * 1024,
      };
    });
}

function below(pid: number, all: readonly Process[]): readonly Process[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid, all)]);
}

function sum(some: readonly Process[]): Usage {
  const cpuSeconds = some.reduce((total, one) => total + one.cpuSeconds, 0);
  return { cpuSeconds, rssBytes: some.reduce((total, one) => total + one.rssBytes, 0) };
}

/** What the process and all below it have used until now. */
export async function usageOf(pid: number): Promise<Usages> {
  const all = process.platform === 'linux' ? await fromProc() : await fromPs();
  const tree = [...all.filter((one) => one.pid === pid), ...below(pid, all)];
  return {
    server: sum(tree.filter(({ name }) => !DATABASE.test(name))),
    mongod: sum(tree.filter(({ name }) => DATABASE.test(name))),
  };
}

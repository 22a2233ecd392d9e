/** When a process was started: together with its number, what tells it from a later one of the same number. */
import { readFile } from 'node:fs/promises';
import { run } from './command.ts';

const PATIENCE_MS = 2_000;

/** A text that no two processes of one number share; undefined where no such process is running. */
export function startOf(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** Fields of /proc/<pid>/stat after the name, which may itself hold blanks and brackets: state first, start 20th. */
async function fromProc(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields?.[19] === undefined || fields[0] === 'Z') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()} ${fields[19]}`;
}

async function fromPs(pid: number): Promise<string | undefined> {
  const { code, output } = await run(['ps', '-o', 'lstart=', '-p', String(pid)], () => PATIENCE_MS);
  return code === 0 && output.trim() !== '' ? output.trim() : undefined;
}

/** Runs the validator over resources and gathers what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Definitions } from './definitions.ts';

/** Something to judge. */
export interface Subject {
  /** What it is, for a person who has to find it. */
  readonly name: string;
  /** JSON text, decimals in their own digits. */
  readonly json: string;
  /** Profiles that it must meet beside those it claims. */
  readonly profiles?: readonly string[];
}

/** A fault found. */
export interface Fault {
  readonly subject: string;
  readonly place: string;
  readonly message: string;
}

export interface Verdict {
  readonly judged: number;
  readonly faults: readonly Fault[];
  /** Messages about bindings that nobody without a terminology server can check. */
  readonly unchecked: number;
}

interface Line {
  readonly name: string;
  readonly severity: string;
  readonly place: string;
  readonly message: string;
}

function lineOf(text: string): Line {
  const [name = '', severity = '', place = '', , message = ''] = text.split('\t');
  return { name, severity, place, message };
}

const oneLine = (json: string): string => json.replace(/[\t\r\n]+/g, ' ');

/** Judges the subjects, one after the other, as they come. */
export async function judge(
  jars: string,
  { folders, uncheckable }: Definitions,
  subjects: AsyncIterable<Subject>,
): Promise<Verdict> {
  const source = join(import.meta.dirname, 'Validate.java');
  const java = spawn('java', ['-Xmx2g', '-cp', `${jars}/*`, source, ...folders], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gathered = gather(createInterface({ input: java.stdout }), uncheckable);
  for await (const { name, profiles = [], json } of subjects) {
    const line = `${oneLine(name)}\t${profiles.join(',')}\t${oneLine(json)}\n`;
    if (!java.stdin.write(line)) await once(java.stdin, 'drain');
  }
  java.stdin.end();
  const verdict = await gathered;
  if (java.exitCode === null) await once(java, 'exit');
  if (java.exitCode !== 0) throw new Error(`The validator ended with code ${String(java.exitCode)}`);
  return verdict;
}

async function gather(lines: AsyncIterable<string>, uncheckable: readonly string[]): Promise<Verdict> {
  const faults: Fault[] = [];
  let [judged, unchecked] = [0, 0];
  for await (const text of lines) {
    const { name, severity, place, message } = lineOf(text);
    if (severity === 'done') judged += 1;
    else if (uncheckable.some((url) => message.includes(url))) unchecked += 1;
    else if (severity === 'error' || severity === 'fatal') faults.push({ subject: name, place, message });
  }
  return { judged, faults, unchecked };
}

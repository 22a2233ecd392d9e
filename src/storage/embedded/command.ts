/** Runs a program to its end, and gives it up when it has nothing to say for too long. */
import { spawn } from 'node:child_process';

export interface Outcome {
  /** Undefined where a signal ended the program, or where `problem` says why there is none. */
  readonly code?: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly problem?: 'not-found' | 'gave-up';
}

/** How many milliseconds of silence to bear, given what was said so far. */
export type Patience = (output: string) => number;

/** Runs a program with nothing on its standard input. Never throws: what goes wrong is in the outcome. */
export function run(command: readonly [string, ...string[]], patience: Patience): Promise<Outcome> {
  const [program, ...rest] = command;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const giveUp = (): void => {
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open long after the child is dead.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ output, problem: 'gave-up' });
    };
    let timer = setTimeout(giveUp, patience(output));
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience(output));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', () => {
      clearTimeout(timer);
      resolve({ output, problem: 'not-found' });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === null ? { output } : { output, code });
    });
  });
}

/** The last line that says anything, for a message. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}

/** Starts and kills the small server of server.ts as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mongodPath } from './place.ts';

const PROGRAM = fileURLToPath(new URL('./server.ts', import.meta.url));

interface Said {
  readonly uri?: string;
  readonly mongod?: number;
  readonly refused?: string;
  readonly ended?: string;
}

export interface ChildServer {
  readonly process: ChildProcess;
  /** The next line it says. */
  says(): Promise<Said>;
  /** Sends the signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export async function childServer(dataDir: string): Promise<ChildServer> {
  const child = spawn(process.execPath, [PROGRAM, dataDir, await mongodPath()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit');
  return {
    process: child,
    says: () => nextLine(lines),
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

async function nextLine(lines: Interface): Promise<Said> {
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as Said;
}

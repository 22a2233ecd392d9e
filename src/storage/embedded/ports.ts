/** Which port of the loopback the embedded MongoDB listens on: the one it had, or else any that is free. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readPrivate, writePrivate } from './private-files.ts';

export const LOOPBACK = '127.0.0.1';
const FILE = 'port';

/** The wanted port where nobody has it; otherwise one that the system chooses. */
export async function freePort(wanted: number | undefined): Promise<number> {
  return (wanted === undefined ? undefined : await listenable(wanted)) ?? (await listenable(0)) ?? 0;
}

function listenable(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' ? address?.port : undefined);
      });
    });
  });
}

/** The port of the last run. */
export async function keptPort(dir: string): Promise<number | undefined> {
  const text = (await readPrivate(join(dir, FILE))) ?? '';
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

export function keepPort(dir: string, port: number): Promise<void> {
  return writePrivate(join(dir, FILE), String(port));
}

/** Starts a second server process on the database of a world. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FHIR_PATH } from '../../src/app.ts';
import type { World } from '../world/world.ts';
import type { Door } from './server.ts';

const PROGRAM = join(import.meta.dirname, 'second-process.ts');

/** The door of another process; messages of HL7 v2 are not taken there. */
export async function otherNode(w: World, state: string): Promise<Door> {
  const { name } = w.services.connection;
  const child = fork(PROGRAM, [name, state, w.clock.now().toISOString()], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const told = once(child, 'message') as Promise<[{ readonly root: string; readonly base: string }]>;
  const early = ended.then(() => Promise.reject(new Error('The second process ended before it listened')));
  const [{ root, base }] = await Promise.race([told, early]);
  early.catch(() => undefined);
  return {
    ...{ root, base, url: root + FHIR_PATH },
    say: () => Promise.reject(new Error('This door takes no messages')),
    end: async () => {
      child.disconnect();
      await ended;
    },
  };
}

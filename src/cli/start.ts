/** `fhir-iis start`: the registry, until it is stopped. */
import cluster from 'node:cluster';
import type { Command } from 'commander';
import { readConfig, type Config } from '../config.ts';
import type { Log } from '../core/log.ts';
import { openDatabase, type Database } from '../database.ts';
import { logOf } from './logging.ts';
import { stopOnSignal, type Stopper } from './stopper.ts';
import { wholeNumber } from './whole-number.ts';

export interface StartOptions {
  readonly sandbox: boolean;
  readonly people: number;
}

/** What a process that starts has from the first moment. */
export interface Start {
  readonly config: Config;
  readonly log: Log;
  readonly stopper: Stopper;
}

export function start(program: Command): void {
  program
    .command('start')
    .description('start the registry; an empty store is filled with the sandbox first')
    .option('--no-sandbox', 'leave an empty store empty')
    .option('--people <number>', 'people of a new sandbox', wholeNumber, 1000)
    .action(async (options: StartOptions) => {
      const config = readConfig();
      const log = logOf(config.LOG_LEVEL);
      const starting = { config, log, stopper: stopOnSignal(log) };
      // The database is a process of its own: it starts while this one loads what it will serve with.
      const database = cluster.isWorker ? undefined : open(starting);
      const [{ lead, work }, opened] = await Promise.all([import('./serving.ts'), database]);
      const served = opened === undefined ? work(starting) : lead(starting, opened, options);
      // Stopped while it still starts: what that interrupts is no fault to tell.
      await served.catch((error: unknown) => {
        if (!starting.stopper.isStopping()) throw error;
      });
    });
}

async function open({ config, log, stopper }: Start): Promise<Database> {
  const database = await openDatabase(config, log, {
    say: (line) => {
      console.log(line);
    },
    onLost: (why) => {
      stopper.stop(why);
    },
  });
  stopper.onStop(database.stop);
  return database;
}

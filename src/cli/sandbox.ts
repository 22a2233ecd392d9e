/** `fhir-iis sandbox`: fills a store with a believable synthetic state, through the server's own door. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { SingleBar, Presets } from 'cli-progress';
import type { Command } from 'commander';
import { readConfig, type Config } from '../config.ts';
import { fail } from '../core/failure.ts';
import { publishOwn } from '../interactions/publish.ts';
import { openDatabase } from '../database.ts';
import { load, type Loaded } from '../sandbox/load.ts';
import { sendingTo } from '../sandbox/send.ts';
import type { Truth } from '../sandbox/truth.ts';
import { openServices, wiringOf, type Services } from '../services.ts';
import { hasRecords, markSandbox, sandboxOf } from '../storage/facts.ts';
import { terminology } from '../terminology/load.ts';
import { logOf } from './logging.ts';
import { wholeNumber } from './whole-number.ts';

const SEED = 2026;
const AT_ONCE = 8;

interface SandboxOptions {
  readonly people: number;
  readonly seed: number;
}

export function sandbox(program: Command): void {
  program
    .command('sandbox')
    .description('fill an empty store with synthetic people (no server may run on it)')
    .option('--people <number>', 'how many people', wholeNumber, 1000)
    .option('--seed <number>', 'the same seed makes the same people', wholeNumber, SEED)
    .action(async (options: SandboxOptions) => {
      const config = readConfig();
      const log = logOf(config.LOG_LEVEL);
      const database = await openDatabase(config, log, {
        say: console.error,
        onLost: (why) => fail('unavailable', why),
      });
      try {
        const services = await openServices(
          wiringOf(config, database.uri, config.BASE_URL ?? 'http://localhost', log),
        );
        await publishOwn(services.rooms);
        if (await hasRecords(services.connection)) {
          fail(
            'conflict',
            'The store has records already; a sandbox is made in an empty one. Set DATA_DIR to a new folder.',
          );
        }
        await fill(services, config, options);
        await services.close();
      } finally {
        await database.stop();
      }
    });
}

/** Fills a store that has nothing in it; any other is left as it is. */
export async function fillIfEmpty(services: Services, people: number, config: Config): Promise<void> {
  if (await hasRecords(services.connection)) {
    const mark = await sandboxOf(services.connection);
    if (mark?.complete === false)
      console.log('This sandbox was not filled to its end; remove DATA_DIR to have it made anew.');
    return;
  }
  await fill(services, config, { people, seed: SEED });
}

/** The truth of who is who lies beside the data, for tests of matching; the server never reads it. */
async function fill(
  { rooms, connection }: Services,
  config: Config,
  { people, seed }: SandboxOptions,
): Promise<void> {
  const mark = { seed, people, at: rooms.now() };
  await markSandbox(connection, { ...mark, complete: false });
  const bar = new SingleBar(
    { format: 'Making the sandbox {bar} {value}/{total} people', hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(people, 0);
  const side = createWriteStream(join(config.DATA_DIR, 'sandbox-truth.ndjson'), { mode: 0o600 });
  const loaded = await load({
    seed,
    people,
    today: rooms.now().toISOString().slice(0, 10),
    terms: terminology(),
    parallelism: AT_ONCE,
    send: sendingTo(rooms),
    truth: async (truth: Truth) => {
      if (!side.write(`${JSON.stringify(truth)}\n`)) await once(side, 'drain');
    },
    progress: (done: Loaded) => {
      bar.update(done.people);
    },
  }).finally(() => {
    bar.stop();
  });
  side.end();
  await once(side, 'close');
  await markSandbox(connection, { ...mark, complete: true });
  console.log(
    `${loaded.people} people, ${loaded.resources} resources. Who is who: ${join(config.DATA_DIR, 'sandbox-truth.ndjson')}`,
  );
}

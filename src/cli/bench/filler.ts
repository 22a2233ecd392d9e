/**
 * A process that fills an empty store with the benchmark's people before the server starts on it, and tells the
 * benchmark what can be asked for. Started by it, ends with it.
 */
import { once } from 'node:events';
import { readConfig } from '../../config.ts';
import { openDatabase } from '../../database.ts';
import { openServices, wiringOf } from '../../services.ts';
import { markSandbox } from '../../storage/facts.ts';
import { collectionsOf, fillBeforeIndexes } from '../../storage/indexes.ts';
import { MARKS } from '../../storage/forecast-state.ts';
import { STANDINGS } from '../../storage/write.ts';
import { logOf } from '../logging.ts';
import { bodiesFrom } from './bodies.ts';
import { fill } from './fill.ts';

/** What a person leaves documents in. */
const FILLED: ReadonlySet<string> = new Set(['Patient', 'Immunization', STANDINGS, MARKS]);

async function fillStore(people: number, run: string): Promise<void> {
  const config = readConfig();
  const log = logOf('error');
  const database = await openDatabase(config, log, { say: () => undefined, onLost: () => process.exit(1) });
  const services = await openServices(wiringOf(config, database.uri, 'http://localhost/fhir/R4', log));
  const { rooms, connection } = services;
  await markSandbox(connection, { seed: 0, people, at: rooms.now(), complete: true });
  const indexes = new Map([...collectionsOf(rooms.catalog)].filter(([name]) => FILLED.has(name)));
  const known = await fillBeforeIndexes(connection, indexes, () => fill(rooms, people, bodiesFrom(0, run)));
  process.send?.(known);
  await services.close();
  await database.stop();
}

const [, , people = '0', run = ''] = process.argv;
void once(process, 'SIGTERM').then(() => process.exit(1));
await fillStore(Number(people), run);
process.disconnect();

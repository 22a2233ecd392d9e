/** `fhir-iis bench`: how much this machine gets from the server, beside how much it could get at most. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { benchAccess } from './bench/access.ts';
import { benchBatch } from './bench/batch.ts';
import { benchForecast, writeMeasurements } from './bench/forecast.ts';
import { benchMatching } from './bench/matching.ts';
import { FLOORS, SCENARIOS } from './bench/scenarios.ts';
import { WAYS, type Way } from './bench/people.ts';
import { runBenchmark, START_TIME, withStarted } from './bench/run.ts';
import { wholeNumber } from './whole-number.ts';

/** The forecasting engine alone, in this process. */
const FORECAST = 'forecast';
/** Matching, on a register of its own in this process. */
const MATCHING = 'matching';
const REGISTER = 200_000;
/** What tokens, policy and the record cost an answer, in this process. */
const ACCESS = 'access';
const MOST_FOR_ACCESS = 2000;
/** A file of messages, taken by a process of its own. */
const BATCH = 'v2-batch';
const ALONE = [ACCESS, FORECAST, MATCHING, BATCH] as const;
const NAMES = [...Object.keys(FLOORS), ...Object.keys(SCENARIOS), START_TIME, ...ALONE];

function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

function scenario(name: string, others: readonly string[]): readonly string[] {
  if (!NAMES.includes(name)) throw new InvalidArgumentError(`It must be one of ${NAMES.join(', ')}.`);
  return [...others, name];
}

/** More would be long in coming over HTTP. */
const MOST_BY_HTTP = 5000;

interface Given {
  readonly people: number;
  readonly register: number;
  readonly load?: Way;
  readonly messages: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly connections: number;
  readonly workers: number;
  readonly scenario: readonly string[];
  readonly dataDir?: string;
  readonly profile?: string;
}

/** Adds the subcommand. It is no test: it has no limits to pass, only numbers to read. */
export function bench(program: Command): void {
  program
    .command('bench')
    .description('measure the server against bare Express and driver on this machine, over loopback')
    .option('--people <number>', 'people of ten doses each in the store that is measured', atLeastOne, 20_000)
    .option('--register <number>', 'people on file for the scenario matching', atLeastOne, REGISTER)
    .addOption(
      new Option(
        '--load <way>',
        'how they come there: over HTTP, each in a transaction, or straight into the store, which takes a third of ' +
          `the CPU time and leaves the same documents, but nothing in the log (default: straight for more than ${MOST_BY_HTTP})`,
      ).choices(WAYS),
    )
    .option('--messages <number>', `messages in the file of ${BATCH}`, atLeastOne, 2000)
    .option('--seconds <number>', 'how long each scenario is measured', atLeastOne, 5)
    .option(
      '--warm-up <seconds>',
      'how long each scenario and each floor runs before it is measured: a store of many people that was just started ' +
        'reads its pages from disk for a while, a small one does not, so that two sizes are compared after a minute',
      atLeastOne,
      2,
    )
    .option('--connections <number>', 'connections that ask at once', atLeastOne, 16)
    .option('--workers <number>', 'processes of the server', atLeastOne, 1)
    .option('--scenario <name>', `only this, may be repeated: ${NAMES.join(', ')}`, scenario, [])
    .option(
      '--data-dir <folder>',
      'keep the store there; one that is there is measured as it is, and added to',
    )
    .option('--profile <folder>', 'write CPU profiles of the server there')
    .action(async (given: Given) => {
      const asked = given.scenario;
      const scenarios = asked.filter((name) => !ALONE.some((alone) => alone === name));
      if (asked.length === 0 || scenarios.length > 0)
        await runBenchmark({ ...given, load: given.load ?? usualWay(given), scenarios, say });
      for (const name of ALONE) if (asked.length === 0 || asked.includes(name)) await runAlone[name](given);
    });
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const usualWay = ({ people }: Given): Way => (people > MOST_BY_HTTP ? 'straight' : 'http');

/** Each on a database of its own. */
const runAlone = {
  [ACCESS]: async ({ people, seconds, connections }: Given) => {
    const some = Math.min(people, MOST_FOR_ACCESS);
    await withStarted((started) => benchAccess({ people: some, seconds, connections, say }, started));
  },
  [FORECAST]: () => {
    say(`\n${writeMeasurements(benchForecast())}`);
    return Promise.resolve();
  },
  [MATCHING]: async ({ register }: Given) => {
    say(`\n${writeMeasurements(await benchMatching(register, say))}`);
  },
  [BATCH]: ({ messages }: Given) => benchBatch(messages, say),
} as const;

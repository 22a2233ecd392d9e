/** `fhir-iis bench`: how much this machine gets from the server, beside how much it could get at most. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { benchForecast, writeMeasurements } from './bench/forecast.ts';
import { benchMatching } from './bench/matching.ts';
import { FLOORS, SCENARIOS } from './bench/scenarios.ts';
import { runBenchmark, START_TIME, WAYS, type Way } from './bench/run.ts';
import { wholeNumber } from './whole-number.ts';

/** The forecasting engine alone, in this process. */
const FORECAST = 'forecast';
/** Matching, on a register of its own in this process. */
const MATCHING = 'matching';
const REGISTER = 200_000;
const ALONE: readonly string[] = [FORECAST, MATCHING];
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
  readonly load?: Way;
  readonly seconds: number;
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
    .addOption(
      new Option(
        '--load <way>',
        'how they come there: over HTTP, each in a transaction, or straight into the store, which takes a fifth of ' +
          `the time and leaves the same documents, but nothing in the log (default: straight for more than ${MOST_BY_HTTP})`,
      ).choices(WAYS),
    )
    .option('--seconds <number>', 'how long each scenario is measured', atLeastOne, 5)
    .option('--connections <number>', 'connections that ask at once', atLeastOne, 16)
    .option('--workers <number>', 'processes of the server', atLeastOne, 1)
    .option('--scenario <name>', `only this, may be repeated: ${NAMES.join(', ')}`, scenario, [])
    .option('--data-dir <folder>', 'measure on this store instead of a new one; the benchmark adds to it')
    .option('--profile <folder>', 'write CPU profiles of the server there')
    .action(async ({ scenario: asked, ...given }: Given) => {
      const say = (text: string): boolean => process.stdout.write(`${text}\n`);
      const scenarios = asked.filter((name) => !ALONE.includes(name));
      const load = given.load ?? (given.people > MOST_BY_HTTP ? 'straight' : 'http');
      if (asked.length === 0 || scenarios.length > 0) await runBenchmark({ ...given, load, scenarios, say });
      if (asked.length === 0 || asked.includes(FORECAST)) say(`\n${writeMeasurements(benchForecast())}`);
      if (asked.length === 0 || asked.includes(MATCHING))
        say(`\n${writeMeasurements(await benchMatching(REGISTER, say))}`);
    });
}

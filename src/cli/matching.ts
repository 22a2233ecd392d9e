/** `fhir-iis matching`: measures who is found to be who, on synthetic people or on a file of records. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readWeights } from '../matching/weights.ts';
import { filePeople } from './matching/file-people.ts';
import { measureFile, measureSandbox } from './matching/measure.ts';
import { doseTable, keyTable, newcomerTable, qualityTable, type Row } from './matching/tables.ts';
import { train } from './matching/train.ts';
import { writePairs } from './matching/write-pairs.ts';
import { wholeNumber } from './whole-number.ts';

const seeds = (text: string): readonly number[] => text.split(',').map(wholeNumber);

interface Given {
  readonly seed: readonly number[];
  readonly people: number;
  readonly weights?: string;
  readonly estimate?: string;
  readonly file?: string;
  readonly write?: string;
  readonly json?: true;
}

/** Adds the subcommand. Weights are estimated on other seeds than those that are measured. */
export function matching(program: Command): void {
  program
    .command('matching')
    .description('measure matching of people and doses on synthetic records whose truth is known')
    .option('--seed <numbers>', 'seeds of the records, joined by commas', seeds, [101, 102, 103])
    .option('--people <number>', 'people for each seed', wholeNumber, 20_000)
    .option('--weights <file>', 'weights to measure, instead of those shipped')
    .option('--estimate <file>', 'estimate weights on the seeds, write them there, and measure nothing')
    .option('--file <file>', 'measure a file of records instead, its weights estimated without the truth')
    .option('--write <folder>', 'write records and candidate pairs there, for another linker to judge')
    .option('--json', 'print figures as JSON')
    .action((given: Given) => {
      if (given.estimate === undefined) measure(given);
      else writeFileSync(given.estimate, `${JSON.stringify(train(given.seed, given.people), rounded, 1)}\n`);
    });
}

/** Four digits are more than the counts behind them carry. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function measure({ seed, people, weights, file, write, json }: Given): void {
  const start = readWeights(weights);
  const measured =
    file === undefined ? measureSandbox(seed, people, start) : [measureFile(file, filePeople(file), start)];
  if (write !== undefined) for (const each of measured) writePairs(write, each);
  const rows: readonly Row[] = measured;
  if (json === true) {
    for (const { name, figures, throughput } of rows) print(JSON.stringify({ name, ...figures, throughput }));
    return;
  }
  show(rows);
}

function show(rows: readonly Row[]): void {
  print(qualityTable(rows));
  const [first] = rows;
  if (first !== undefined) print(`\nBlocking keys, ${first.name}\n\n${keyTable(first)}`);
  if (first?.doses !== undefined) print(`\nDoses\n\n${doseTable(rows)}`);
  if (first?.newcomers !== undefined) print(`\nNew people\n\n${newcomerTable(rows)}`);
}

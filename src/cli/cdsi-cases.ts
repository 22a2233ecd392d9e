/** `fhir-iis cdsi-cases`: runs a file of CDC's CDSi test cases and says how far the forecaster agrees. */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { fail } from '../core/failure.ts';
import { readCases } from '../forecasting/cases/case.ts';
import { compareCase } from '../forecasting/cases/compare.ts';
import { reportOn, writeReport } from '../forecasting/cases/report.ts';
import { loadSchedule } from '../forecasting/schedule/load-schedule.ts';

interface Given {
  readonly json?: true;
  readonly data?: string;
}

/** Adds the subcommand. Seasons are read literally: the cases were written for the season of their release. */
export function cdsiCases(program: Command): void {
  program
    .command('cdsi-cases')
    .description("run CDC's CDSi test cases and print agreement for each suite, vaccine group and field")
    .argument('<file>', 'JSON array of cases')
    .option('--json', 'print the report as JSON')
    .option('--data <file>', 'a release compiled by cdsi-data, instead of the one shipped')
    .action((file: string, { json, data }: Given) => {
      const schedule = loadSchedule(data);
      const comparisons = readCases(readJson(file)).flatMap((test) => compareCase(schedule, test));
      const report = reportOn(schedule.version, comparisons);
      process.stdout.write(`${json === true ? JSON.stringify(report, null, 1) : writeReport(report)}\n`);
    });
}

/** The JSON of a file of the operator's. */
export function readJson(file: string): unknown {
  if (!existsSync(file)) return fail('not-found', `There is no file ${file}`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return fail('malformed', `${file} is not JSON`);
  }
}

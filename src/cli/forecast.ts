/** `fhir-iis forecast`: forecasts one patient from a file, for people who have no server. */
import type { Command } from 'commander';
import { systemClock, type Clock } from '../core/clock.ts';
import { explain } from '../forecasting/explain.ts';
import { forecast } from '../forecasting/forecast.ts';
import type { ForecastRequest } from '../forecasting/patient.ts';
import type { ForecastResult, VaccineGroupForecast } from '../forecasting/result.ts';
import { loadSchedule } from '../forecasting/schedule/load-schedule.ts';
import { readJson } from './cdsi-cases.ts';
import { patientIn } from './forecast-file.ts';

interface Given {
  readonly date?: string;
  readonly explain?: string | true;
  readonly literalSeasons?: true;
  readonly json?: true;
  readonly data?: string;
}

/** Adds the subcommand. */
export function forecastCommand(program: Command): void {
  program
    .command('forecast')
    .description(
      'forecast one patient from a JSON file: patient (birthDate, gender), doses (date, cvx), observations (code)',
    )
    .argument('<file>', 'the patient')
    .option('--date <date>', 'assessment date, YYYY-MM-DD; else that of the file, else today')
    .option('--explain [group]', 'say why, for one vaccine group or all')
    .option('--literal-seasons', 'take the seasons of the schedule as published')
    .option('--json', 'print JSON')
    .option('--data <file>', 'a release compiled by cdsi-data, instead of the one shipped')
    .action((file: string, given: Given) => {
      process.stdout.write(`${answer(requestOf(readJson(file), given, systemClock), given)}\n`);
    });
}

function answer(request: ForecastRequest, { explain: why, json, data }: Given): string {
  const schedule = loadSchedule(data);
  if (why === undefined) {
    const result = forecast(schedule, request);
    return json === true ? JSON.stringify(result, null, 1) : written(result);
  }
  const explanation = explain(schedule, request, why === true ? {} : { vaccineGroup: why });
  if (json === true) return JSON.stringify(explanation, null, 1);
  return [written(explanation.result), '', ...explanation.lines].join('\n');
}

function requestOf(file: unknown, { date, literalSeasons }: Given, clock: Clock): ForecastRequest {
  const { assessmentDate, ...asked } = patientIn(file);
  return {
    ...asked,
    assessmentDate: date ?? assessmentDate ?? clock().toISOString().slice(0, 10),
    seasons: literalSeasons === true ? 'literal' : 'projected',
  };
}

function written({
  scheduleVersion,
  assessmentDate,
  forecasts,
  evaluations,
  notices,
}: ForecastResult): string {
  return [
    `Assessed ${assessmentDate} by CDSi supporting data ${scheduleVersion}`,
    ...forecasts.map(line),
    ...evaluations
      .filter(({ status }) => status !== 'Valid')
      .map(
        ({ dose, vaccineGroup, status, reasons }) =>
          `Dose ${dose}: ${status} for ${vaccineGroup} (${reasons.join(', ')})`,
      ),
    ...notices.map(({ kind, dose }) => (dose === undefined ? kind : `Dose ${dose}: ${kind}`)),
  ].join('\n');
}

function line(one: VaccineGroupForecast): string {
  const name = `${one.vaccineGroup} (${one.seriesGroup ?? one.seriesType})`.padEnd(36);
  if (one.earliestDate === undefined) return `${name} ${one.status}`;
  const pastDue = one.pastDueDate === undefined ? '' : `, past due after ${one.pastDueDate}`;
  const season = one.projectedSeason === undefined ? '' : ' (season projected)';
  return `${name} dose ${one.doseNumber ?? '?'}: earliest ${one.earliestDate}, recommended ${one.recommendedDate ?? '-'}${pastDue}${season}`;
}

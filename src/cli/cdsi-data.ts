/** `fhir-iis cdsi-data`: compiles a release of CDC's CDSi supporting data into the form that the server ships. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../core/failure.ts';
import { buildSchedule } from '../forecasting/schedule/build-schedule.ts';
import { compileRelease, type XmlFile } from '../forecasting/schedule/compile.ts';
import { loadGuidance, SHIPPED_RELEASE } from '../forecasting/schedule/load-schedule.ts';
import type { Release } from '../forecasting/schedule/release.ts';
import { writeRelease } from '../forecasting/schedule/write-release.ts';

interface Given {
  readonly release?: string;
  readonly out: string;
}

/** Adds the subcommand. */
export function cdsiData(program: Command): void {
  program
    .command('cdsi-data')
    .description(
      "compile a release of CDC's CDSi supporting data (antigen and schedule XML) for the forecaster",
    )
    .argument('<folder>', 'folder with the XML files of the release')
    .option(
      '--release <version>',
      'version of the release, such as 4.64-508; else read from the folder or its README',
    )
    .option('--out <file>', 'where to write it', SHIPPED_RELEASE)
    .action((folder: string, given: Given) => {
      compileFolder(folder, given);
    });
}

function compileFolder(folder: string, { release: named, out }: Given): void {
  const files = filesOf(folder);
  const version = named ?? versionOf(folder);
  const { release, warnings } = compileRelease(files, version);
  const guidance = loadGuidance();
  // Building finds what only shows when the parts are put together, such as series that wait for each other.
  buildSchedule(release, guidance);
  writeFileSync(out, writeRelease(release));
  process.stdout.write(`${summary(release)}\nwritten to ${out}\n`);
  for (const warning of [...warnings, ...unworded(release, guidance)])
    process.stdout.write(`warning: ${warning}\n`);
}

function unworded(release: Release, guidance: Readonly<Record<string, string>>): string[] {
  const keys = guidanceKeys(release).filter((key) => guidance[key] === undefined);
  if (keys.length === 0) return [];
  return [`${keys.length} guidance texts have no words in guidance.json: ${keys.join(' ')}`];
}

function filesOf(folder: string): XmlFile[] {
  if (!existsSync(folder)) return fail('not-found', `There is no folder ${folder}`);
  return readdirSync(folder)
    .filter((name) => name.toLowerCase().endsWith('.xml'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const VERSION = /(?<!\d)(\d\.\d{2}-\d{3})(?!\d)/;
const SHORT_VERSION = /(?<![\d.])(\d\.\d{2})(?![\d.])/;

/** The version that the folder, its parents or a note beside it name; the files themselves do not. */
function versionOf(folder: string): string {
  const path = resolve(folder);
  const notes = [path, dirname(path)].flatMap((place) =>
    readdirSync(place)
      .filter(isNote)
      .map((name) => readFileSync(join(place, name), 'utf8')),
  );
  const found = [path, ...notes]
    .map((text) => VERSION.exec(text)?.[1])
    .find((version) => version !== undefined);
  const version = found ?? SHORT_VERSION.exec(path)?.[1];
  return (
    version ??
    fail(
      'required',
      'The files do not name the version of the release: add --release, such as --release 4.64-508',
    )
  );
}

function isNote(name: string): boolean {
  return /^(readme|release|version).*\.(md|txt)$/i.test(name);
}

function guidanceKeys({ antigens }: Release): string[] {
  const keys = antigens.flatMap(({ series, contraindications = [], vaccineContraindications = [] }) => [
    ...series.flatMap(({ guidance = [], indications = [] }) => [
      ...guidance,
      ...indications.flatMap((row) => row.guidance ?? []),
    ]),
    ...[...contraindications, ...vaccineContraindications].flatMap((row) => row.guidance ?? []),
  ]);
  return [...new Set(keys)];
}

function summary(release: Release): string {
  const series = release.antigens.flatMap((antigen) => antigen.series);
  const doses = series.flatMap((one) => one.doses);
  return [
    `CDSi supporting data ${release.version}:`,
    `${release.antigens.length} antigens, ${series.length} series, ${doses.length} series doses,`,
    `${Object.keys(release.vaccines).length} vaccines (CVX), ${Object.keys(release.observations).length} observations`,
  ].join(' ');
}

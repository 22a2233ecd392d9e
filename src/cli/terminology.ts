/** `fhir-iis terminology`: takes CDC's newer code tables; a server reads them when it starts. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { TABLES_FOLDER } from '../fhir/profile-files.ts';
import { takeRelease } from '../terminology/release/take.ts';

interface TerminologyOptions {
  readonly release: string;
  readonly to: string;
}

export function terminologyCommand(program: Command): void {
  program
    .command('terminology')
    .description(
      "take newer code tables from a folder of CDC's files (CVX, MVX, NDC, CPT, groups, VIS) and say what changed",
    )
    .argument('<folder>', 'the files as CDC gives them out: XML, and text for NDC')
    .option('--release <name>', 'what their origin calls their state', 'unnamed')
    .option('--to <folder>', 'where the tables of the server are', TABLES_FOLDER)
    .action((folder: string, { release, to }: TerminologyOptions) => {
      console.log(takeRelease({ from: resolve(folder), name: release, to: resolve(to) }).trimEnd());
    });
}

/** The program and its subcommands, one a file. */
import { Command } from 'commander';
import { Failure } from '../core/failure.ts';
import { bench } from './bench.ts';
import { sandbox } from './sandbox.ts';
import { start } from './start.ts';

const SUBCOMMANDS: readonly ((program: Command) => void)[] = [start, sandbox, bench];

/** Runs the subcommand that the command line names. */
export async function run(): Promise<void> {
  const program = new Command('fhir-iis')
    .description('An open immunization registry server: FHIR R4 on MongoDB.')
    .version('0.1.0')
    .showHelpAfterError();
  for (const add of SUBCOMMANDS) add(program);
  try {
    await program.parseAsync();
  } catch (error) {
    // A Failure was written for a person; anything else is a fault, whose stack helps whoever mends it.
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  }
}

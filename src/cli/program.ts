/** The program and its subcommands, one a file. Only the one that is asked for is loaded. */
import { Command } from 'commander';
import { Failure } from '../core/failure.ts';

type Add = (program: Command) => void;

const SUBCOMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  start: async () => (await import('./start.ts')).start,
  sandbox: async () => (await import('./sandbox.ts')).sandbox,
  token: async () => (await import('./token.ts')).token,
  'rotate-signing-keys': async () => (await import('./rotate-signing-keys.ts')).rotateSigningKeys,
  forecast: async () => (await import('./forecast.ts')).forecastCommand,
  'forecast-all': async () => (await import('./forecast-all.ts')).forecastAll,
  'cdsi-cases': async () => (await import('./cdsi-cases.ts')).cdsiCases,
  'cdsi-data': async () => (await import('./cdsi-data.ts')).cdsiData,
  consent: async () => (await import('./consent.ts')).consentCommand,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  hl7v2: async () => (await import('./hl7v2.ts')).hl7v2,
  audit: async () => (await import('./audit.ts')).audit,
  'rotate-keys': async () => (await import('./rotate-keys.ts')).rotateKeys,
  bench: async () => (await import('./bench.ts')).bench,
  participants: async () => (await import('./participants.ts')).participants,
  matching: async () => (await import('./matching.ts')).matching,
  terminology: async () => (await import('./terminology.ts')).terminologyCommand,
};

/** Runs the subcommand that the command line names. */
export async function run(): Promise<void> {
  const program = new Command('fhir-iis')
    .description('An open immunization registry server: FHIR R4 on MongoDB.')
    .version('0.1.0')
    .showHelpAfterError();
  const asked = SUBCOMMANDS[process.argv[2] ?? ''];
  const loaders = asked === undefined ? Object.values(SUBCOMMANDS) : [asked];
  for (const load of loaders) (await load())(program);
  try {
    await program.parseAsync();
  } catch (error) {
    // A Failure was written for a person; anything else is a fault, whose stack helps whoever mends it.
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  }
}

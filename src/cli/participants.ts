/** `fhir-iis participants`: what is done to participants where nobody can sign on yet: the first manager, a password. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { FHIR_PATH } from '../app.ts';
import { hashOf } from '../auth/passwords.ts';
import { readConfig } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import { openDatabase } from '../database.ts';
import { makeFirstManager, mendSignOn, type First } from '../participants/begin.ts';
import { openServices, wiringOf, type Services } from '../services.ts';
import { accountsOf } from '../storage/accounts.ts';
import { outboxOf } from '../storage/outbox.ts';
import { logOf } from './logging.ts';
import { say, withStore } from './with-store.ts';

const PASSWORD_MIN = 12;

/** Adds the subcommand. */
export function participants(program: Command): void {
  const command = program
    .command('participants')
    .description('the first registry manager, passwords, and notices that could not be delivered');
  command
    .command('first-manager')
    .description('make the registry and its first manager; the password is read from the standard input')
    .requiredOption('--registry <name>', 'name of the registry')
    .requiredOption('--account <name>', 'name of the account')
    .requiredOption('--given <name>', 'given name')
    .requiredOption('--family <name>', 'family name')
    .requiredOption('--agreement <version>', 'version of the agreement that is accepted')
    .action(async ({ agreement, ...first }: Omit<First, 'version'> & { readonly agreement: string }) => {
      const password = await readPassword();
      await withServices(async (services) => {
        const id = await makeFirstManager(services.rooms.handle, { ...first, version: agreement });
        await setPassword(services, first.account, password);
        console.log(`Organization/${id} takes part, and ${first.account} manages the registry.`);
      });
    });
  command
    .command('password')
    .description('set the password of an account; it is read from the standard input')
    .argument('<account>')
    .action(async (account: string) => {
      const password = await readPassword();
      await withServices((services) => setPassword(services, account, password));
    });
  mending(command);
  command
    .command('notices')
    .description('list the notices that could not be delivered')
    .option('--again', 'let them be sent again')
    .action(({ again }: { readonly again?: true }) =>
      withStore(async ({ connection }) => {
        const outbox = outboxOf(connection, systemClock);
        for (const { to, subject, why = '', at } of await outbox.givenUp())
          say(`${at.toISOString()} ${to} “${subject}”: ${why}`);
        if (again === true) say(`${await outbox.again()} wait to be sent again.`);
      }, 'beside a server'),
    );
}

/** Subcommands for those who cannot sign on. */
function mending(command: Command): void {
  const mend = (name: string, means: string, ...more: readonly string[]): void => {
    const sub = command.command(name).description(means).argument('<account>');
    for (const each of more) sub.argument(`<${each}>`);
    sub.action((account: string, ...values: readonly unknown[]) =>
      withServices(async ({ rooms }) => {
        const given = more.map((each, at) => [each, String(values[at])] as const);
        await mendSignOn(rooms, name, { account, ...Object.fromEntries(given) });
        say(`${name}: ${account} is signed on nowhere any more.`);
      }),
    );
  };
  mend('reset-second-factor', 'let an account set up a new second factor at its next sign-on');
  mend('link-identity', 'link an account to an identity of an outside provider', 'issuer', 'subject');
  mend('unlink-identity', 'unlink an account from its identity');
}

async function readPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line.length >= PASSWORD_MIN
      ? line
      : fail('invalid-value', `A password has at least ${PASSWORD_MIN} characters.`);
  }
  return fail('required', 'Send the password on the standard input.');
}

async function setPassword({ connection, rooms }: Services, id: string, password: string): Promise<void> {
  const accounts = accountsOf(connection);
  const account = (await accounts.find(id)) ?? fail('not-found', 'There is no account of this name.');
  await accounts.put({ ...account, password: await hashOf(password) });
  const detail = { change: 'password', subject: `account:${id}` };
  await rooms.happened({ what: 'participant', outcome: 'done', detail });
}

async function withServices(work: (services: Services) => Promise<void>): Promise<void> {
  const config = readConfig();
  const onLost = (why: string): void => {
    console.error(why);
    process.exit(1);
  };
  const log = logOf('warn');
  const database = await openDatabase(config, log, { say: () => undefined, onLost });
  try {
    const base = config.BASE_URL ?? `http://localhost:${config.PORT}${FHIR_PATH}`;
    const services = await openServices(wiringOf(config, database.uri, base, log));
    await work(services).finally(services.close);
  } finally {
    await database.stop();
  }
}

/**
 * `fhir-iis token`: an access token of a running sandbox. The command needs no database: it proves by the master keys
 * that it may ask, and the server, which has the database, answers under the same keys.
 */
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { COMMAND_PATH, COMMAND_SEAL } from '../auth/server/door.ts';
import type { Wish } from '../auth/server/mint.ts';
import { OAUTH_PATH } from '../auth/server/parts.ts';
import { readConfig, type Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import { readPrivate } from '../storage/embedded/private-files.ts';
import { readKeyring } from '../storage/keyring.ts';
import { sealingOf, secretsOf } from '../storage/secrets.ts';

/** File in which a server says where it answers. */
export const addressFile = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): string => join(DATA_DIR, 'address');

export function token(program: Command): void {
  program
    .command('token')
    .description('print an access token of the running sandbox')
    .requiredOption('--as <name>', 'an account or a client; the start of the server lists them')
    .option('--purpose <code>', 'purpose of use; without it the one of the role')
    .option('--scope <scopes>', 'SMART scopes; without them all that the bearer may have')
    .addOption(new Option('--patient <id>', 'the patient whom the token is about'))
    .action(async (wish: Wish) => {
      console.log(await askFor(readConfig(), wish));
    });
}

/**
 * Asks the running server for a token.
 * @throws Failure `unavailable` where none runs; what the server refuses, in its words
 */
export async function askFor(config: Config, wish: Wish): Promise<string> {
  const address = (await readPrivate(addressFile(config))) ?? noServer();
  const { seal, open } = sealingOf(secretsOf(readKeyring(config.KEYS_DIR)), COMMAND_SEAL);
  const response = await fetch(address + OAUTH_PATH + COMMAND_PATH, {
    method: 'POST',
    body: seal(JSON.stringify({ ...wish, at: systemClock().getTime() })),
  }).catch(noServer);
  if (!response.ok) {
    return fail(
      'unavailable',
      response.status === 404
        ? 'The server gives no tokens: it was started with another AUTH than smart.'
        : 'The server does not take this command: KEYS_DIR is not that of the server.',
    );
  }
  const answer = JSON.parse(open(await response.text())) as { token?: string; fault?: string };
  return answer.token ?? fail('forbidden', answer.fault ?? 'The server gave no token.');
}

const noServer = (): never =>
  fail('unavailable', 'No server runs on this DATA_DIR; start it first (npm start).');

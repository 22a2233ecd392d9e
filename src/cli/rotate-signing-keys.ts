/** `fhir-iis rotate-signing-keys`: new keys that the authorization server signs with from its next start on. */
import type { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { readKeyring } from '../storage/keyring.ts';
import { secretsOf } from '../storage/secrets.ts';
import { signingKeysOf } from '../storage/signing-keys.ts';
import { say, withStore } from './with-store.ts';

export function rotateSigningKeys(program: Command): void {
  program
    .command('rotate-signing-keys')
    .description('make new keys to sign tokens with; tokens of the keys before go on counting')
    .action(async () => {
      await withStore(async ({ config, connection }) => {
        const secrets = secretsOf(readKeyring(config.KEYS_DIR));
        await signingKeysOf(connection, secrets, systemClock).rotate();
        say('New keys are there. Every server signs with them from its next start on.');
      });
    });
}

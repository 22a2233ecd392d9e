/** `fhir-iis audit`: proving the audit log whole, signing how far it has come, and cutting what need not be kept. */
import type { Command } from 'commander';
import { fingerprintOf, type Checkpoint } from '../audit/checkpoint.ts';
import { isFault } from '../audit/findings.ts';
import { checkpoint, cut } from '../audit/keep.ts';
import { openLedger } from '../audit/ledger.ts';
import { openKeeping, type OpenKeeping } from '../audit/open-keeping.ts';
import { verify } from '../audit/verify.ts';
import { systemClock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import { agreeOnKeys } from '../storage/known-keys.ts';
import { readKeyring } from '../storage/keyring.ts';
import { secretsOf, type Secrets } from '../storage/secrets.ts';
import { logOf } from './logging.ts';
import { say, withStore, type OpenStore } from './with-store.ts';

export function audit(program: Command): void {
  const command = program
    .command('audit')
    .description('prove, sign and cut the audit log; a server may run meanwhile');
  command
    .command('verify')
    .description('read the whole log and name every change, gap, insertion and reordering in it')
    .option(
      '--known <number:fingerprint>',
      'a checkpoint that was noted outside of the store, and must be in it',
    )
    .action(({ known }: { known?: string }) => withKeeping((keeping) => proof(keeping, known)));
  command
    .command('checkpoint')
    .description('sign now how far the log has come')
    .action(() =>
      withKeeping(async (keeping) => {
        say(noted(await checkpoint(keeping)));
      }),
    );
  command
    .command('cut')
    .description(
      'remove the records up to the last checkpoint before a day; the cut itself is signed and recorded',
    )
    .requiredOption('--before <date>', 'the day from which everything is kept, as YYYY-MM-DD')
    .action(({ before }: { before: string }) =>
      withKeeping((keeping, store) => cutBefore(keeping, store, dayOf(before))),
    );
  command
    .command('key')
    .description('print the public key by which checkpoints can be checked')
    .action(() =>
      withKeeping(({ signer }) => {
        say(signer.publicKey.trim());
        return Promise.resolve();
      }),
    );
}

type Opened = OpenStore & { readonly secrets: Secrets };

function withKeeping(work: (keeping: OpenKeeping, store: Opened) => Promise<void>): Promise<void> {
  return withStore(async (store) => {
    const { connection, config } = store;
    const secrets = secretsOf(readKeyring(config.KEYS_DIR));
    await agreeOnKeys(connection, secrets.keys);
    const report = logOf(config.LOG_LEVEL);
    await work(await openKeeping({ connection, secrets, now: systemClock, report }), { ...store, secrets });
  }, 'beside a server');
}

const noted = (one: Checkpoint): string => `Checkpoint ${one.number}:${fingerprintOf(one)}`;

async function proof({ log, link, signer, series }: OpenKeeping, known: string | undefined): Promise<void> {
  let faults = 0;
  const checkpoints = await series.all();
  const said = await verify({
    ...{ log, link, signer, checkpoints },
    onFinding: (found) => {
      if (isFault(found)) faults += 1;
      say(`${found.kind}  ${found.at}  ${found.says}`);
    },
  });
  if (known !== undefined && !checkpoints.some((one) => noted(one) === `Checkpoint ${known}`)) {
    faults += 1;
    say(`checkpoint-missing  ${known}  It is not in the store as it was noted.`);
  }
  const last = checkpoints.at(-1);
  say(`Read ${said.records} records in ${said.chains} chains, and ${said.checkpoints} checkpoints.`);
  if (last !== undefined) say(`${noted(last)} of ${last.at.toISOString()} is the last one.`);
  say(faults === 0 ? 'The log is whole.' : `The log is NOT whole: ${faults} faults.`);
  if (faults > 0) process.exitCode = 1;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @throws Failure `invalid-value` */
function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00.000Z`);
  return DAY.test(text) && !Number.isNaN(day.getTime())
    ? day
    : fail('invalid-value', '--before takes a day as YYYY-MM-DD.');
}

/** The cut is signed before anything goes; what came of it is recorded. */
async function cutBefore(keeping: OpenKeeping, { connection, secrets }: Opened, before: Date): Promise<void> {
  const done = await cut(keeping, before, keeping.remove);
  if (done === undefined) {
    say('There is no checkpoint from before that day; nothing was removed.');
    return;
  }
  const { to, removed } = done;
  const ledger = await openLedger({ connection, secrets, now: systemClock });
  const detail = { before: before.toISOString(), checkpoint: String(to), removed: String(removed) };
  await ledger.happened({ what: 'cut', outcome: 'done', detail });
  await ledger.end();
  say(`Removed ${removed} records up to checkpoint ${to} of ${done.at.toISOString()}.`);
}

/**
 * `fhir-iis hl7v2 batch FILE`: takes the messages of a file, and writes their answers beside it. `fhir-iis hl7v2 read FILE`:
 * tells the answers of other systems in FHIR.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { FHIR_PATH } from '../app.ts';
import { readConfig } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { idsFrom } from '../core/id.ts';
import { bundleOf, readAnswer } from '../hl7v2/answers/read.ts';
import { parseMessage } from '../hl7v2/message.ts';
import { senders } from '../hl7v2/senders.ts';
import { messagesIn, processBatch } from '../hl7v2/transports/batch-file.ts';
import { loadPack } from '../jurisdictions/load.ts';
import { switchesOf } from '../main.ts';
import { openServices, wiringOf } from '../services.ts';
import { logOf } from './logging.ts';
import { say, withStore } from './with-store.ts';

interface Given {
  readonly result?: string;
}

/** Who runs it has the store in hand; each message is of the facility that it names. */
const OPERATOR = { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' };

/** Adds the subcommand. */
export function hl7v2(program: Command): void {
  const group = program.command('hl7v2').description('messages of HL7 v2');
  group
    .command('batch <file>')
    .description('take a file of messages (FHS/BHS, or one after the other) and write their answers')
    .option('--result <file>', 'where the answers go; by default beside the file, with .result at its end')
    .action((file: string, { result = `${file}.result` }: Given) => take(file, result));
  group
    .command('read <file>')
    .description(
      "print the answers of another system (ACK, RSP) as FHIR, each message's a Bundle on one line",
    )
    .action((file: string) => tell(file));
}

async function take(file: string, result: string): Promise<void> {
  await withStore(async ({ config, uri }) => {
    const base = config.BASE_URL ?? `http://localhost:${config.PORT}${FHIR_PATH}`;
    const services = await openServices(wiringOf(config, uri, base, logOf('warn')));
    const out = createWriteStream(result, { mode: 0o600, flags: 'wx' });
    try {
      const { rooms } = services;
      const door = { rooms, senderOf: senders(rooms), switches: switchesOf(config) };
      const caller = { actor: OPERATOR, requestId: rooms.newId() };
      const counted = await processBatch(door, caller, createReadStream(file, 'utf8'), async (text) => {
        if (!out.write(text)) await once(out, 'drain');
      });
      out.end();
      await finished(out);
      const { AA, AE, AR } = counted.answers;
      say(
        `${counted.messages} messages: ${AA} accepted, ${AE} with errors or warnings, ${AR} refused; answers in ${result}`,
      );
    } finally {
      out.destroy();
      await services.close();
    }
  }, 'beside a server');
}

/** Neither a server nor a store is needed: what the answers say goes nowhere but to standard output. */
async function tell(file: string): Promise<void> {
  const newId = idsFrom(systemClock);
  const pack = loadPack(readConfig().JURISDICTION);
  for await (const text of messagesIn(createReadStream(file, 'utf8'))) {
    const answer = readAnswer(parseMessage(text), { newId, now: systemClock(), pack });
    process.stdout.write(`${JSON.stringify(bundleOf(answer, newId))}\n`);
  }
}

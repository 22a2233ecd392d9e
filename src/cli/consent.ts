/**
 * `fhir-iis consent`: a form that came to the registry's desk, taken down, taken back or looked up. It goes through the
 * door that every request goes through, under the rules of the jurisdiction.
 */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Bundle, Consent } from '@medplum/fhirtypes';
import { Option, type Command } from 'commander';
import { FHIR_PATH } from '../app.ts';
import { transactionOf, type Form } from '../consent/form.ts';
import { dayOf } from '../consent/days.ts';
import { fail } from '../core/failure.ts';
import type { Ask } from '../core/context.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { directiveOf } from '../jurisdictions/pack.ts';
import { openServices, wiringOf } from '../services.ts';
import { logOf } from './logging.ts';
import { say, withStore } from './with-store.ts';

interface Given {
  readonly patient: string;
  readonly directive: string;
  readonly ends: string;
  readonly start?: string;
  readonly end?: string;
  readonly date?: string;
  readonly performer?: string;
  readonly organization?: string;
  readonly form?: string;
}

const PATIENT = ['--patient <id>', 'the patient whose record it is'] as const;

/** Adds the subcommand. */
export function consentCommand(program: Command): void {
  const consent = program
    .command('consent')
    .description('record what people say about who may see their record');
  withForm(consent.command('record').description('take down a directive'))
    .requiredOption('--directive <code>', 'what was said; the page of the jurisdiction lists the codes')
    .option('--start <day>', 'first day, where it is not to count from always')
    .option('--end <day>', 'last day')
    .action((given: Given) => inRooms((rooms) => record(rooms, given)));
  withForm(consent.command('withdraw').description('take a directive back'))
    .requiredOption('--ends <id>', 'the Consent that is taken back')
    .action((given: Given) => inRooms((rooms) => withdraw(rooms, given)));
  consent
    .command('list')
    .description('what is on file for a patient')
    .requiredOption(...PATIENT)
    .action(({ patient }: Given) => inRooms((rooms) => list(rooms, patient)));
}

const withForm = (command: Command): Command =>
  command
    .requiredOption(...PATIENT)
    .option('--date <day>', 'when it was said, where that was not today')
    .option('--performer <reference>', 'who said it: Patient/[id] or RelatedPerson/[id]')
    .option('--organization <id>', 'who took it down')
    .addOption(new Option('--form <file>', 'the signed form (PDF, PNG, JPEG or text)'));

async function inRooms(work: (rooms: Rooms) => Promise<void>): Promise<void> {
  await withStore(async ({ config, uri }) => {
    const base = config.BASE_URL ?? `http://localhost:${config.PORT}${FHIR_PATH}`;
    const services = await openServices(wiringOf(config, uri, base, logOf('warn')));
    try {
      await work(services.rooms);
    } finally {
      await services.close();
    }
  }, 'beside a server');
}

async function record(rooms: Rooms, given: Given): Promise<void> {
  const directive = directiveOf(rooms.pack, given.directive);
  if (directive === undefined) {
    const codes = rooms.pack.directives.map(({ code }) => code).join(', ');
    return fail('code-invalid', `${rooms.pack.title} has no such directive; it has: ${codes}.`);
  }
  const form = await formOf(rooms, given, directive.policy);
  const id = await file(rooms, { ...form, says: { directive: directive.code } });
  say(`Recorded as Consent/${id}: ${directive.title}. It is in force on every server now.`);
}

async function withdraw(rooms: Rooms, given: Given): Promise<void> {
  const form = await formOf(rooms, given, 'https://fhir-iis.org/policy/withdrawal');
  const id = await file(rooms, { ...form, says: { ends: given.ends } });
  say(`Recorded as Consent/${id}: Consent/${given.ends} is inactive now.`);
}

async function formOf(rooms: Rooms, given: Given, policy: string): Promise<Omit<Form, 'says'>> {
  const { patient, start, end, performer, organization, form } = given;
  const paper = form === undefined ? undefined : await paperOf(form);
  return {
    patient,
    policy,
    date: given.date ?? dayOf(rooms.now(), rooms.pack.timeZone),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(performer !== undefined && { performer }),
    ...(organization !== undefined && { organization }),
    ...(paper && { paper }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.txt': 'text/plain',
};

async function paperOf(file: string): Promise<NonNullable<Form['paper']>> {
  const contentType = TYPES[extname(file).toLowerCase()];
  if (contentType === undefined)
    return fail('unsupported-media', 'The form must be a PDF, PNG, JPEG or text.');
  return { contentType, data: (await readFile(file)).toString('base64'), title: basename(file) };
}

/** The registry's desk: whoever may run the command on its store. */
const ASK = (rooms: Rooms): Omit<Ask, 'interaction'> => ({
  actor: { client: 'fhir-iis consent', role: 'system', purpose: 'HSYSADMIN' },
  requestId: rooms.newId(),
  door: 'command',
  query: [],
  queryInUrl: false,
  conditions: {},
  prefer: {},
});

/** The id of the Consent that a form became. */
async function file(rooms: Rooms, form: Form): Promise<string> {
  const body = { kind: 'resource', resource: transactionOf(form) } as const;
  const answer = await rooms.handle({ ...ASK(rooms), interaction: 'transaction', body });
  const { entry = [] } = JSON.parse(answer.body ?? '{}') as Bundle;
  return entry.at(-1)?.response?.location?.split('/').at(-3) ?? '';
}

async function list(rooms: Rooms, patient: string): Promise<void> {
  const query = [['patient', patient]] as const;
  const answer = await rooms.handle({ ...ASK(rooms), interaction: 'search-type', type: 'Consent', query });
  const { entry = [] } = JSON.parse(answer.body ?? '{}') as Bundle<Consent>;
  if (entry.length === 0) say('Nothing is on file.');
  for (const { resource } of entry) if (resource !== undefined) say(lineOf(resource));
}

function lineOf({ id = '', status, dateTime = '', category }: Consent): string {
  const codes = category.flatMap(({ coding = [] }) => coding).map(({ code = '' }) => code);
  return `Consent/${id}  ${status}  ${dateTime}  ${codes.join(', ')}`;
}

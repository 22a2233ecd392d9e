/** What the README shows is what happens: its commands, one after the other, in a sandbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { mint } from '../src/auth/server/mint.ts';
import { readySandbox } from '../src/auth/server/sandbox-ready.ts';
import { load } from '../src/sandbox/load.ts';
import { markSandbox } from '../src/storage/facts.ts';
import { bearing, guarded, partsOf } from './auth/bearer.ts';
import { type Reply } from './world/requests.ts';
import type { World } from './world/world.ts';

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const [, ...blocks] = readme.split('```sh\n').map((text) => text.slice(0, text.indexOf('```')));
const commands = blocks.flatMap((block) => block.split(/\n(?=curl |TOKEN=)/));

let w: World;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  const { connection } = w.services;
  await markSandbox(connection, { seed: 1, people: 3, at: new Date(), complete: true });
  const actor = { client: 'sandbox', role: 'system', purpose: 'HSYSADMIN' };
  const today = new Date().toISOString().slice(0, 10);
  await load({
    ...{ seed: 1, people: 3, today },
    send: async (bundle) => {
      const answer = await w.rooms.handle({
        ...{ interaction: 'transaction', actor, requestId: w.rooms.newId(), door: 'command', query: [] },
        ...{ queryInUrl: false, conditions: {}, prefer: {}, body: { kind: 'resource', resource: bundle } },
      });
      return JSON.parse(answer.body ?? '{}') as Bundle;
    },
  });
  await readySandbox(partsOf(w));
}, 300_000);
afterAll(() => w.end());

/** Options of a command line, without the quotes of the shell. */
const optionsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/--(\w+) ('[^']*'|\S+)/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll("'", ''),
    ]),
  );

/** The request of a curl command. */
function requestOf(command: string): { readonly path: string; readonly body?: string } {
  const [, path = ''] = /localhost:3000\/fhir\/R4([^'\s]*)/.exec(command) ?? [];
  const [, body] = /-d '([\s\S]*)'/.exec(command) ?? [];
  return { path, ...(body !== undefined && { body }) };
}

/** Sends the message of a curl command, as the shell would read its quotes. */
async function sendMessage(command: string, token: string): Promise<string> {
  const [, quoted = ''] = /--data-binary \$'([\s\S]*?)'/.exec(command) ?? [];
  const answer = await fetch(w.url.replace(/\/fhir\/R4$/, '/hl7v2'), {
    method: 'POST',
    headers: { 'Content-Type': 'x-application/hl7-v2+er7', Authorization: `Bearer ${token}` },
    body: quoted.replaceAll('\\\\', '\\'),
  });
  return answer.text();
}

const isMessage = (command: string): boolean => command.includes(' localhost:3000/hl7v2 ');
const isFhir = (command: string): boolean =>
  command.startsWith('curl -s --oauth2-bearer "$TOKEN" ') && !isMessage(command);

const typesIn = ({ body }: Reply): (string | undefined)[] | undefined =>
  body.entry?.map(({ resource }) => resource?.resourceType);

const sendFhir = (token: string, path: string, body: string | undefined): Promise<Reply> =>
  body === undefined ? bearing(w, token)('GET', path) : bearing(w, token)('POST', path, { body });

/** The ids that the registry gave, in their order, where the text has names for them. */
const named = (command: string, [first = 'THE-ID', second = 'OTHER-ID']: readonly string[]): string =>
  command.replaceAll('THE-ID', first).replaceAll('OTHER-ID', second);

/** What is posted makes something, but for operations. */
const statusOf = (path: string, body: string | undefined): number =>
  body === undefined || path.includes('$') ? 200 : 201;

describe('the README', () => {
  test('gets tokens, posts a dose and finds it again, and its other commands answer too', async () => {
    let token = '';
    const ids: string[] = [];
    const answers: Reply[] = [];
    const messages: string[] = [];
    for (const command of commands) {
      const [, wish] = /^TOKEN=\$\(npm run -s fhir-iis -- token (.*)\)/.exec(command) ?? [];
      if (wish !== undefined) token = await mint(partsOf(w), { as: '', ...optionsOf(wish) });
      if (isMessage(command)) messages.push(await sendMessage(command, token));
      if (!isFhir(command)) continue;
      const { path, body } = requestOf(named(command, ids));
      const reply = await sendFhir(token, path, body);
      expect([path, reply.status]).toEqual([path, statusOf(path, body)]);
      if (path === '/Patient') ids.push(reply.body.id);
      answers.push(reply);
    }
    const types = answers.map(typesIn);
    expect(answers.map(({ body }) => body.resourceType)[4]).toBe('Parameters');
    expect(types).toEqual([
      ...[undefined, undefined, ['Patient'], ['Immunization', 'Patient']],
      // The forecast, the dose of the message; the directive, and what the search after it finds.
      ...[undefined, ['Immunization'], undefined, undefined],
      // The second record, who it may be; preview, merge, read, undo; the organization.
      ...[undefined, ['Patient', 'Patient'], undefined, undefined, undefined, undefined],
      expect.arrayContaining(['Organization']),
    ]);
    const [filed = '', history = ''] = messages;
    expect(filed).toContain('\rMSA|AA|M1\r');
    expect(history).toContain('\rRXA|0|1|20260105||08^');
    // After the merge the old id leads to the survivor.
    expect(answers[12]?.body.id).toBe(ids[0]);
  });
});

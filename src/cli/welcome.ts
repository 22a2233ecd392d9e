/** What a start prints: where the registry is, who may sign on to a sandbox, something to try, where its data lie. */
import { OAUTH_PATH } from '../auth/server/parts.ts';
import type { Ready } from '../auth/server/sandbox-ready.ts';
import type { Database } from '../database.ts';

/** The lines, ready to paste from. */
export const welcome = (url: string, { where }: Pick<Database, 'where'>, ready?: Ready): string => `
fhir-iis is ready.

  FHIR R4    ${url}
  Data       ${where}
${ready === undefined ? '' : sandbox(url, ready)}
Try:

  ${(ready === undefined ? [`curl '${url}/metadata?_pretty=true'`] : example(url, ready)).join('\n  ')}

Press Ctrl-C to stop.
`;

const WIDTH = 100;
const INDENT = 13;

function sandbox(url: string, { password, secret, accounts, clients }: Ready): string {
  const people = wrapped(accounts.map(({ id }) => id));
  const apps = wrapped(clients.map(({ id }) => id));
  return `  Sandbox    nobody in it is real; this machine only
  EHR        ${new URL(url).origin}${OAUTH_PATH}/simulator plays one, and launches SMART apps
  Accounts   ${people} (password ${password})
  Clients    ${apps} (secret ${secret}; keys in sandbox-keys.json beside the data)
`;
}

/** Words as a paragraph under a heading. */
function wrapped(words: readonly string[]): string {
  const lines = words.reduce<readonly string[]>((done, word, at) => {
    const text = at < words.length - 1 ? `${word},` : word;
    const last = done.at(-1);
    return last === undefined || INDENT + last.length + text.length >= WIDTH
      ? [...done, text]
      : [...done.slice(0, -1), `${last} ${text}`];
  }, []);
  return lines.join(`\n${' '.repeat(INDENT)}`);
}

function example(url: string, { example: person }: Ready): readonly string[] {
  const query =
    person === undefined
      ? 'family=okafor'
      : `family=${encodeURIComponent(person.family)}&birthdate=${person.birthDate}`;
  return [
    'TOKEN=$(npm run -s fhir-iis -- token --as provider)',
    `curl --oauth2-bearer "$TOKEN" '${url}/Patient?${query}&_pretty=true'`,
  ];
}

/** What a start prints: where the registry is, something to try, who may sign on to a sandbox, where its data lie. */
import { OAUTH_PATH } from '../auth/server/parts.ts';
import type { Ready } from '../auth/server/sandbox-ready.ts';
import type { Database } from '../main.ts';

/** The lines, ready to paste from. */
export const welcome = (url: string, { where }: Pick<Database, 'where'>, ready?: Ready): string => `
fhir-iis is ready.

  FHIR R4    ${url}
  Data       ${where}
${ready === undefined ? OPEN : doors(url, ready)}
Try:

  ${ready === undefined ? '' : 'TOKEN=$(npm run -s fhir-iis -- token --as provider)\n  '}curl ${ready === undefined ? '' : '-H "Authorization: Bearer $TOKEN" '}'${url}/Patient?_count=2&_pretty=true'

Press Ctrl-C to stop.
`;

const OPEN = '  Reachable  from this machine only unless HOST says otherwise\n';

const PROOFS = { none: 'no secret (PKCE)', secret: 'secret', key: 'private_key_jwt' } as const;

function doors(url: string, { password, secret, accounts, clients }: Ready): string {
  const people = accounts.map(({ id, role }) => `    ${id.padEnd(16)} ${role}`);
  const apps = clients.map(({ id, says, proof }) => `    ${id.padEnd(16)} ${says}; ${PROOFS[proof]}`);
  return `  Sandbox    nobody in it is real; this machine only
  EHR        ${new URL(url).origin}${OAUTH_PATH}/simulator (plays the EHR and launches an app)

  Accounts, password ${password}
${people.join('\n')}

  Clients, secret ${secret}; private keys in sandbox-keys.json beside the data
${apps.join('\n')}
`;
}

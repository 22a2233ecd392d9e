/** Makes the ready-made clients and accounts of a sandbox, and says how to sign on with them. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { hashOf, isPassword } from '../passwords.ts';
import { fail } from '../../core/failure.ts';
import type { Parts } from './parts.ts';
import { candidates } from './patients.ts';
import { metadataOf, READY_CLIENTS, type ReadyClient } from './sandbox-clients.ts';
import {
  examplePerson,
  type Example,
  firstPeople,
  nameClinic,
  organizationOfKind,
  readyPeople,
} from './sandbox-people.ts';

/** What a start of a sandbox prints. */
export interface Ready {
  /** One for all accounts. */
  readonly password: string;
  /** One for all clients that have one. */
  readonly secret: string;
  readonly accounts: readonly { readonly id: string; readonly role: string }[];
  readonly clients: readonly {
    readonly id: string;
    readonly says: string;
    readonly proof: ReadyClient['proof'];
  }[];
  /** Private keys of the clients that prove themselves by one (a JWKS). */
  readonly keys: string;
  /** Somebody to look for. */
  readonly example?: Example;
}

const WORD_BYTES = 9;
const word = (): string => randomBytes(WORD_BYTES).toString('base64url');

/**
 * Makes what is missing; what is there is renewed.
 * @throws Failure `forbidden` in a store that is no sandbox
 */
export async function readySandbox(parts: Parts): Promise<Ready> {
  if (!(await parts.isSandbox())) fail('forbidden', 'Ready-made accounts exist in a sandbox only.');
  const password = await parts.kept('sandbox password', word);
  const secret = await parts.kept('sandbox secret', word);
  const keys = await parts.kept('sandbox keys', clientKeys);
  const accounts = await makeAccounts(parts, password);
  for (const client of READY_CLIENTS) await makeClient(parts, client, { secret, keys });
  await relate(parts);
  const example = await exampleFor(parts);
  return { password, secret, keys, accounts, clients: READY_CLIENTS, ...(example && { example }) };
}

/** Somebody whom the provider of the first example finds. */
async function exampleFor({ rooms, accounts }: Parts): Promise<Example | undefined> {
  const provider = await accounts.find('provider');
  if (provider === undefined) return undefined;
  return examplePerson(rooms, async ({ family, birthDate }) => {
    const query = [
      ['family', family],
      ['birthdate', birthDate],
    ] as const;
    return (await candidates(rooms, provider, 'sandbox-app', query)).length > 0;
  });
}

async function makeAccounts(parts: Parts, password: string): Promise<Ready['accounts']> {
  const people = await readyPeople(parts.rooms);
  const [first] = people;
  const known = first && (await parts.accounts.find(first._id));
  const hash =
    known !== undefined && (await isPassword(known.password, password))
      ? known.password
      : await hashOf(password);
  for (const person of people) await parts.accounts.put({ ...person, password: hash });
  const clinic = people.find(({ role }) => role === 'provider')?.organization;
  if (clinic !== undefined) await nameClinic(parts.rooms, clinic);
  return people.map(({ _id, role }) => ({ id: _id, role }));
}

/** Plans and schools see those with whom they stand in a relationship: the first people of the sandbox. */
async function relate(parts: Parts): Promise<void> {
  const patients = await firstPeople(parts.rooms);
  const accounts = (await parts.accounts.all()).filter(({ role }) => SEE_RELATED.has(role));
  for (const { _id: id, role, organization } of accounts) {
    await parts.pretend({
      id,
      what: 'person',
      role,
      patients,
      ...(organization !== undefined && { organization }),
    });
  }
}

const SEE_RELATED: ReadonlySet<string> = new Set(['school', 'child-care', 'health-plan']);

async function makeClient(
  { adapters, rooms }: Parts,
  client: ReadyClient,
  { secret, keys }: Pick<Ready, 'secret' | 'keys'>,
): Promise<void> {
  const organization = client.organization && (await organizationOfKind(rooms, client.organization));
  const open = (JSON.parse(keys) as { keys: readonly Readonly<Record<string, unknown>>[] }).keys.map(
    ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, key_ops: _ops, ...rest }) => ({
      ...rest,
      key_ops: ['verify'],
    }),
  );
  const metadata = metadataOf(client, { secret, keys: open }, organization);
  await adapters('Client').upsert(client.id, metadata, 0);
}

/** One key of each algorithm that SMART clients use. */
function clientKeys(): string {
  const pairs = [
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['RS384', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as const;
  const keys = pairs.map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: `sandbox-${alg}`,
    alg,
    use: 'sig',
    key_ops: ['sign'],
  }));
  return JSON.stringify({ keys });
}

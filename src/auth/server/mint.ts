/**
 * A token of the sandbox without a sign-on, for whoever may read the server's master keys: what `fhir-iis token`
 * prints. It has the same claims and limits as one that an app is given.
 */
import { randomUUID } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { fail } from '../../core/failure.ts';
import type { Level } from '../../core/scopes.ts';
import type { Account } from '../../storage/accounts.ts';
import { bearerIn } from './events.ts';
import { backendClaims, claimsOf, type OwnClaims } from './claims.ts';
import { askedFor, levelOf, narrow, wordsOf } from './narrow.ts';
import { factsOf, type Parts } from './parts.ts';
import { usableAccount } from './people.ts';
import { ceilingOf, purposeOf, roleOf, type Role } from '../../policy/roles.ts';

/** What is asked for on the command line. */
export interface Wish {
  /** Id of an account or of a client. */
  readonly as: string;
  readonly purpose?: string;
  readonly scope?: string;
  /** Id of the patient whom the token is about. */
  readonly patient?: string;
}

const SECONDS = 3600;
/** The client of a person's token that no app was given. */
const COMMAND = 'fhir-iis-token';

interface Subject {
  readonly client: string;
  readonly sub: string;
  readonly ceiling: string;
  readonly claims: OwnClaims;
}

/**
 * Makes a token.
 * @throws Failure `forbidden` outside a sandbox or beyond what the bearer may have, `not-found` for an unknown bearer
 */
export async function mint(parts: Parts, wish: Wish): Promise<string> {
  if (!(await parts.isSandbox())) fail('forbidden', 'Tokens without a sign-on exist in a sandbox only.');
  const subject = (await person(parts, wish)) ?? (await backend(parts, wish));
  if (subject === undefined) {
    return fail(
      'not-found',
      'There is no account and no client of this name; the start of the server lists them.',
    );
  }
  const scope = granted(wish, subject.ceiling);
  const key = parts.signingKeys.find(({ alg }) => alg === 'ES256');
  if (key === undefined) throw new Error('The store has no signing key');
  const now = Math.floor(parts.rooms.now().getTime() / 1000);
  const token = jwt.sign(
    {
      ...subject.claims,
      iss: parts.issuer,
      aud: parts.audience,
      sub: subject.sub,
      client_id: subject.client,
      scope,
      jti: randomUUID(),
      iat: now,
      exp: now + SECONDS,
    },
    createPrivateKey({ key, format: 'jwk' }),
    { algorithm: 'ES256', header: { alg: 'ES256', typ: 'at+jwt', kid: key.kid } },
  );
  await parts.rooms.happened({
    what: 'token',
    outcome: 'done',
    ...bearerIn(token),
    detail: { by: 'command' },
  });
  return token;
}

async function person(parts: Parts, wish: Wish): Promise<Subject | undefined> {
  const account = await usableAccount(parts, wish.as);
  const role = roleOf(account?.role);
  if (account === undefined || role === undefined) return undefined;
  await parts.pretend({ id: COMMAND, what: 'client' });
  const level = levelFor(role, wish.scope, wish.patient);
  const patient = patientFor(account, level, wish.patient);
  const context = {
    role: account.role,
    purpose: purposeFor(role, wish.purpose),
    person: account.person,
    ...(account.organization !== undefined && { organization: account.organization }),
    ...(patient !== undefined && { patient }),
  };
  const ceiling = ceilingOf({ ...role, levels: [level] });
  return { client: COMMAND, sub: account._id, ceiling, claims: claimsOf(parts.audience, context) };
}

/** The patient of a token: of one's own where one has some. */
function patientFor({ patients }: Account, level: Level, asked: string | undefined): string | undefined {
  const patient = asked ?? (level === 'patient' ? patients?.[0] : undefined);
  if (patient === undefined && level === 'patient') {
    fail('invalid-value', 'Patient scopes need --patient ID.');
  }
  if (patient !== undefined && patients?.includes(patient) === false) {
    fail('forbidden', 'This account is of another patient; --patient names none of its own.');
  }
  return patient;
}

/** The level that the scopes have, or the first that the role has and the wish fits. */
function levelFor({ levels }: Role, scope: string | undefined, patient: string | undefined): Level {
  const read = askedFor(scope ?? '');
  const asked = 'fault' in read ? undefined : levelOf(read.words);
  const people: readonly Level[] = levels.filter((level) => level !== 'system');
  const likely = patient !== undefined && people.includes('patient') ? 'patient' : people[0];
  const level = asked ?? likely;
  return level !== undefined && people.includes(level)
    ? level
    : fail('forbidden', 'The role of this account has no scopes of this level.');
}

const purposeFor = (role: Role, asked: string | undefined): string =>
  purposeOf(role, asked) ??
  fail('forbidden', `The role may have the purposes ${role.purposes.join(', ')} only.`);

async function backend(parts: Parts, { as, purpose, patient }: Wish): Promise<Subject | undefined> {
  const client = await parts.adapters('Client').find(as);
  const { role: name, smart_scopes = '' } = factsOf(client);
  const role = roleOf(name);
  if (client === undefined || (await parts.revocations.hasAny([`client:${as}`]))) return undefined;
  if (role === undefined) return fail('forbidden', 'This client acts for people only; name one of them.');
  if (patient !== undefined) fail('invalid-value', 'A backend service has no patient of its own.');
  purposeFor(role, purpose);
  const both = narrow(wordsIn(smart_scopes), ceilingOf({ ...role, levels: ['system'] }));
  return { client: as, sub: as, ceiling: wordsOf(both).join(' '), claims: backendClaims(client, purpose) };
}

function wordsIn(scope: string) {
  const read = askedFor(scope);
  return 'fault' in read ? fail('invalid-value', `The scopes cannot be granted: ${read.fault}.`) : read.words;
}

function granted({ scope }: Wish, ceiling: string): string {
  if (scope === undefined) return ceiling;
  const words = wordsOf(narrow(wordsIn(scope), ceiling));
  if (words.length === 0) fail('forbidden', 'The bearer may have none of these scopes.');
  return words.join(' ');
}

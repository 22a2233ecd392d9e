/**
 * Whether an access token counts, and who it speaks for (RFC 9068; RFC 8725; SMART App Launch 2.2). Whatever is
 * missing or does not fit refuses the token: absent context never means more.
 */
import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Actor } from '../core/context.ts';
import { isId } from '../core/id.ts';
import { scopesOf, type Level, type Scope } from '../core/scopes.ts';
import { refuseToken } from './challenge.ts';
import type { Algorithm, Keys } from './keys.ts';
import { tellsSecondFactor } from './methods.ts';
import { onePurpose } from './purpose-words.ts';

/** Whose tokens count. */
export interface Issuer {
  readonly issuer: string;
  /** Base of the FHIR endpoint, or what else the issuer calls this server. */
  readonly audience: string;
  /** Values of the header's `typ`, in lower case, that an access token has; an id token must not pass for one. */
  readonly types: ReadonlySet<string>;
  readonly keys: Keys;
  /** Whether a program has a subject of its own beside its client id, as in some products. */
  readonly namesServices?: boolean;
}

/** What a token proves. */
export interface Proven {
  readonly actor: Actor;
  /** Milliseconds since 1970 from which it no longer counts, clock skew included. */
  readonly until: number;
  /** What it hangs on: if one of these is revoked, so is the token. */
  readonly ids: readonly string[];
}

export const SKEW_SECONDS = 60;
const LONGEST = 16_384;
const ALGORITHMS: ReadonlySet<string> = new Set<Algorithm>(['RS256', 'RS384', 'ES256', 'ES384']);

/** Whether the text has the form of a signed JWT. */
export const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/** A token whose signature was looked at, and the key that it was found good by. */
export interface Verified extends Proven {
  readonly kid: string;
  readonly key: KeyObject;
}

/**
 * Verifies a signed token.
 * @throws Unproven for a token that does not count, Failure `unavailable` where keys cannot be fetched
 */
export async function verifyToken(issuer: Issuer, token: string, now: Date): Promise<Verified> {
  if (token.length > LONGEST) refuseToken('The token is too long.');
  const { alg, kid } = headerOf(issuer, token);
  const known = await issuer.keys.find(kid);
  if (known === undefined || !known.algorithms.includes(alg)) {
    return refuseToken('The token is signed with a key that its issuer does not have.');
  }
  const claims = claimsIn(issuer, { token, key: known.key, alg }, now);
  return { ...provenBy(claims, now, issuer.namesServices), kid, key: known.key };
}

interface Signed {
  readonly token: string;
  readonly key: KeyObject;
  readonly alg: Algorithm;
}

function claimsIn({ issuer, audience }: Issuer, { token, key, alg }: Signed, now: Date): Claims {
  try {
    const claims = jwt.verify(token, key, {
      algorithms: [alg],
      issuer,
      audience,
      clockTolerance: SKEW_SECONDS,
      clockTimestamp: Math.floor(now.getTime() / 1000),
    });
    return typeof claims === 'string' ? {} : claims;
  } catch (error) {
    // A signature of a wrong length is a TypeError of the library: whatever it throws, the token does not count.
    return refuseToken(error instanceof Error ? reasonOf(error) : 'The token is not valid.');
  }
}

/** The library's words name what was expected; the caller needs to know only which check failed. */
function reasonOf(error: Error): string {
  if (error instanceof jwt.TokenExpiredError) return 'The token has expired.';
  const { message } = error;
  if (message.includes('audience')) return 'The token is for another server.';
  if (message.includes('issuer')) return 'The token is from an issuer that is not trusted here.';
  return 'The token is not valid.';
}

/** Only what says which key to try; keys or their addresses in a header are never followed. */
function headerOf({ types }: Issuer, token: string): { alg: Algorithm; kid: string } {
  const decoded = decode(token);
  const { alg = '', kid, typ, crit } = decoded;
  if (!ALGORITHMS.has(alg)) return refuseToken('The token is not signed with RS256, RS384, ES256 or ES384.');
  if (kid === undefined || crit !== undefined) return refuseToken('The token does not name its key.');
  const type = (typ ?? '').toLowerCase().replace(/^application\//, '');
  if (!types.has(type)) return refuseToken('The token is no access token.');
  return { alg: alg as Algorithm, kid };
}

interface Header {
  readonly alg?: string;
  readonly kid?: string;
  readonly typ?: string;
  readonly crit?: unknown;
}

function decode(token: string): Header {
  const [head = ''] = token.split('.');
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    if (typeof header === 'object' && header !== null)
      return textsOf(header as Readonly<Record<string, unknown>>);
  } catch {
    // Told below.
  }
  return {};
}

function textsOf({ alg, kid, typ, crit }: Readonly<Record<string, unknown>>): Header {
  return {
    ...(typeof alg === 'string' && { alg }),
    ...(typeof kid === 'string' && { kid }),
    ...(typeof typ === 'string' && { typ }),
    ...(crit !== undefined && { crit }),
  };
}

/** What a token or an introspection says of its bearer. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Who verified claims speak for.
 * @throws Unproven where one is missing or they contradict each other
 */
export function provenBy(claims: Claims, now: Date, namesServices = false): Proven {
  const until = endOf(claims, now.getTime() / 1000);
  const client = textIn(claims, 'client_id') ?? textIn(claims, 'azp');
  const subject = textIn(claims, 'sub');
  if (client === undefined || subject === undefined) {
    return refuseToken('The token does not say which client it is for.');
  }
  const scopes = scopesIn(claims);
  const isService =
    namesServices && !('fhirUser' in claims) && scopes.some(({ level }) => level === 'system');
  const actor = actorOf(claims, { client, subject: isService ? client : subject, scopes });
  return {
    actor,
    until: until * 1000,
    ids: [...idsOf(claims, actor), ...(isService ? [`account:${subject}`] : [])],
  };
}

/** Seconds since 1970 from which a token no longer counts; it must count now. */
function endOf({ exp, iat }: Claims, time: number): number {
  if (typeof exp !== 'number' || exp + SKEW_SECONDS <= time) return refuseToken('The token has expired.');
  if (typeof iat === 'number' && iat > time + SKEW_SECONDS) refuseToken('The token is from the future.');
  return exp + SKEW_SECONDS;
}

function textIn(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list in some issuers, a text of words in others (RFC 9068, 2.2.3). */
function scopesIn({ scope, scp }: Claims): readonly Scope[] {
  const said = scope ?? scp;
  if (typeof said === 'string') return scopesOf(said);
  if (Array.isArray(said)) return scopesOf(said.filter((each) => typeof each === 'string').join(' '));
  return refuseToken('The token has no scopes.');
}

interface Bearer {
  readonly client: string;
  readonly subject: string;
  readonly scopes: readonly Scope[];
}

function actorOf(claims: Claims, { client, subject, scopes }: Bearer): Actor {
  const patient = patientIn(claims);
  const user = subject === client ? undefined : subject;
  checkContext(scopes, { patient, user: user !== undefined && textIn(claims, 'fhirUser') !== undefined });
  const { organization, role, purpose } = partyIn(claims);
  return {
    client,
    ...(user !== undefined && { user }),
    ...(user !== undefined && tellsSecondFactor(claims['amr']) && { hasSecondFactor: true }),
    ...(organization !== undefined && { organization }),
    // A role or purpose that no rule knows opens nothing.
    role: role ?? 'none',
    purpose: purpose ?? 'none',
    scopes,
    ...(patient !== undefined && { patient }),
  };
}

interface Party {
  readonly organization?: string | undefined;
  readonly role?: string | undefined;
  readonly purpose?: string | undefined;
}

/**
 * On whose behalf, in which role, for which one purpose: as our own tokens say it, or as others do (IHE IUA, 3.71.4.2.2.1,
 * `extensions.ihe_iua`; UDAP, `extensions.hl7-b2b`).
 */
function partyIn(claims: Claims): Party {
  const extensions = objectIn(claims, 'extensions');
  const [iua, b2b] = [objectIn(extensions, 'ihe_iua'), objectIn(extensions, 'hl7-b2b')];
  const said = [claims, iua, b2b].map(({ purpose_of_use: each }) => each);
  const purpose = onePurpose(said);
  if ('fault' in purpose)
    return refuseToken('The token is not for exactly one purpose of use that there is.');
  return {
    organization:
      textIn(claims, 'organization') ??
      textIn(iua, 'subject_organization_id') ??
      textIn(b2b, 'organization_id'),
    role: textIn(claims, 'role'),
    purpose: purpose.code,
  };
}

function objectIn(claims: Claims, name: string): Claims {
  const value = claims[name];
  return typeof value === 'object' && value !== null ? (value as Claims) : {};
}

function patientIn(claims: Claims): string | undefined {
  const patient = textIn(claims, 'patient');
  return patient === undefined || isId(patient)
    ? patient
    : refuseToken('The patient of the token has no id.');
}

interface Context {
  readonly patient: string | undefined;
  readonly user: boolean;
}

/** Scopes of one level only, and what that level hangs on (SMART App Launch 2.2, "Scopes and Launch Context"). */
function checkContext(scopes: readonly Scope[], { patient, user }: Context): void {
  const levels = new Set<Level>(scopes.map(({ level }) => level));
  if (levels.size > 1) refuseToken('The token mixes patient, user and system scopes.');
  if (levels.has('patient') && patient === undefined) {
    refuseToken('The token has patient scopes and no patient.');
  }
  if (levels.has('user') && !user) refuseToken('The token has user scopes and no user.');
  if (levels.has('system') && (patient !== undefined || user)) {
    refuseToken('The token has system scopes and the context of a person.');
  }
}

function idsOf(claims: Claims, { client, user }: Actor): readonly string[] {
  const [jti, grant] = [textIn(claims, 'jti'), textIn(claims, 'grant_id')];
  return [
    ...(jti === undefined ? [] : [`jti:${jti}`]),
    ...(grant === undefined ? [] : [`grant:${grant}`]),
    `client:${client}`,
    ...(user === undefined ? [] : [`account:${user}`]),
  ];
}

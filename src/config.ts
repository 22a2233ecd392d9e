/**
 * The settings: one table, read from the environment once, at start. `docs/configuration.md` is written from it.
 * The only reader of process.env.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

interface Setting<T, F extends string | undefined = string> {
  readonly means: string;
  /** Shown in the documents; undefined where there is none. */
  readonly fallback: F;
  readonly read: (text: string) => T;
}

const asIs = (value: string): string => value;
const text = (fallback: string, means: string): Setting<string> => ({ means, fallback, read: asIs });
const optional = (means: string): Setting<string, undefined> => ({ means, fallback: undefined, read: asIs });

const folder = (fallback: string, means: string): Setting<string> => ({
  means,
  fallback,
  read: (value) => resolve(value.replace(/^~(?=\/|$)/, homedir())),
});

function wholeNumber(
  fallback: number,
  [least, most]: readonly [number, number],
  means: string,
): Setting<number> {
  const read = (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new Error(`must be a whole number from ${least} to ${most}`);
    return number;
  };
  return { means: `${means} From ${least} to ${most}.`, fallback: String(fallback), read };
}

function optionalPort(means: string): Setting<number, undefined> {
  return { ...wholeNumber(0, [0, 65_535], means), fallback: undefined };
}

function oneOf<T extends string>(fallback: T, words: readonly T[], means: string): Setting<T> {
  const read = (value: string): T => {
    const word = words.find((each) => each === value);
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return word;
  };
  return { means: `${means} One of ${words.join(', ')}.`, fallback, read };
}

function webAddress(means: string): Setting<string, undefined> {
  const read = (value: string): string => {
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new Error('must be an absolute http or https URL');
    return value.replace(/\/+$/, '');
  };
  return { means, fallback: undefined, read };
}

const MEGABYTE = 1_048_576;

export const SETTINGS = {
  PORT: wholeNumber(3000, [0, 65_535], 'Port that the server listens on; 0 takes a free one.'),
  HOST: text(
    '127.0.0.1',
    'Address that the server listens on. A sandbox, and a server without authorization, take loopback addresses only.',
  ),
  BASE_URL: webAddress(
    'Public base of the FHIR endpoint, where it is not http://localhost:PORT/fhir/R4 (behind a proxy).',
  ),
  DATA_DIR: folder('./data', 'Folder of the embedded database, its credentials and the keys of secrets.'),
  KEYS_DIR: folder('', 'Folder of the master keys, where they are not to lie in DATA_DIR/keys.'),
  MONGODB_URI: optional('A MongoDB replica set to use; nothing is embedded then.'),
  MONGODB_DATABASE: text('fhir_iis', 'Name of the database.'),
  MONGOD_BINARY: optional('A mongod program for the embedded database.'),
  MONGOD_CACHE_MB: wholeNumber(256, [256, 65_536], 'Cache of the embedded database, in megabytes.'),
  CACHE_DIR: folder('~/.cache/fhir-iis', 'Folder of downloaded programs.'),
  WORKERS: wholeNumber(1, [1, 64], 'Server processes that share the port.'),
  JURISDICTION: text(
    'sandbox',
    'The jurisdiction pack that the server runs under: one of docs/jurisdictions, or the path of a pack of your own (.json, by src/jurisdictions/pack.schema.json).',
  ),
  MATCHING_WEIGHTS: optional(
    'A file of weights and limits by which people are told apart, instead of those shipped (fhir-iis matching --estimate).',
  ),
  AUTH: oneOf(
    'smart',
    ['smart', 'oidc', 'none'],
    'Who vouches for callers: this server itself (SMART App Launch), an outside OpenID Connect issuer, or nobody, which only a sandbox on a loopback address may have.',
  ),
  OIDC_ISSUER: webAddress('The outside issuer, with AUTH=oidc.'),
  OIDC_AUDIENCE: optional(
    'What the outside issuer calls this server in the audience of its tokens, with AUTH=oidc.',
  ),
  OIDC_CLIENT_ID: optional(
    'This server as a client of the outside issuer, to introspect tokens that are not signed.',
  ),
  OIDC_CLIENT_SECRET: optional('The secret of that client.'),
  HL7V2_VERSIONS: text('2.3.1,2.4,2.5.1', 'Versions of HL7 v2 (MSH-12) that are taken, separated by commas.'),
  HL7V2_WARNINGS: oneOf<'AE' | 'AA'>(
    'AE',
    ['AE', 'AA'],
    'How a message is acknowledged that was stored with warnings: as the test suites want it, or as the national guide does.',
  ),
  HL7V2_DEMOGRAPHICS: oneOf<'accept' | 'refuse'>(
    'accept',
    ['accept', 'refuse'],
    'Whether a VXU without any vaccination is taken.',
  ),
  MLLP_PORT: optionalPort('Port that takes HL7 v2 by MLLP over TLS, on HOST; without it there is none.'),
  MLLP_CERT: optional('File of the certificate of that port, with those between it and its root (PEM).'),
  MLLP_KEY: optional('File of its private key (PEM).'),
  MLLP_CA: optional(
    'File of the authority whose client certificates count there (PEM); the common name of one is the id of a client. Only AUTH=none goes without.',
  ),
  MLLP_CONNECTIONS: wholeNumber(200, [1, 10_000], 'Connections that this port has at once, in each process.'),
  MLLP_IDLE_SECONDS: wholeNumber(300, [1, 86_400], 'Seconds without a message after which it closes one.'),
  SESSION_MINUTES: wholeNumber(
    30,
    [1, 720],
    'Minutes without use after which somebody who signed on must do so again.',
  ),
  SESSIONS_MAX: wholeNumber(5, [1, 100], 'Browsers in which one account can be signed on at once.'),
  SECOND_FACTOR_ROLES: text(
    'organization-administrator,registry-staff,registry-manager,vital-records,auditor,privacy-officer',
    'Security roles whose people must sign on with a second factor, separated by commas; not in a sandbox.',
  ),
  IDENTITY_ISSUER: webAddress(
    'An OpenID Connect provider that says who people are, beside passwords, with AUTH=smart.',
  ),
  IDENTITY_CLIENT_ID: optional('This server as a client of that provider.'),
  IDENTITY_CLIENT_SECRET: optional('The secret of that client.'),
  IDENTITY_NAME: text('your organization', 'What the button of the sign-on page calls that provider.'),
  SMTP_URL: optional(
    'The mail server by which notices to participants leave: smtp://user:password@host:port (with STARTTLS, which only a server on this machine may lack) or smtps://…; without it they are written into outbox.ndjson in DATA_DIR.',
  ),
  SMTP_FROM: text('', 'The address that notices come from, with SMTP_URL.'),
  CORS_ORIGINS: text('*', 'Origins of browser apps that may call, separated by commas; * for any.'),
  BODY_LIMIT: wholeNumber(16 * MEGABYTE, [1024, 256 * MEGABYTE], 'Largest request body, in bytes.'),
  BUNDLE_ENTRIES: wholeNumber(2000, [1, 20_000], 'Most entries of a batch or transaction.'),
  RATE_CLIENT: wholeNumber(
    12_000,
    [0, 10_000_000],
    'Requests that one client may make in a minute, on this machine; its WORKERS have equal shares of it. 0 for as many as it likes.',
  ),
  RATE_ORGANIZATION: wholeNumber(
    60_000,
    [0, 10_000_000],
    'Requests that all clients of one organisation may make in a minute, on this machine, shared likewise; 0 for as many as they like.',
  ),
  RATE_ADDRESS: wholeNumber(
    120,
    [0, 10_000_000],
    'Failed proofs of who is asking in a minute, on this machine and shared likewise, after which an address waits; 0 for any number.',
  ),
  RATE_OAUTH: wholeNumber(
    600,
    [0, 10_000_000],
    'Requests to the authorization server in a minute from one address, and by one client; shared likewise; 0 for any number. Tries of a password or a second factor are ten in a quarter of an hour for each account, on all machines together.',
  ),
  PROXIES: wholeNumber(
    0,
    [0, 16],
    'Reverse proxies before the server; each adds the address it heard from to X-Forwarded-For.',
  ),
  REQUEST_SECONDS: wholeNumber(60, [1, 3600], 'Seconds in which a request must have arrived.'),
  AUDIT_RETENTION_DAYS: wholeNumber(
    0,
    [0, 36_500],
    'Days for which audit records are kept; older ones are cut at a signed checkpoint. 0 keeps them all.',
  ),
  LOG_LEVEL: oneOf(
    'info',
    ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    'What is written to the log.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown, string | undefined>>>;

type Values = { readonly [Name in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[Name]['read']> };
type Optional = {
  readonly [Name in keyof Values]: (typeof SETTINGS)[Name]['fallback'] extends string
    ? Values[Name]
    : Values[Name] | undefined;
};
export type Config = Optional;

/**
 * Reads the settings.
 * @throws Error that names every setting that is wrong, and what it takes
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const faults: string[] = [];
  const values = Object.entries(
    SETTINGS as Readonly<Record<string, Setting<unknown, string | undefined>>>,
  ).map(([name, setting]): [string, unknown] => {
    const given = environment[name];
    const value = given || setting.fallback;
    if (value === undefined) return [name, undefined];
    try {
      return [name, setting.read(value)];
    } catch (error) {
      faults.push(`${name} ${error instanceof Error ? error.message : 'is wrong'}`);
      return [name, undefined];
    }
  });
  if (faults.length > 0) throw new Error(`The settings are wrong: ${faults.join('; ')}`);
  const config = Object.fromEntries(values) as unknown as Config;
  return environment['KEYS_DIR'] ? config : { ...config, KEYS_DIR: join(config.DATA_DIR, 'keys') };
}

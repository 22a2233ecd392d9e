/** Requests of the tests, and what they look at in the answers. */
import type { World } from './world.ts';

export const FHIR_JSON = 'application/fhir+json';

export interface SeenIssue {
  readonly severity: string;
  readonly code: string;
  readonly diagnostics?: string;
  readonly expression?: readonly string[];
}

export interface SeenEntry {
  readonly fullUrl?: string;
  readonly resource?: Seen;
  readonly search?: { readonly mode: string };
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly outcome?: Seen;
  };
}

/** A resource that was answered. */
export interface Seen {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: {
    readonly versionId: string;
    readonly lastUpdated: string;
    readonly tag?: readonly { readonly system?: string; readonly code: string }[];
    readonly profile?: readonly string[];
    readonly security?: readonly { readonly code: string }[];
  };
  readonly type: unknown;
  readonly total?: number;
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly SeenEntry[];
  readonly issue?: readonly SeenIssue[];
  readonly [element: string]: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** An object without elements where the answer has no JSON. */
  readonly body: Seen;
}

export interface Sent {
  /** An object is sent as FHIR JSON, text and bytes as they are. */
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

function bodyOf({ body }: Sent): { body?: string | Uint8Array<ArrayBuffer> } {
  if (body === undefined) return {};
  return { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) };
}

/** One request below the base of the FHIR endpoint, or to a whole URL. */
export async function call(
  { url }: Pick<World, 'url'>,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Reply> {
  const response = await fetch(path.startsWith('http') ? path : url + path, {
    method,
    headers: { ...(sent.body !== undefined && { 'content-type': FHIR_JSON }), ...sent.headers },
    ...bodyOf(sent),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): Seen {
  try {
    return JSON.parse(text) as Seen;
  } catch {
    return {} as Seen;
  }
}

/** Creates a resource that the test needs. */
export async function made(w: Pick<World, 'url' | 'logged'>, resource: object): Promise<Seen> {
  const type = String((resource as { resourceType?: unknown }).resourceType);
  const { status, body, text } = await call(w, 'POST', `/${type}`, { body: resource });
  if (status !== 201) {
    throw new Error(`The test's ${type} was not created: ${status} ${text} ${JSON.stringify(w.logged)}`);
  }
  return body;
}

/** Ids of the resources in a Bundle, in its order. */
export const idsIn = ({ entry = [] }: Seen): string[] => entry.map(({ resource }) => resource?.id ?? '');

/** The URL of a link of a Bundle. */
export const linkOf = ({ link = [] }: Seen, relation: string): string | undefined =>
  link.find((each) => each.relation === relation)?.url;

/** Sends a Bundle of entries to the base. */
export const bundle = (
  w: Pick<World, 'url'>,
  type: string,
  entry: readonly object[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> =>
  call(w, 'POST', '', {
    body: { resourceType: 'Bundle', type, ...(entry.length > 0 && { entry }) },
    headers,
  });

/** What reads and refusals leave behind too, and what work in the background takes away. */
const COME_AND_GO: ReadonlySet<string> = new Set(['AuditEvent', 'forecast_marks']);

/** How many documents each collection of the world's database has. */
export async function countsOf({ services }: World): Promise<Readonly<Record<string, number>>> {
  const { db } = services.connection;
  if (db === undefined) throw new Error('The world has no database.');
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const [first = '', ...others] = names.filter((name) => !COME_AND_GO.has(name)).sort();
  // One question for all of them: some tests ask it hundreds of times.
  const counted = (name: string): object => ({ $group: { _id: name, count: { $sum: 1 } } });
  const unions = others.map((coll) => ({ $unionWith: { coll, pipeline: [counted(coll)] } }));
  const rows = await db
    .collection(first)
    .aggregate<Row>([counted(first), ...unions])
    .toArray();
  return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
}

interface Row {
  readonly _id: string;
  readonly count: number;
}

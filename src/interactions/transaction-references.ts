/**
 * References between the entries of a transaction, and conditional ones: each becomes the id that the resource
 * has or will have (https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references).
 */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { pairsOf } from '../core/query.ts';
import { soleMatch } from './condition.ts';
import type { Rooms } from './rooms.ts';

/** One entry on its way. */
export interface Step {
  /** Its place in the Bundle. */
  readonly at: number;
  readonly ask: Ask;
  readonly grant: Grant;
  readonly fullUrl?: string;
  /** The id it gets if it creates something. */
  readonly newId?: string;
}

export interface References {
  /** The step's ask with every reference resolved. */
  readonly rewrite: (step: Step) => Ask;
  /** Ids of the patients that the transaction creates. */
  readonly coming: ReadonlySet<string>;
}

/** Settles what every fullUrl and every conditional reference stands for. */
export async function resolver(rooms: Rooms, steps: readonly Step[]): Promise<References> {
  const names = new Map<string, string>();
  const coming = new Set<string>();
  for (const step of steps) await settle(rooms, step, { names, coming });
  for (const step of steps) await settleConditional(rooms, step, names);
  const resolve = (text: string): string => names.get(text) ?? names.get(relative(rooms, text)) ?? text;
  return {
    coming,
    rewrite: ({ ask }) =>
      ask.body?.kind === 'resource'
        ? { ...ask, body: { kind: 'resource', resource: rewritten(ask.body.resource, resolve) as Resource } }
        : ask,
  };
}

interface Settled {
  readonly names: Map<string, string>;
  readonly coming: Set<string>;
}

/** What an entry's fullUrl stands for: a new id, the id in its URL, or the resource that its condition finds. */
async function settle(rooms: Rooms, step: Step, { names, coming }: Settled): Promise<void> {
  const { ask, fullUrl } = step;
  const existing = await existingId(rooms, step);
  const id = existing ?? step.newId;
  if (id === undefined || ask.type === undefined) return;
  if (existing === undefined && ask.type === 'Patient') coming.add(id);
  if (fullUrl === undefined) return;
  if (names.has(fullUrl))
    fail('malformed', 'Two entries have the same fullUrl.', [`Bundle.entry[${step.at}].fullUrl`]);
  names.set(fullUrl, `${ask.type}/${id}`);
}

async function existingId(rooms: Rooms, { ask, grant }: Step): Promise<string | undefined> {
  if (ask.id !== undefined) return ask.id;
  const condition = ask.interaction === 'update' ? ask.query : ask.conditions.ifNoneExist;
  if (ask.type === undefined || condition === undefined) return undefined;
  return (await soleMatch(rooms, grant, ask.type, condition))?._id;
}

/** `Patient?identifier=…` stands for the one resource that it finds, or the transaction fails. */
async function settleConditional(
  rooms: Rooms,
  { at, ask, grant }: Step,
  names: Map<string, string>,
): Promise<void> {
  if (ask.body?.kind !== 'resource') return;
  for (const reference of referencesIn(ask.body.resource)) {
    const [, type, query] = /^([A-Za-z]+)\?(.+)$/.exec(reference) ?? [];
    if (type === undefined || query === undefined || names.has(reference)) continue;
    const match = await soleMatch(rooms, grant, type, pairsOf(query));
    if (match === undefined) {
      fail(
        'condition-too-wide',
        'A conditional reference matches no resource; create it first or in the same transaction.',
        [`Bundle.entry[${at}].resource`],
      );
    }
    names.set(reference, `${type}/${match._id}`);
  }
}

function* referencesIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, part] of Object.entries(node)) {
    if (name === 'reference' && typeof part === 'string') yield part;
    else yield* referencesIn(part);
  }
}

/** A reference to this server's own address means the same as the relative one. */
const relative = (rooms: Rooms, text: string): string =>
  text.startsWith(`${rooms.baseUrl}/`) ? text.slice(rooms.baseUrl.length + 1) : text;

/**
 * A copy with the references resolved. Whatever still points at an entry that is not there would dangle.
 * @throws Failure `malformed`
 */
function rewritten(node: unknown, resolve: (text: string) => string, name = ''): unknown {
  if (typeof node === 'string') return rewrittenText(node, resolve, name);
  if (typeof node !== 'object' || node === null || JSON.isRawJSON(node)) return node;
  if (Array.isArray(node)) return node.map((part) => rewritten(part, resolve, name));
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, rewritten(part, resolve, key)]));
}

function rewrittenText(text: string, resolve: (text: string) => string, name: string): string {
  if (name === 'div') return text.replace(/(?<=(?:href|src)=")[^"]+(?=")/g, resolve);
  if (!REFERRING.has(name) && !/^(value|default)(Uri|Url|Canonical)$/.test(name)) return text;
  const [target = '', fragment] = text.split('#', 2);
  const resolved = resolve(target);
  if (name === 'reference' && resolved.startsWith('urn:uuid:')) {
    fail('malformed', 'A reference points at a fullUrl that no entry of the Bundle has.', ['reference']);
  }
  return fragment === undefined ? resolved : `${resolved}#${fragment}`;
}

/** Elements of type Reference, uri, url and canonical that may name another entry. */
const REFERRING: ReadonlySet<string> = new Set([
  'reference',
  'url',
  'instantiatesUri',
  'instantiatesCanonical',
  'source',
  'uri',
]);

/**
 * References between the entries of a transaction, and conditional ones: each becomes the id that the resource
 * has or will have (https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references).
 * Rewritten are References, elements of type uri, url, oid and uuid, and links in narratives; no canonicals.
 */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import { definitions } from '../fhir/definitions.ts';
import type { TypeDefinition } from '../fhir/element-table.ts';
import { isKeptNumber } from '../fhir/json.ts';
import { fewAtOnce } from './at-once.ts';
import type { Rooms } from './rooms.ts';
import type { Settlement } from './transaction-conditions.ts';
import { located, type Step } from './transaction-step.ts';

/** Settles what every fullUrl and every conditional reference stands for; the step's ask with all of them resolved. */
export async function rewriter(
  rooms: Rooms,
  steps: readonly Step[],
  settlement: Settlement,
): Promise<(step: Step) => Ask> {
  const names = new Map<string, Name>();
  for (const step of steps) {
    const id = settlement.idOf(step);
    if (id === undefined || step.ask.type === undefined || step.fullUrl === undefined) continue;
    names.set(step.fullUrl, { reference: `${step.ask.type}/${id}`, isNew: settlement.isNew(step) });
  }
  await fewAtOnce(steps, (step) => settleConditional(step, settlement, names));
  return (step) => {
    const { body } = step.ask;
    if (body?.kind !== 'resource') return step.ask;
    try {
      const links = linksOf(rooms, names, step);
      const resource = rewritten(body.resource, links) as Resource;
      return { ...step.ask, body: { kind: 'resource', resource } };
    } catch (error) {
      throw located(error, step.at);
    }
  };
}

/** What a fullUrl or a conditional reference stands for. */
interface Name {
  /** `Type/id` */
  readonly reference: string;
  readonly isNew: boolean;
}

const CONDITIONAL = /^([A-Z][A-Za-z]*)\?(.+)$/;

/** `Patient?identifier=…` stands for the one resource that it finds, or the transaction fails. */
async function settleConditional(
  step: Step,
  settlement: Settlement,
  names: Map<string, Name>,
): Promise<void> {
  if (step.ask.body?.kind !== 'resource') return;
  for (const text of referencesIn(step.ask.body.resource)) {
    const [, type, query] = CONDITIONAL.exec(text) ?? [];
    if (type === undefined || query === undefined || names.has(text)) continue;
    const id = await settlement.find(step, type, pairsOf(query)).catch((error: unknown) => {
      throw located(error, step.at);
    });
    names.set(text, { reference: `${type}/${id}`, isNew: false });
  }
}

function* referencesIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, part] of Object.entries(node)) {
    if (name === 'reference' && typeof part === 'string') yield part;
    else yield* referencesIn(part);
  }
}

/** How the links of one resource are read. */
interface Links {
  /** For a Reference: relative to the base. */
  readonly reference: (text: string) => string;
  /** For whatever else may link: absolute, and only what is the same to the letter. */
  readonly url: (text: string) => string;
}

const RESTFUL = /^(https?:\/\/.+)\/[A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64}$/;
const VERSIONED = /^(.*)(\/_history\/[A-Za-z0-9\-.]{1,64})$/;

function linksOf({ baseUrl }: Rooms, names: ReadonlyMap<string, Name>, { fullUrl }: Step): Links {
  const root = RESTFUL.exec(fullUrl ?? '')?.[1];
  const nameOf = (text: string): Name | undefined =>
    names.get(text) ??
    (root === undefined ? undefined : names.get(`${root}/${text}`)) ??
    (text.startsWith(`${baseUrl}/`) ? names.get(text.slice(baseUrl.length + 1)) : undefined);
  return {
    reference: (text) => {
      const [, resource, version] = VERSIONED.exec(text) ?? [undefined, text];
      const name = nameOf(resource);
      if (name === undefined) return dangling(text);
      if (version === undefined) return name.reference;
      // The version that a client made up for a new resource is its first.
      return name.reference + (name.isNew ? '/_history/1' : version);
    },
    url: (text) => {
      const name = names.get(text);
      return name === undefined ? text : `${baseUrl}/${name.reference}`;
    },
  };
}

/** What points at an entry that is not there would lead nowhere. */
function dangling(text: string): string {
  if (!/^urn:(uuid|oid):/.test(text)) return text;
  return fail('malformed', 'A reference points at a fullUrl that no entry of the Bundle has.', ['resource']);
}

/** A link is the same up to its fragment. */
function upToFragment(text: string, resolve: (text: string) => string): string {
  const hash = text.indexOf('#');
  if (hash === 0) return text;
  return hash < 0 ? resolve(text) : resolve(text.slice(0, hash)) + text.slice(hash);
}

const LINKING: ReadonlySet<string> = new Set(['uri', 'url', 'oid', 'uuid']);
const NARRATIVE_LINK = /(<(?:a|img)\b[^>]*?\s(?:href|src)=)(?:"([^"]*)"|'([^']*)')/g;

/** A copy with the links resolved. What R4 does not define stays as it is: the checks refuse it. */
function rewritten(node: unknown, links: Links, definition?: TypeDefinition): unknown {
  if (Array.isArray(node)) return node.map((part) => rewritten(part, links, definition));
  if (typeof node !== 'object' || node === null || isKeptNumber(node)) return node;
  const type = 'resourceType' in node ? definitions.get(String(node.resourceType)) : definition;
  return Object.fromEntries(
    Object.entries(node).map(([name, part]) => [name, rewrittenPart(name, part, { links, type })]),
  );
}

function rewrittenPart(
  name: string,
  part: unknown,
  { links, type }: { links: Links; type: TypeDefinition | undefined },
): unknown {
  if (name === 'reference' && typeof part === 'string') return upToFragment(part, links.reference);
  // Beside a primitive stand its extensions.
  if (name.startsWith('_')) return rewritten(part, links, definitions.get('Element'));
  const property = type?.properties.get(name);
  if (property?.isPrimitive === true) return rewrittenText(part, property.type, links);
  return rewritten(part, links, property && definitions.get(property.type));
}

function rewrittenText(value: unknown, type: string, links: Links): unknown {
  if (Array.isArray(value)) return value.map((each) => rewrittenText(each, type, links));
  if (typeof value !== 'string') return value;
  if (LINKING.has(type)) return upToFragment(value, links.url);
  if (type !== 'xhtml') return value;
  return value.replace(NARRATIVE_LINK, (_all, before: string, double?: string, single?: string) => {
    const quote = double === undefined ? "'" : '"';
    return before + quote + upToFragment(double ?? single ?? '', links.url) + quote;
  });
}

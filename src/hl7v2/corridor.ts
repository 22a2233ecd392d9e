/** How this door asks: whatever a message wants becomes an Ask, and goes the way of every request. */
import type { Bundle, BundleEntry, Identifier, Resource } from '@medplum/fhirtypes';
import type { Actor, Answer, Ask, Message, QueryPair } from '../core/context.ts';
import { ER7 } from '../core/media-types.ts';
import type { Rooms } from '../interactions/rooms.ts';

/** Who asks, through which rooms. */
export interface Corridor {
  readonly rooms: Rooms;
  readonly actor: Actor;
  readonly requestId: string;
  /** Where the sender is, for the audit. */
  readonly from?: string;
}

/** An ask of this door. */
export function askFrom(corridor: Corridor, more: Partial<Ask> & Pick<Ask, 'interaction'>): Ask {
  const { actor, requestId, from } = corridor;
  return {
    actor,
    requestId,
    door: 'hl7v2',
    query: [],
    // Nothing of a message is ever in an address.
    queryInUrl: false,
    conditions: {},
    prefer: {},
    ...(from !== undefined && { from }),
    ...more,
  };
}

/** Does what a message wants in one request of the corridor. */
export const inOne = <A extends Pick<Answer, 'status'>>(
  corridor: Corridor,
  ask: Partial<Ask> & Pick<Ask, 'interaction'>,
  work: (corridor: Corridor) => Promise<A>,
): Promise<A> => corridor.rooms.together(askFrom(corridor, ask), (rooms) => work({ ...corridor, rooms }));

const bundleIn = ({ body = '{}' }: Answer): Bundle => JSON.parse(body) as Bundle;

/** What a search of one type finds, on its first page. */
export async function found<R extends Resource>(
  corridor: Corridor,
  type: R['resourceType'],
  query: readonly QueryPair[],
): Promise<readonly R[]> {
  const answer = await corridor.rooms.handle(askFrom(corridor, { interaction: 'search-type', type, query }));
  return (bundleIn(answer).entry ?? []).flatMap(({ resource, search }) =>
    resource?.resourceType === type && search?.mode !== 'include' ? [resource as R] : [],
  );
}

/** Everything that a search finds, and what it brings along; at most `most` resources. */
export async function foundAll(
  corridor: Corridor,
  type: string,
  query: readonly QueryPair[],
  most = 5000,
): Promise<readonly Resource[]> {
  const all: Resource[] = [];
  let next: readonly QueryPair[] | undefined = query;
  while (next !== undefined && all.length < most) {
    const ask: Ask = askFrom(corridor, { interaction: 'search-type', type, query: next });
    const bundle = bundleIn(await corridor.rooms.handle(ask));
    all.push(...(bundle.entry ?? []).flatMap(({ resource }) => resource ?? []));
    const link = bundle.link?.find(({ relation }) => relation === 'next')?.url;
    next = link === undefined ? undefined : [...new URL(link).searchParams];
  }
  return all;
}

/** A token of a search: system and code. */
export const tokenOf = (system: string, value: string): string => `${valueOf(system)}|${valueOf(value)}`;
/** Those of some numbers, any of which is meant. */
export const tokensOf = (numbers: readonly Pick<Identifier, 'system' | 'value'>[]): string =>
  numbers.map(({ system = '', value = '' }) => tokenOf(system, value)).join(',');
/** What has a meaning in a search value loses it (https://hl7.org/fhir/R4/search.html#escaping). */
export const valueOf = (value: string): string => value.replace(/[\\,$|]/g, '\\$&');

/** What became of an entry of a transaction. */
export interface Done {
  readonly status: number;
  /** `Type/id` */
  readonly reference: string;
}

/**
 * All or nothing, with the message kept beside what it made.
 * @returns undefined where the registry's staff must first settle whom it is about
 */
export async function transact(
  corridor: Corridor,
  entry: readonly BundleEntry[],
  message: Message,
): Promise<readonly Done[] | undefined> {
  const resource: Bundle = { resourceType: 'Bundle', type: 'transaction', entry: [...entry] };
  const ask = askFrom(corridor, {
    interaction: 'transaction',
    body: { kind: 'resource', resource },
    prefer: { return: 'minimal', placing: 'match' },
    original: { contentType: ER7, bytes: Buffer.from(message.text) },
    message,
  });
  const answer = await corridor.rooms.handle(ask);
  if (answer.status === WAITS) return undefined;
  return (bundleIn(answer).entry ?? []).map(({ response }) => ({
    status: Number(response?.status ?? 0),
    reference: /([A-Z][A-Za-z]+\/[^/]+)\/_history\//.exec(response?.location ?? '')?.[1] ?? '',
  }));
}

const WAITS = 202;

/** Creates one resource, with the message kept beside it. */
export const creates = (corridor: Corridor, resource: Resource, message?: Message): Promise<Answer> =>
  corridor.rooms.handle(
    askFrom(corridor, {
      interaction: 'create',
      type: resource.resourceType,
      body: { kind: 'resource', resource },
      prefer: { return: 'minimal' },
      ...(message && { message }),
    }),
  );

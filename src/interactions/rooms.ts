/** What every interaction needs, built once (services.ts) and passed as an argument. */
import type { Ledger } from '../audit/ledger.ts';
import type { Entry, Record } from '../audit/record.ts';
import type { Security } from '../catalog/capability.ts';
import type { Catalog } from '../catalog/index.ts';
import type { ResourceEntry } from '../catalog/define.ts';
import type { Answer, Ask } from '../core/context.ts';
import type { Clock } from '../core/clock.ts';
import { fail } from '../core/failure.ts';
import type { NewId } from '../core/id.ts';
import type { Log } from '../core/log.ts';
import type { Pack } from '../jurisdictions/pack.ts';
import type { Matching } from '../matching/weights.ts';
import type { Grant, Rule } from '../policy/decide.ts';
import type { Know } from '../policy/known.ts';
import { shownCatalog } from '../policy/shown-catalog.ts';
import type { Sealing } from '../search/page.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Store } from '../storage/store.ts';
import { codesOf, relativesOf } from './known-codes.ts';
import type { InTurn } from './turns.ts';

export interface Rooms {
  readonly catalog: Catalog;
  /** The rules of the jurisdiction. */
  readonly pack: Pack;
  readonly store: Store;
  readonly rules: readonly [Rule, ...Rule[]];
  /** What the rules must know of the one who asks, as it stands now. */
  readonly know: Know<Ask>;
  readonly record: Record;
  /** Records what is no interaction: now and durably, or with a unit of work. */
  readonly happened: Ledger['happened'];
  readonly draftOf: Ledger['draftOf'];
  readonly secrets: Secrets;
  /** Seals what goes out in page links, and opens it when it comes back. */
  readonly cursors: Sealing;
  /** How people are told apart. */
  readonly matching: Matching;
  readonly now: Clock;
  readonly newId: NewId;
  readonly log: Log;
  /** Public base of the FHIR endpoint, without a slash at its end. */
  readonly baseUrl: string;
  readonly limits: Limits;
  /** Whether a type can be searched by a parameter just now (storage/readiness.ts). */
  readonly isSearchable?: (type: string, name: string) => boolean;
  /** What the server says of its authorization; absent where it has none. */
  readonly security?: Security;
  /** Whether notices leave by mail, so that participants need an address. */
  readonly sendsMail?: boolean;
  /** Ends everything that an account is signed on to: sessions, tokens, grants. */
  readonly endSignOns?: (account: string) => Promise<void>;
  /** Lets the writers of one thing in this process go one after the other. */
  readonly inTurn: InTurn;
  /** The door itself, for entries that are requests of their own. */
  readonly handle: (ask: Ask) => Promise<Answer>;
  /** Several things in one request (handle.ts): the work gets rooms whose door is within it. */
  readonly together: <A extends Pick<Answer, 'status'>>(
    ask: Ask,
    work: (rooms: Rooms) => Promise<A>,
  ) => Promise<A>;
  /** How what waited for a person goes on that came by other doors than FHIR's, by door. */
  readonly resume?: ReadonlyMap<string, Resume>;
  /** Handlers of `$operations`, by name (operations/index.ts). */
  readonly operations: ReadonlyMap<string, Handler>;
}

export interface Limits {
  /** Entries of a batch or transaction. */
  readonly entries: number;
  /** Up to where totals are counted exactly. */
  readonly total: number;
  /** Resources that includes may add to a page. */
  readonly included: number;
}

/** Runs what came again, from its bytes; it is placed by what staff have said by then. */
export type Resume = (kept: {
  readonly ask: Omit<Ask, 'body' | 'original'>;
  readonly original: Buffer;
  readonly contentType: string;
}) => Promise<Answer>;

/** Carries out one kind of ask, with leave from policy; what it touches goes into the record. */
export type Handler = (rooms: Rooms, ask: Ask, grant: Grant, entry: Entry) => Promise<Answer>;

/**
 * The catalog's entry of the type that an ask is about.
 * @throws Failure `unknown-type`
 */
export function entryOf(catalog: Catalog, type: string | undefined): ResourceEntry {
  const entry = type === undefined ? undefined : catalog.get(type);
  return (
    entry ??
    fail('unknown-type', 'This server has no such resource type; GET [base]/metadata lists those it has.')
  );
}

/**
 * The id that an ask is about.
 * @throws Failure `invalid-value`
 */
export function idOf(ask: Ask): string {
  return ask.id ?? fail('invalid-value', 'The request names no resource id.');
}

/** What a query needs to know of this server, and of what the caller may know of it. */
export const settingOf = (
  { catalog, baseUrl, now, secrets, isSearchable }: Rooms,
  grant: Pick<Grant, 'mask'>,
) => ({
  catalog: shownCatalog(catalog, grant),
  base: baseUrl,
  now: now(),
  blind: secrets.blind,
  expand: codesOf,
  hierarchy: relativesOf,
  ...(isSearchable && { isReady: isSearchable }),
});

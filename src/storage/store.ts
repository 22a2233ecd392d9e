/**
 * What the registry keeps, and how the other rooms ask for it. Resources are stored as the text that is
 * served, beside the keys they are found by; a write is said as data, so that it can be tried again and so
 * that several can share one MongoDB transaction.
 */
import type { Relationship } from './participants.ts';
import type { Interaction } from '../core/context.ts';
import type { Interval } from '../fhir/date.ts';
import type { Stretch } from '../consent/days.ts';
import type { Person } from '../consent/standing.ts';
import type { Facts, Standing, Visibility } from '../consent/visibility.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause, OrderKey } from '../search/clause.ts';
import type { Keyed } from '../search/keys.ts';
import type { Statuses } from '../status/status.ts';
import type { Draft } from './strands.ts';
import type { Clash, Deed } from './write.ts';

/** A secret value taken out of a resource: ciphertext, and the name of the key it was made with. */
export interface Sealed {
  readonly key: string;
  /** AES-256-GCM: nonce, tag and ciphertext, in base64url. */
  readonly cipher: string;
}

/** What decides who may see a document, and what directives leave visible of it (consent/visibility.ts). */
export interface Sight {
  /** Of one that is part of a patient's record. */
  readonly facts?: readonly Facts[];
  readonly visibility?: readonly Visibility[];
}

/** A stored version of a resource. */
export interface Stored extends Keyed, Sight {
  readonly visibility?: readonly Visibility[];
  readonly version: number;
  /** The resource as served: JSON text with its meta, secrets masked. */
  readonly json: string;
  /** In the order in which their masks stand in `json`. */
  readonly secrets?: readonly Sealed[];
  /** Keyed hashes by which the secrets can be found. */
  readonly secretKeys?: readonly string[];
  /** Of a Patient: what counts between the person and each provider, and where in `json` it is told (statuses.ts). */
  readonly statuses?: Statuses;
  readonly seam?: number;
  /** Of a dose or a person that came as FHIR: codes of what its sender was told of it though it is stored. */
  readonly judged?: readonly string[];
  /** Of a Patient that one submitter reported of a person it may not see: whose record it truly is, and whose report. */
  readonly linkedTo?: Link;
  /** Of a Patient that was merged into another: the id of the one that took its place. */
  readonly replacedBy?: string;
}

export interface Link {
  /** The id of the person's Patient. */
  readonly person: string;
  /** Who alone knows the record: the organisation, or the client where it has none. */
  readonly submitter: string;
}

/** A version that is no longer current, or the mark of a deletion (which has no `json`). */
export interface Past extends Sight {
  /** See pastId() in write.ts. */
  readonly _id: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
  /** When the next version took its place; a deletion was never current. */
  readonly until?: Date;
  readonly deleted: boolean;
  /** How the version came about; the first letter of an HTTP verb would lose the difference of PUT and POST. */
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly json?: string;
  readonly patients: readonly string[];
  readonly custodians: readonly string[];
  readonly secrets?: readonly Sealed[];
  /** Of a deletion: the version as which the resource came back. */
  readonly revived?: number;
}

/** What a search of one type asks of storage. */
export interface Find {
  readonly where: readonly Clause[];
  /** Ends in `_id`, so that it is total. */
  readonly order: readonly OrderKey[];
  readonly limit: number;
}

/** What a step of a chain asks of one type. */
export interface Follow {
  readonly where: readonly Clause[];
  /** Only keys that begin so are told, without this beginning; without it, none. */
  readonly prefix?: string;
  readonly limit: number;
}
export interface Followed {
  readonly _id: string;
  readonly keys: readonly string[];
}

/** Which past versions: all of a resource, of a type; newest first. */
export interface FindPast {
  readonly id?: string;
  readonly since?: Date;
  /** Only versions that were current at some time in this stretch. */
  readonly during?: Interval;
  /** Only what comes after this place in the order (lastUpdated descending, then id and version descending). */
  readonly after?: PastPlace;
  readonly limit: number;
}
export interface PastPlace {
  readonly lastUpdated: Date;
  readonly id: string;
  readonly version: number;
}

/** One version, current or past, as a history shows it. */
export type Version = Omit<Past, '_id' | 'secrets' | 'revived' | 'until' | keyof Sight> &
  Pick<Stored, 'statuses' | 'seam'>;

/** By what a person is looked for: keys of matching/blocking.ts, and hashes of secrets. */
export interface CandidateKeys {
  readonly blocks: readonly string[];
  readonly secretKeys: readonly string[];
}

/** A count, or the number at which counting stopped. */
export interface Count {
  readonly count: number;
  readonly capped: boolean;
}

/** Small facts kept beside the resources (reservations, stored answers, what the store knows of itself). */
export interface Note {
  readonly _id: string;
  readonly [name: string]: unknown;
}

/** What is known of the sight of one person's record: one document a patient, the sum of the directives. */
export interface StandingDocument extends Note, Standing {
  /** The patient's id. */
  readonly _id: string;
  /** Raised whenever restrictions change: what was planned under others finds it changed. */
  readonly generation: number;
  /** Raised by every write to the record, so that none can pass a change of the directives unseen. */
  readonly touched: number;
  /** Digest of the pack that the restrictions follow. */
  readonly pack: string;
  readonly person: Person;
  /** What is between the person and each provider, and the jurisdiction. */
  readonly statuses?: Statuses;
  /** Civil day on which the provider that has been silent longest was heard of last. */
  readonly silentSince?: string;
  /** Days on which doses may be stored; absent: always. */
  readonly storing?: readonly Stretch[];
}

/** From an instant on, up to but not including another. */
export interface During {
  readonly from: Date;
  readonly to: Date;
}

export interface FindingCount {
  readonly code: string;
  readonly severity: string;
  readonly count: number;
}

/**
 * The door to what is kept. Every method that reads resources asks for the Grant and applies its filter to
 * the type it reads, so that leaving policy out does not compile.
 */
export interface Store {
  /** The current version, if there is one that the grant shows. */
  read(grant: Grant, interaction: Interaction, type: string, id: string): Promise<Stored | undefined>;
  /** Several at once, those that are there and shown, in no order. */
  readMany(grant: Grant, type: string, ids: readonly string[]): Promise<readonly Stored[]>;
  /** With secrets and keys: for the write that follows. */
  readWhole(grant: Grant, interaction: Interaction, type: string, id: string): Promise<Stored | undefined>;
  readPast(grant: Grant, type: string, id: string, version: number): Promise<Past | undefined>;
  /** The newest past version: for a deleted resource, the mark of its deletion. */
  lastPast(grant: Grant, type: string, id: string, by?: Interaction): Promise<Past | undefined>;
  find(grant: Grant, type: string, find: Find): Promise<readonly Stored[]>;
  /** One step of a chain: what matches, and where its references of one parameter lead; never an answer. */
  follow(grant: Grant, type: string, step: Follow): Promise<readonly Followed[]>;
  /** Counts up to `cap`. */
  count(grant: Grant, type: string, where: readonly Clause[], cap: number): Promise<Count>;
  versions(grant: Grant, interaction: Interaction, type: string, find: FindPast): Promise<readonly Version[]>;
  /**
   * Whose record the resources are part of, deleted ones too, by id. It asks for no grant: what is written is
   * placed by it, whoever writes, and nothing is shown.
   */
  patientsOf(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Whether any resource of the type is part of the patient's record, but for those left out by their ids. */
  holdsRecordOf(type: string, patient: string, leftOut?: readonly string[]): Promise<boolean>;
  /** The standings of some patients. It asks for no grant: they decide what is shown, and are never shown. */
  standings(patients: readonly string[]): Promise<ReadonlyMap<string, StandingDocument>>;
  /** All directives of a patient, for the sum of them; shown to nobody. */
  directivesOf(patient: string): Promise<readonly Stored[]>;
  /** Organizations that administered doses to the person, but for some doses. */
  administeringOf(patient: string, leftOut: readonly string[]): Promise<readonly string[]>;
  /** What decides about the sight of each resource of a type in a patient's record. */
  factsOfRecord(type: string, patient: string): Promise<readonly (readonly Facts[])[]>;
  /** What decides about the sight of some resources, deleted ones too, by id. */
  factsOf(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Facts[]>>;
  /**
   * People who share a key with one who comes, at most `limit`. It asks for no grant: a person is placed by it,
   * whoever sends, and nothing is shown.
   */
  candidates(keys: CandidateKeys, limit: number): Promise<readonly Stored[]>;
  /** What is part of a patient's record, whole. It asks for no grant: the registry moves it, and shows nothing. */
  partsOf(type: string, patient: string, limit: number): Promise<readonly Stored[]>;
  /** Resources as they are stored, for the same. */
  whole(type: string, ids: readonly string[]): Promise<readonly Stored[]>;
  /** Texts of past versions, by the ids of the resources, for the same. */
  pastTexts(
    type: string,
    versions: readonly { readonly id: string; readonly version: number }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Notes of a collection that have these values. */
  notes<N extends Note>(
    collection: string,
    where: Readonly<Record<string, string>>,
    limit: number,
  ): Promise<readonly N[]>;
  /** How often each finding was told of an organisation's messages, and of what of it was refused as FHIR, in a stretch of time; nothing personal is in them. */
  findingsOf(organization: string, during: During): Promise<readonly FindingCount[]>;
  /** How many doses and people of an organisation, sent as FHIR, were refused in a stretch of time, by civil day. */
  refusalsOf(
    organization: string,
    during: During,
    timeZone: string,
  ): Promise<readonly { readonly day: string; readonly count: number }[]>;
  /** How many messages an organisation sent in a stretch of time, and of how many everything could be stored. */
  messagesOf(organization: string, during: During): Promise<{ readonly of: number; readonly has: number }>;
  /** The sealed text of the message of an organisation that was kept about then beside something that it made. */
  messageAbout(
    organization: string,
    made: { readonly at: Date; readonly wrote: string },
  ): Promise<string | undefined>;
  /** What people decided about pairs of these reports of doses; it says nothing of what the reports say. */
  decisionsAbout(ids: readonly string[]): Promise<readonly Note[]>;
  /** About how many resources of a type there are, or were some seconds ago. */
  size(type: string): Promise<number>;
  note(collection: string, id: string): Promise<Note | undefined>;
  /** The relationships of a holder on a civil day, in the order of their patients, after one of them. */
  heldBy(
    holder: string,
    today: string,
    page: { readonly after: string; readonly count: number },
  ): Promise<readonly Relationship[]>;
  /** Patients of whom some provider has heard nothing since before a civil day, in the order of their ids. */
  silentBefore(
    day: string,
    page: { readonly after: string; readonly count: number },
  ): Promise<readonly string[]>;
  /** All or nothing, with what is recorded of it; undefined when durable. */
  commit(unit: readonly Deed[], record?: Draft): Promise<Clash | undefined>;
}

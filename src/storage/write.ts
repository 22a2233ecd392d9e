/**
 * A write as data: what is to change, and what must still be so for it to count. Nothing here runs; commit.ts
 * runs it, again if need be, alone or together with others.
 */
import type { Statuses } from '../status/status.ts';
import type { Note, Past, Sight, StandingDocument, Stored } from './store.ts';

/** The name of the collection of a type's superseded versions. */
export const pastOf = (type: string): string => `${type}_history`;

type Document = Stored | Past | Note;

export type Write =
  /** Fails where the `_id` is taken. */
  | {
      readonly do: 'insert';
      readonly in: string;
      readonly doc: Document;
      /** The id was made for it a moment ago: nothing that is stored can refer to it. */
      readonly isNew?: true;
    }
  /** Fails where the stored document no longer has what `match` says. */
  | { readonly do: 'replace'; readonly in: string; readonly match: Match; readonly doc: Document }
  | { readonly do: 'delete'; readonly in: string; readonly match: Match };

/** What a write to a patient's record does to the standing of the patient (interactions/sight.ts). */
export type StandingWrite =
  /**
   * A write to a patient's record passes by its standing: under snapshot isolation a write that only read it could
   * be committed beside a directive that changes it. Several units may touch one standing in one transaction.
   */
  | { readonly do: 'touch'; readonly in: typeof STANDINGS; readonly match: Match }
  /** The standing changes, and with it what is visible of every document of the record (restate.ts). */
  | {
      readonly do: 'restate';
      readonly in: typeof STANDINGS;
      readonly match: Match;
      readonly doc: StandingDocument;
      /** Where the record lies. */
      readonly collections: readonly string[];
      /** What counts between the person and providers, where that has changed. */
      readonly statuses?: Statuses;
      /** Collections whose part of the record is erased instead. */
      readonly erases?: readonly string[];
    };

/** All that a transaction can do. */
export type Deed = Write | StandingWrite;

/** The collection of standings. */
export const STANDINGS = 'standings';

/** The document, and one more thing that must still be true of it; null: that it does not have the field. */
export type Match = { readonly _id: string } & Readonly<Record<string, string | number | null>>;

/** Writes that are done all or not at all. */
export type Unit = readonly Write[];

/** Why a unit was not done; nothing of it was. */
export interface Clash {
  readonly why: 'taken' | 'changed';
  readonly in: string;
  readonly id: string;
}

const VERSION_DIGITS = 9;
/**
 * The `_id` of a version in history. A space sorts before every character of an id, so that versions sort as
 * their resources do.
 */
export const pastId = (id: string, version: number): string =>
  `${id} ${String(version).padStart(VERSION_DIGITS, '0')}`;
/** All versions of one resource. */
export const pastIds = (id: string): { readonly $gt: string; readonly $lt: string } => ({
  $gt: `${id} `,
  $lt: `${id}!`,
});

const past = (stored: Stored, until: Date): Past => ({
  _id: pastId(stored._id, stored.version),
  id: stored._id,
  version: stored.version,
  lastUpdated: stored.lastUpdated,
  until,
  deleted: false,
  method: stored.version === 1 ? 'POST' : 'PUT',
  json: stored.json,
  patients: stored.patients,
  custodians: stored.custodians,
  ...sightOf(stored),
  ...(stored.secrets && { secrets: stored.secrets }),
});

const sightOf = ({ facts, visibility }: Sight): Sight => ({
  ...(facts && { facts }),
  ...(visibility && { visibility }),
});

/** A resource that never had a version. */
export const insert = (type: string, doc: Stored): Unit => [{ do: 'insert', in: type, doc }];

/** A resource under an id that the server has just made for it, and that nobody has been told. */
export const make = (type: string, doc: Stored): Unit => [{ do: 'insert', in: type, doc, isNew: true }];

/**
 * A deleted resource comes back. That it has no current version does not tell that its history still ends where
 * it did: another may have revived and deleted it. So the last version is marked, once.
 */
export const revive = (type: string, last: Past, doc: Stored): Unit => [
  {
    do: 'replace',
    in: pastOf(type),
    match: { _id: last._id, revived: null },
    doc: { ...last, revived: doc.version },
  },
  { do: 'insert', in: type, doc },
];

/** The current version gives way to the next; it goes into history first. */
export const supersede = (type: string, was: Stored, doc: Stored): Unit => [
  { do: 'insert', in: pastOf(type), doc: past(was, doc.lastUpdated) },
  { do: 'replace', in: type, match: { _id: was._id, version: was.version }, doc },
];

/** The resource leaves; its versions and the mark of its deletion stay in history. */
export const remove = (type: string, was: Stored, at: Date): Unit => [
  { do: 'insert', in: pastOf(type), doc: past(was, at) },
  { do: 'insert', in: pastOf(type), doc: tombstone(was, at) },
  { do: 'delete', in: type, match: { _id: was._id, version: was.version } },
];

function tombstone(was: Stored, at: Date): Past {
  const version = was.version + 1;
  const { patients, custodians } = was;
  const id = was._id;
  return {
    _id: pastId(id, version),
    id,
    version,
    lastUpdated: at,
    deleted: true,
    method: 'DELETE',
    patients,
    custodians,
    ...sightOf(was),
  };
}

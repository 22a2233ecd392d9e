/** What a merge leaves beside the records: enough to undo it exactly, one document for each resource that moved. */
import type { Statuses } from '../../status/status.ts';
import type { Note } from '../../storage/store.ts';

export const MERGES = 'merges';
export const MOVES = 'merge_moves';

/** Under the id of the record that was merged away: a person is merged away once at a time. */
export interface Merge extends Note {
  readonly target: string;
  /** Raised by every merge and undo of this record, so that no two are mixed up. */
  readonly turn: number;
  /** `moving` until everything of the record is the survivor's. */
  readonly state: 'moving' | 'merged' | 'undoing' | 'undone';
  readonly at: Date;
  /** What the survivor's statuses were before, and what the merge made of them. */
  readonly statuses: { readonly before: Statuses; readonly after: Statuses };
  /** What both Patients were before, and what the merge made of them. */
  readonly texts: { readonly source: Texts; readonly target: Texts };
}

export interface Texts {
  readonly before: string;
  readonly after: string;
}

/** A resource that moved. */
export interface Move extends Note {
  /** `source turn` */
  readonly merge: string;
  readonly type: string;
  readonly id: string;
  /** Its version before, and the one that the merge wrote; the same where only the record it is part of changed. */
  readonly was: number;
  readonly wrote: number;
}

export const moveKey = ({ _id, turn }: Pick<Merge, '_id' | 'turn'>): string => `${_id} ${turn}`;

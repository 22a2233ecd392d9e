/** The truth beside the records: which record is which person, and which report is which dose. Tests of matching are judged by it. */
import type { DoseError, IdentityError } from './error-rates.ts';

interface Numbered {
  readonly system: string;
  readonly value: string;
}

/** A reported dose. `dose` names the true dose, and is missing where a vaccine was refused. */
export interface DoseTruth {
  readonly identifier: Numbered;
  readonly dose?: string;
  readonly as: 'given' | 'known' | 'refused';
  readonly errors: readonly DoseError[];
}

/** A record, that is one Patient with its doses: one line of the side file. */
export interface Truth {
  /** The medical record number, by which the Patient is found. */
  readonly record: Numbered;
  /** The true person; records of one person have the same. */
  readonly person: string;
  readonly household: string;
  /** Others of the same birth: true different people who look alike. */
  readonly twins: readonly string[];
  /** Key of the organisation that keeps the record. */
  readonly source: string;
  /** Whether it is the first record of the person, made without mistakes. */
  readonly first: boolean;
  readonly errors: readonly IdentityError[];
  readonly doses: readonly DoseTruth[];
  /** Ids of the server, where a loader has learned them: of the Patient, and of the doses in their order. */
  readonly ids?: { readonly patient: string; readonly doses: readonly string[] };
}

/** The name of a true person. */
export const personName = (n: number): string => `P${n}`;

/** The name of a true dose. */
export const doseName = (n: number, at: number): string => `P${n}/${at}`;

/** What a verification of the log can find. */
export const FINDINGS = {
  changed: 'The record, or the one before it, is not as it was stored.',
  moved: 'The record stands where another one was stored.',
  missing: 'Records are missing.',
  foreign: 'The document stands in no chain: the server did not record it.',
  hidden: 'The keys by which the record is found are not those of its text.',
  rewritten: 'The chain is not the one that the checkpoint was signed for.',
  truncated: 'The chain ends before where it was at the checkpoint.',
  'checkpoint-missing': 'The checkpoint is missing.',
  'checkpoint-forged': 'The checkpoint was changed, or this registry did not sign it.',
  'broken-off': 'The chain has no end: its process still runs, or was killed.',
} as const;
export type FindingKind = keyof typeof FINDINGS;

/** One thing that was found. */
export interface Finding {
  readonly kind: FindingKind;
  /** The record, chain or checkpoint that it is about. */
  readonly at: string;
  readonly says: string;
}

export type Find = (kind: FindingKind, at: string, more?: string) => void;

/** Makes the sentence of a finding. */
export const finding = (kind: FindingKind, at: string, more?: string): Finding => ({
  kind,
  at,
  says: more === undefined ? FINDINGS[kind] : `${FINDINGS[kind]} ${more}`,
});

/** Whether somebody changed the log; a process that was killed has not. */
export const isFault = ({ kind }: Finding): boolean => kind !== 'broken-off';

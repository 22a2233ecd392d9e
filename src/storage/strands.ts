/**
 * The chains that one process writes. A chain takes one group of records at a time and goes on when it is known what
 * became of the group; groups that are under way at once stand in several chains. Where MongoDB does not say whether
 * a group was stored, its chain ends there, and verifies up to whatever was.
 */
import { idAt, strandName, type Chained, type Link } from './chain.ts';
import type { Stored } from './store.ts';

/** Records that are made when they are stored, with the ids of their places. */
export type Draft = (newId: () => string) => readonly Stored[];

/** What was sealed for one attempt to store it. Exactly one of the three is called afterwards. */
export interface SealedGroup {
  readonly records: readonly Chained[];
  readonly stored: () => void;
  /** None of it was stored. */
  readonly notStored: () => void;
  readonly unknown: () => void;
}

export interface Strands {
  readonly seal: (drafts: readonly Draft[]) => SealedGroup;
  /** The last records of all chains that can be ended. */
  readonly end: () => readonly SealedGroup[];
}

export interface Chaining {
  readonly link: Link;
  readonly now: () => Date;
  /** What the first record of a chain says, and the last. */
  readonly first: (strand: string) => Draft;
  readonly last: (strand: string) => Draft;
}

interface Head {
  readonly strand: string;
  /** How many records it has. */
  readonly size: number;
  readonly hash: string;
}

/** Makes the chains of one process: none before something is to be stored. */
export function strandsOf({ link, now, first, last }: Chaining): Strands {
  const free: Head[] = [];
  const seal = (head: Head, drafts: readonly Draft[]): SealedGroup => {
    const { records, after } = linked(link, head, head.size === 0 ? [first(head.strand), ...drafts] : drafts);
    return {
      records,
      stored: () => {
        free.push(after);
      },
      // A chain that has nothing yet is forgotten: nobody would miss it.
      notStored: () => {
        if (head.size > 0) free.push(head);
      },
      unknown: () => undefined,
    };
  };
  const fresh = (): Head => {
    const strand = strandName(now());
    return { strand, size: 0, hash: strand };
  };
  return {
    seal: (drafts) => seal(free.pop() ?? fresh(), drafts),
    end: () =>
      free.splice(0).map((head) => ({ ...seal(head, [last(head.strand)]), stored: () => undefined })),
  };
}

function linked(
  link: Link,
  head: Head,
  drafts: readonly Draft[],
): { readonly records: readonly Chained[]; readonly after: Head } {
  let { size, hash } = head;
  const newId = (): string => {
    const id = idAt(head.strand, size);
    size += 1;
    return id;
  };
  const records = drafts.flatMap((draft) =>
    draft(newId).map((record): Chained => {
      hash = link(hash, record);
      return { ...record, chain: hash };
    }),
  );
  return { records, after: { strand: head.strand, size, hash } };
}

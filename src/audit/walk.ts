/** Walking along one chain: every record proven by its hash and the one before, and held against signed heads. */
import type { AuditEvent } from '@medplum/fhirtypes';
import { placeOf, type Chained, type Link } from '../storage/chain.ts';
import type { Stored } from '../storage/store.ts';
import type { Head } from './checkpoint.ts';
import { documentOf } from './document.ts';
import type { Find } from './findings.ts';

export interface Walk {
  /** Takes the next record of the chain. */
  readonly take: (record: Chained) => void;
  /** Says what is missing at the end, and how far the chain can be trusted; undefined where it has nothing. */
  readonly end: () => Head | undefined;
  readonly count: () => number;
}

export interface Walking {
  readonly strand: string;
  readonly link: Link;
  /** Behind which record it begins, where it was cut or walked before. */
  readonly base?: Head | undefined;
  /** Where it was at later checkpoints. */
  readonly signed?: readonly Head[];
  readonly find: Find;
}

/** Begins to walk along a chain. */
export function walkAlong({ strand, link, base, signed = [], find }: Walking): Walk {
  const heads = new Map(signed.map((head) => [head.n, head.hash]));
  let count = 0;
  let next = (base?.n ?? -1) + 1;
  // Of the record behind a gap it cannot be told whether it is as it was.
  let before: string | undefined = base?.hash ?? strand;
  let trusted = base;
  let isWhole = true;
  let hasEnded = false;
  const fault: Find = (kind, at, more) => {
    isWhole = false;
    find(kind, at, more);
  };
  return {
    take: (record) => {
      const n = placeOf(record._id)?.n ?? next;
      if (n > next) {
        fault('missing', strand, `Its records ${next} to ${n - 1}, before ${record._id}.`);
        before = undefined;
      }
      if (before !== undefined && link(before, record) !== record.chain) judge(record, fault);
      else if (!isFoundByItsText(record)) fault('hidden', record._id);
      const hash = heads.get(n);
      if (hash !== undefined && hash !== record.chain) fault('rewritten', record._id);
      count += 1;
      next = n + 1;
      before = record.chain;
      hasEnded = record.json.includes(END);
      if (isWhole) trusted = { strand, n, hash: record.chain };
    },
    end: () => {
      const last = Math.max(-1, ...heads.keys());
      if (last >= next) find('truncated', strand, `Its records ${next} to ${last} were there.`);
      else if (!hasEnded && count > 0) find('broken-off', strand, `Its last record is ${next - 1}.`);
      return trusted;
    },
    count: () => count,
  };
}

const END = '"code":"chain-end"';

function judge({ _id, json }: Chained, find: Find): void {
  const id = /^\{"resourceType":"AuditEvent","id":"([^"]+)"/.exec(json)?.[1];
  if (id !== undefined && id !== _id) find('moved', _id, `Its text is that of ${id}.`);
  else find('changed', _id);
}

/** Whatever rules the record says its keys are of: whoever changes the keys could change that too. */
function isFoundByItsText(record: Chained): boolean {
  const own = documentIn(record.json);
  return own !== undefined && keysIn(record) === keysIn(own);
}

/** Behind a gap a text is not proven, and may be anything. */
function documentIn(json: string): Stored | undefined {
  try {
    return documentOf(JSON.parse(json) as AuditEvent & { readonly id: string });
  } catch {
    return undefined;
  }
}

const keysIn = ({
  tokens,
  beside = [],
  index,
  sort,
  patients,
  custodians,
  lastUpdated,
  version,
}: Stored): string =>
  JSON.stringify([
    [...tokens].sort(),
    [...beside].sort(),
    index,
    sort,
    [...patients].sort(),
    [...custodians].sort(),
    lastUpdated,
    version,
  ]);

/**
 * What the restrictions of a record leave visible of one document: stored beside it, in civil days, so that a start,
 * an end or a birthday needs no nightly job. A caller sees a document unless one of its entries, on that day, hits a
 * key of the caller and spares none: however many directives there are, the most restrictive wins.
 */
import { isDuring, type Stretch } from './days.ts';
import { organizationKey } from './keys.ts';

/** What of a document decides who may see it; of a document about others, one for each of those. */
export interface Facts {
  readonly type: string;
  readonly id: string;
  /** Ids of the organizations that administered the dose, where it is not merely history. */
  readonly administered?: readonly string[];
  /** CVX codes of the dose. */
  readonly codes?: readonly string[];
  /** The civil day of the dose. */
  readonly day?: string;
  /** Whether a minor consented to it alone. */
  readonly minorsOwn?: true;
  /** Of a directive and its form: who took it down. */
  readonly filedBy?: readonly string[];
}

/** The documents that a restriction is about; each criterion that is there must hold. */
export interface DataLimit {
  readonly types?: readonly string[];
  readonly ids?: readonly string[];
  readonly codes?: readonly string[];
  /** Days of the dose. */
  readonly during?: Stretch;
  readonly minorsOwn?: true;
  /** Whether directives and their forms are meant, or all but those. */
  readonly directives?: boolean;
}

/** Why a restriction holds, for whoever must explain it. */
export interface Cause {
  readonly why:
    | 'directive'
    | 'limits'
    | 'nothing-on-file'
    | 'death'
    | 'guardian-age'
    | 'minors-own'
    | 'no-access'
    | 'directives-themselves'
    | 'other-submitter';
  /** Code of the directive, where there is one. */
  readonly code?: string;
  /** Id of its Consent. */
  readonly consent?: string;
}

/** One thing that closes a record to some, for some time. */
export interface Restriction extends Stretch {
  /** Keys of those whom it keeps away. */
  readonly hits: readonly string[];
  /** Keys of those whom it does not. */
  readonly spares: readonly string[];
  /** Whether an organization still sees the doses that it administered itself, and who the person is. */
  readonly sparesAdministering: boolean;
  /** Ids of organizations that still see who the person is: they took the directive down. */
  readonly knownTo?: readonly string[];
  /** Whether who took down a directive still sees it. */
  readonly sparesFilers?: true;
  readonly data?: DataLimit;
  /** Keys that are spared for some documents only. */
  readonly sparesFor?: readonly { readonly keys: readonly string[]; readonly data: DataLimit }[];
  readonly cause: Cause;
}

/** An entry beside a document. */
export interface Visibility extends Stretch {
  /** The patient whose record it is for. */
  readonly of: string;
  readonly hits: readonly string[];
  readonly spares: readonly string[];
}

const shares = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
  some.some((each) => others.includes(each));

const holdsOf = <T>(limit: T | undefined, isMet: (limit: T) => boolean): boolean =>
  limit === undefined || isMet(limit);

/** Whether a document is among those that a limit names. */
export function isAmong(
  facts: Facts,
  { types, ids, codes, during, minorsOwn, directives }: DataLimit,
): boolean {
  const { type, id, day, filedBy } = facts;
  return (
    holdsOf(directives, (only) => (filedBy !== undefined) === only) &&
    holdsOf(types, (some) => some.includes(type)) &&
    holdsOf(ids, (some) => some.includes(`${type}/${id}`)) &&
    holdsOf(codes, (some) => shares(facts.codes, some)) &&
    holdsOf(during, (days) => day !== undefined && isDuring(days, day)) &&
    holdsOf(minorsOwn, () => facts.minorsOwn === true)
  );
}

/** What one patient's standing says of documents. */
export interface Standing {
  readonly restrictions: readonly Restriction[];
  /** Organizations that administered doses to the person: they keep knowing who it is. */
  readonly administering: readonly string[];
}

/** The entries of a document for one patient's record. */
export function visibilityOf(of: string, standing: Standing, facts: readonly Facts[]): Visibility[] {
  const entries = facts.flatMap((each) => entriesOf(of, standing, each));
  // Of two documents that it is about one may be hidden for what the other is; each is told once.
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function entriesOf(of: string, { restrictions, administering }: Standing, facts: Facts): Visibility[] {
  return restrictions
    .filter(({ data }) => data === undefined || isAmong(facts, data))
    .map((restriction) => ({
      of,
      from: restriction.from,
      to: restriction.to,
      hits: restriction.hits,
      spares: sparedBy(restriction, facts, administering),
    }));
}

function sparedBy(restriction: Restriction, facts: Facts, administering: readonly string[]): string[] {
  const isPerson = facts.type === 'Patient';
  const own = isPerson ? administering : (facts.administered ?? []);
  const knowing = isPerson ? (restriction.knownTo ?? []) : [];
  const filers = restriction.sparesFilers === true ? (facts.filedBy ?? []) : [];
  const some = (restriction.sparesFor ?? []).filter(({ data }) => isAmong(facts, data));
  return [
    ...restriction.spares,
    ...some.flatMap(({ keys }) => keys),
    ...new Set([...(restriction.sparesAdministering ? own : []), ...knowing, ...filers].map(organizationKey)),
  ];
}

/** Whether an entry keeps a caller away on a day. */
export const keepsAway = (
  { hits, spares, ...stretch }: Pick<Visibility, 'hits' | 'spares'> & Stretch,
  keys: readonly string[],
  day: string,
): boolean => isDuring(stretch, day) && shares(hits, keys) && !shares(spares, keys);

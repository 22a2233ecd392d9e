/** Files what a message says, all of it in one transaction; what the registry refuses of it is left out and told. */
import { Failure, type FailureKind, type Issue } from '../core/failure.ts';
import { Denied } from '../policy/decide.ts';
import { transact, type Done } from './corridor.ts';
import type { Finding } from './findings.ts';
import type { Item } from './items.ts';
import { numberTaken, plan, PlacedMeanwhile, type Filing, type PlannedWrite } from './plan.ts';

export interface Filed {
  readonly findings: readonly Finding[];
  /** Orders of which nothing was stored. */
  readonly lost: ReadonlySet<number>;
  /** `Patient/id` of who was on file already, as placing found: what the message says of that one is still to be taken. */
  readonly joined?: string;
  /** References to what was written, or was there already. */
  readonly filed?: readonly string[];
  /** Whose record it is waits for a person to say. */
  readonly waits?: boolean;
}

const ATTEMPTS = 8;
/** Another writer was there first: look again. */
const AGAIN: ReadonlySet<FailureKind> = new Set(['conflict', 'version-conflict']);

/**
 * Files what can be filed, all of it in one transaction; an order that the registry refuses is left out and told.
 * @throws Failure where the message as a whole cannot be stored
 */
export async function file(filing: Filing): Promise<Filed> {
  const so: SoFar = { findings: [], lost: new Set(), leftOut: new Set(), attempt: 0 };
  let filed: Filed | undefined;
  while (filed === undefined) {
    so.attempt += 1;
    filed = await attempt(filing, so);
  }
  return filed;
}

/** What earlier attempts have come to. */
interface SoFar {
  readonly findings: Finding[];
  readonly lost: Set<number>;
  readonly leftOut: Set<Item>;
  attempt: number;
}

/** @returns undefined where it is to be tried again, without what was refused */
async function attempt(filing: Filing, so: SoFar): Promise<Filed | undefined> {
  const { lost } = so;
  const isLeft = (item: Item | undefined): boolean =>
    item === undefined || (!so.leftOut.has(item) && (item.order === undefined || !lost.has(item.order)));
  const planned = await plan(filing, filing.items.filter(isLeft));
  for (const { order } of planned.refused) if (order !== undefined) lost.add(order);
  const findings = [...so.findings, ...planned.findings];
  const left = planned.writes.filter(({ item }) => isLeft(item));
  const orders = filing.items.filter(({ order }) => order !== undefined);
  const isEmpty = orders.length > 0 && !orders.some(isLeft);
  if (left.length === 0 || isEmpty) return { findings, lost };
  try {
    const entries = left.map(({ entry }) => entry);
    const done = await transact(filing.corridor, entries, filing.message(findings));
    return withOutcome({ findings, lost }, left, done);
  } catch (error) {
    const refused = refusalOf(error, left, so.attempt);
    if (refused !== undefined) leaveOut(so, refused);
    return undefined;
  }
}

function leaveOut(so: SoFar, { item, findings }: Refused): void {
  so.findings.push(...findings);
  if (item.order === undefined) so.leftOut.add(item);
  else so.lost.add(item.order);
}

interface Refused {
  readonly item: Item;
  readonly findings: readonly Finding[];
}

/** What the answers say beside that all is stored: who was there already, and which numbers are taken. */
function withOutcome(
  { findings, lost }: { readonly findings: readonly Finding[]; readonly lost: Set<number> },
  writes: readonly PlannedWrite[],
  done: readonly Done[] | undefined,
): Filed {
  const outcome = outcomeOf(writes, done);
  const taken = outcome.joined === undefined ? takenIn(writes, done) : [];
  for (const { order } of taken) if (order !== undefined) lost.add(order);
  return { findings: [...findings, ...taken.map(numberTaken)], lost, ...outcome };
}

function outcomeOf(writes: readonly PlannedWrite[], done: readonly Done[] | undefined): Partial<Filed> {
  if (done === undefined) return { waits: true };
  const first = done[0];
  const filed = done.map(({ reference }) => reference).filter((each) => each !== '');
  const isNew = writes[0]?.entry.request?.method === 'POST' && writes[0].item === undefined;
  return { filed, ...(isNew && first?.status === 200 && { joined: first.reference }) };
}

/** Doses that the registry had already, though not of this person: their numbers are taken. */
function takenIn(writes: readonly PlannedWrite[], done: readonly Done[] | undefined): Item[] {
  return writes.flatMap(({ item, entry }, at) => {
    const isThere = entry.request?.method === 'POST' && done?.[at]?.status === 200;
    return isThere && item?.resource.resourceType === 'Immunization' ? [item] : [];
  });
}

/** @returns undefined where it is to be tried again @throws what stops the whole message */
function refusalOf(error: unknown, writes: readonly PlannedWrite[], attempt: number): Refused | undefined {
  if (!(error instanceof Failure)) throw error;
  if (error.kind === 'version-conflict' && isOfPerson(writes, error.issues[0]))
    throw new PlacedMeanwhile(error.message, { cause: error });
  if (AGAIN.has(error.kind) && attempt < ATTEMPTS) return undefined;
  const item = writeAt(writes, error.issues[0])?.item ?? directiveDenied(error, writes);
  if (item === undefined) throw error;
  return { item, findings: error.issues.map((issue) => findingOf(issue, item)) };
}

/** The write in the entry that an issue is about. */
function writeAt(writes: readonly PlannedWrite[], { expression }: Issue): PlannedWrite | undefined {
  const [, at] = /^Bundle\.entry\[(\d+)\]/.exec(expression?.[0] ?? '') ?? [];
  return at === undefined ? undefined : writes[Number(at)];
}

const isOfPerson = (writes: readonly PlannedWrite[], issue: Issue): boolean =>
  writeAt(writes, issue)?.entry.resource?.resourceType === 'Patient';

/** Whether its sender may file a directive shows only with all that is written beside it. */
const directiveDenied = (error: Failure, writes: readonly PlannedWrite[]): Item | undefined =>
  error instanceof Denied && error.denial === 'not_party_to_directive'
    ? writes.find(({ item }) => item?.resource.resourceType === 'Consent')?.item
    : undefined;

const findingOf = ({ message }: Issue, { location, order }: Item): Finding => ({
  name: 'rule-broken',
  // What is of the person does not take the vaccinations with it.
  severity: order === undefined ? 'W' : 'E',
  location,
  says: `${message} This was not stored.`,
});

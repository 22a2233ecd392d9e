/**
 * From what a message says to one transaction: what is new is created, what differs is updated, what is the same is
 * left alone, so that a message that comes again changes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { BundleEntry, Immunization, Patient, Resource } from '@medplum/fhirtypes';
import { Failure, type FailureKind, type Issue } from '../core/failure.ts';
import { queryText } from '../core/query.ts';
import { judge } from '../validation/check.ts';
import type { Message as KeptMessage, QueryPair } from '../core/context.ts';
import { Denied } from '../policy/decide.ts';
import { found, tokenOf, transact, type Corridor, type Done } from './corridor.ts';
import type { Finding, Location } from './findings.ts';
import type { Action, EventNumber } from './mapping/order.ts';

/** A resource that a message asks for, by the number under which the registry keeps it. */
export interface Item {
  /** Which order it belongs to; undefined for what is of the person. */
  readonly order?: number;
  /** Where the message says it. */
  readonly location: Location;
  readonly action: Action;
  readonly number: EventNumber;
  readonly resource: Kept;
  /** What only changes something that is there already. */
  readonly onlyIfThere?: boolean;
}

/** What is filed about a person. */
export type Kept = Resource & { readonly resourceType: KeptType };
type KeptType = 'Immunization' | 'Observation' | 'RelatedPerson' | 'Consent';
const KEPT_TYPES: readonly KeptType[] = ['Immunization', 'Observation', 'RelatedPerson', 'Consent'];

export interface Filing {
  readonly corridor: Corridor;
  readonly organization: string;
  readonly patient: PatientWrite;
  readonly items: readonly Item[];
  /** Whether who it is was asked after others could have written it down. */
  readonly isSure: boolean;
  /** The message and what is told of it, with these findings beside those there were. */
  readonly message: (more: readonly Finding[]) => KeptMessage;
}

/** A dose of this number came meanwhile, or the person has changed: whom the message is about is to be asked again. */
export class PlacedMeanwhile extends Error {
  override readonly name = 'PlacedMeanwhile';
}

/** The patient as it is to be stored, and the one that is there. */
export interface PatientWrite {
  /** What other resources refer to: `Patient/id`, or the fullUrl of one who is new. */
  readonly reference: string;
  readonly resource: Patient;
  readonly stored?: Patient;
}

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

const numberTaken = ({ location }: Item): Finding => ({
  name: 'order-id-taken',
  severity: 'E',
  location: { ...location, segment: 'ORC', field: 3 },
});

interface PlannedWrite {
  readonly entry: BundleEntry;
  readonly item?: Item;
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

interface Planned {
  readonly writes: readonly PlannedWrite[];
  readonly findings: readonly Finding[];
  readonly refused: readonly Item[];
}

async function plan(filing: Filing, items: readonly Item[]): Promise<Planned> {
  const there = await storedFor(filing, items);
  const writes: PlannedWrite[] = patientEntry(filing);
  const findings: Finding[] = [];
  const refused: Item[] = [];
  for (const item of items) {
    const said = await planItem(filing, item, there.get(keyOf(item)));
    if (said.finding !== undefined) findings.push(said.finding);
    if (said.finding?.severity === 'E') refused.push(item);
    if (said.entry !== undefined) writes.push({ entry: said.entry, item });
  }
  return { writes, findings, refused };
}

const keyOf = ({ number, resource }: Item): string =>
  `${resource.resourceType} ${number.system} ${number.value}`;

/** What of it is stored, by number. Of a person who is new only doses can be, under another patient. */
async function storedFor(
  { corridor, patient }: Filing,
  items: readonly Item[],
): Promise<ReadonlyMap<string, Kept>> {
  const types = patient.stored === undefined ? KEPT_TYPES.slice(0, 1) : KEPT_TYPES;
  const all = await Promise.all(
    types.map(async (type) => {
      const some = items.filter(({ resource }) => resource.resourceType === type);
      if (some.length === 0) return [];
      const tokens = some.map(({ number }) => tokenOf(number.system, number.value)).join(',');
      const stored = await lookedFor(corridor, type, [
        ...(patient.stored === undefined ? [] : [['patient', patient.reference] as const]),
        ['identifier', tokens],
        ['_count', String(some.length)],
      ]);
      return some.flatMap((item): (readonly [string, Kept])[] => {
        const match = stored.find((each) => hasNumber(each, item.number));
        return match === undefined ? [] : [[keyOf(item), match]];
      });
    }),
  );
  return new Map(all.flat());
}

/** Not everybody may look through doses without naming a patient: then the condition of the create must tell. */
async function lookedFor(
  corridor: Corridor,
  type: KeptType,
  query: readonly QueryPair[],
): Promise<readonly Kept[]> {
  try {
    return await found<Kept>(corridor, type, query);
  } catch (error) {
    if (error instanceof Denied) return [];
    throw error;
  }
}

const hasNumber = ({ identifier }: Kept, { system, value }: EventNumber): boolean =>
  (identifier ?? []).some((each) => each.system === system && each.value === value);

function patientEntry({ patient }: Filing): PlannedWrite[] {
  const { resource, stored, reference } = patient;
  if (stored === resource) return [];
  if (stored !== undefined) return [{ entry: updateOf(stored, resource) }];
  return [{ entry: { fullUrl: reference, resource, request: { method: 'POST', url: 'Patient' } } }];
}

const updateOf = (stored: Resource, resource: Resource): BundleEntry => ({
  resource: { ...resource, id: stored.id } as Resource,
  request: {
    method: 'PUT',
    url: `${stored.resourceType}/${stored.id ?? ''}`,
    ifMatch: `W/"${stored.meta?.versionId ?? ''}"`,
  },
});

interface Said {
  readonly entry?: BundleEntry;
  readonly finding?: Finding;
}

async function planItem(filing: Filing, item: Item, stored: Kept | undefined): Promise<Said> {
  if (item.action === 'D') return withdrawal(filing, item, stored ?? (await sameDose(filing, item)));
  return stored === undefined ? addition(item) : correction(filing, item, stored);
}

function addition({ action, location, resource, number, onlyIfThere }: Item): Said {
  if (onlyIfThere === true) return {};
  const ifNoneExist = queryText([['identifier', tokenOf(number.system, number.value)]]);
  const entry: BundleEntry = {
    resource,
    request: { method: 'POST', url: resource.resourceType, ifNoneExist },
  };
  const isUnknown = action === 'U' && resource.resourceType === 'Immunization';
  return { entry, ...(isUnknown && { finding: { name: 'update-unknown', severity: 'W', location } }) };
}

/** @throws PlacedMeanwhile */
function correction(filing: Filing, item: Item, stored: Kept): Said {
  const { resource } = item;
  if (patientOf(stored) !== patientOf(resource)) {
    if (filing.patient.stored === undefined && !filing.isSure) throw new PlacedMeanwhile();
    return { finding: numberTaken(item) };
  }
  return isSame(filing.corridor, stored, resource) ? {} : { entry: updateOf(stored, resource) };
}

const patientOf = (resource: Kept): string | undefined =>
  resource.resourceType === 'Observation' ? resource.subject?.reference : resource.patient?.reference;

/** What is withdrawn stays as it was, marked as entered in error. */
function withdrawal({ patient }: Filing, { location }: Item, stored: Kept | undefined): Said {
  if (stored === undefined || patientOf(stored) !== patient.reference)
    return { finding: { name: 'delete-unknown', severity: 'E', location } };
  if (stored.resourceType !== 'Immunization' || stored.status === 'entered-in-error') return {};
  return { entry: updateOf(stored, { ...stored, status: 'entered-in-error' }) };
}

/** Without its number a dose can be told by its day and vaccine, if there is one such of this sender. */
async function sameDose(
  { corridor, organization, patient }: Filing,
  { resource }: Item,
): Promise<Kept | undefined> {
  if (resource.resourceType !== 'Immunization' || patient.stored === undefined) return undefined;
  const [{ system = '', code = '' } = {}] = resource.vaccineCode.coding ?? [];
  const doses = await found<Immunization>(corridor, 'Immunization', [
    ['patient', patient.reference],
    ['date', resource.occurrenceDateTime?.slice(0, 10) ?? ''],
    ['vaccine-code', tokenOf(system, code)],
    ['reporting-organization', organization],
  ]);
  return doses.length === 1 ? doses[0] : undefined;
}

/** Compares with what is asked for as the registry would keep it. */
function isSame({ rooms }: Corridor, stored: Kept, wanted: Kept): boolean {
  const { kept } = judge(wanted, { id: stored.id ?? '', now: rooms.now() });
  return isDeepStrictEqual(plain(stored), plain(JSON.parse(JSON.stringify(kept)) as Kept));
}

function plain({ id: _id, meta, ...rest }: Kept): object {
  const { versionId: _version, lastUpdated: _updated, ...kept } = meta ?? {};
  return Object.keys(kept).length === 0 ? rest : { ...rest, meta: kept };
}

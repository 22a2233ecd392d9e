/**
 * From what a message says to the writes of one transaction: what is new is created, what differs is updated, what is
 * the same is left alone, so that a message that comes again changes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { BundleEntry, Immunization, Patient, Resource } from '@medplum/fhirtypes';
import { queryText } from '../core/query.ts';
import type { Message as KeptMessage, QueryPair } from '../core/context.ts';
import { Denied } from '../policy/decide.ts';
import { judge } from '../validation/check.ts';
import { amended } from './amend.ts';
import { found, tokenOf, tokensOf, type Corridor } from './corridor.ts';
import type { Finding } from './findings.ts';
import { KEPT_TYPES, type Item, type Kept, type KeptType } from './items.ts';
import { isNumber } from './mapping/systems.ts';
import type { EventNumber } from './mapping/order.ts';

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

/** A write, and what of the message it is for; the person's own has none. */
export interface PlannedWrite {
  readonly entry: BundleEntry;
  readonly item?: Item;
}

interface Planned {
  readonly writes: readonly PlannedWrite[];
  readonly findings: readonly Finding[];
  readonly refused: readonly Item[];
}

/** @throws PlacedMeanwhile */
export async function plan(filing: Filing, items: readonly Item[]): Promise<Planned> {
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
      const numbers = some.flatMap(({ number, former }) => [number, ...former]);
      const stored = await lookedFor(corridor, type, [
        ...(patient.stored === undefined ? [] : [['patient', patient.reference] as const]),
        ['identifier', tokensOf(numbers)],
        ['_count', String(numbers.length)],
      ]);
      return some.flatMap((item): (readonly [string, Kept])[] => {
        const isIt = (number: EventNumber): Kept | undefined =>
          stored.find((each) => hasNumber(each, number));
        const match = isIt(item.number) ?? item.former.map(isIt).find((each) => each !== undefined);
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

const hasNumber = ({ identifier = [] }: Kept, number: EventNumber): boolean =>
  identifier.some(isNumber(number));

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
  const newer = amended(stored, resource);
  return isSame(filing.corridor, stored, newer) ? {} : { entry: updateOf(stored, newer) };
}

const patientOf = (resource: Kept): string | undefined =>
  resource.resourceType === 'Observation' ? resource.subject?.reference : resource.patient?.reference;

/** What is withdrawn stays as it was, marked as entered in error. */
function withdrawal({ patient }: Filing, item: Item, stored: Kept | undefined): Said {
  if (stored === undefined || patientOf(stored) !== patient.reference) return notThere(item);
  if (stored.resourceType !== 'Immunization' && stored.resourceType !== 'Observation') return {};
  if (stored.status === 'entered-in-error') return {};
  return { entry: updateOf(stored, { ...stored, status: 'entered-in-error' }) };
}

const notThere = ({ location, resource, onlyIfThere }: Item): Said => {
  if (onlyIfThere === true) return {};
  const name = resource.resourceType === 'Observation' ? 'delete-unobserved' : 'delete-unknown';
  return { finding: { name, severity: 'E', location } };
};

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

export const numberTaken = ({ location }: Item): Finding => ({
  name: 'order-id-taken',
  severity: 'E',
  location: { ...location, segment: 'ORC', field: 3 },
});

/**
 * ADT^A40 and A34: two numbers of a sender are one person's (HL7 v2.5.1, 3.3.40). The one that is given up becomes an old
 * number of whoever has the other. Where each is on file with a patient of its own, whether these are one person is the
 * registry's to say: whoever may merge does, for anybody else it waits for the staff.
 */
import type { Identifier, Parameters, Patient } from '@medplum/fhirtypes';
import { Failure, type FailureKind } from '../core/failure.ts';
import { Denied } from '../policy/decide.ts';
import { REGISTRY_ACTOR } from '../interactions/own-ask.ts';
import { raiseDuplicate, type State } from '../interactions/raise-duplicate.ts';
import { isStaff } from '../interactions/staff.ts';
import type { Arrived } from './arrived.ts';
import { askFrom, found, inOne, tokensOf, type Corridor } from './corridor.ts';
import { personAlone } from './groups.ts';
import { priorNumbers } from './mapping/prior.ts';
import { isNumber } from './mapping/systems.ts';
import { segmentsOf } from './message.ts';
import { isSamePerson, placeOf } from './place.ts';
import { keptMessage } from './rejection.ts';
import { readRecord, type Told } from './told.ts';
import { check, reject, store } from './vxu.ts';

/** Reads and files what says that numbers are one person's. */
export async function receiveMerge(arrived: Arrived): Promise<void> {
  const { message, findings, header, whose } = arrived;
  const record = personAlone(message, findings);
  const told = await readRecord(arrived, record);
  const [mrg] = segmentsOf(message, 'MRG');
  const prior = told && (await priorNumbers(told.reading, mrg, told.patient, whose));
  if (told === undefined || prior === undefined) await reject(arrived, record);
  else if (header.isTest) check(arrived, told);
  else {
    const seen = await unite(arrived, told, prior);
    for (const state of await raise(arrived, told.patient, { prior, seen }))
      findings.report(state === 'waits' ? 'merge-waits' : 'merge-refused', mrg ?? 'MRG', { field: 1 });
  }
}

/** @returns whom the caller knows by a number that is given up, and who stays apart */
async function unite(
  arrived: Arrived,
  told: Told,
  prior: readonly Identifier[],
): Promise<readonly Patient[]> {
  const { survivor, left } = await merged(arrived.corridor, told.patient, prior);
  const free = prior.filter(
    (number) => !left.some(({ identifier = [] }) => identifier.some(isNumber(number))),
  );
  await store(arrived, { ...told, patient: numbered(told.patient, survivor, free) });
  return left;
}

interface Merged {
  readonly survivor: Patient | undefined;
  /** Who stays apart. */
  readonly left: readonly Patient[];
}

const TRIES = 5;
/** Somebody else has merged one of them meanwhile: look again. */
const AGAIN: ReadonlySet<FailureKind> = new Set(['conflict', 'version-conflict']);

/** Merges whom the caller may merge. */
async function merged(
  corridor: Corridor,
  sent: Patient,
  prior: readonly Identifier[],
  tries = 1,
): Promise<Merged> {
  const { survivor, holders } = await inOne(
    corridor,
    { interaction: 'search-type', type: 'Patient' },
    (within) => sidesOf(within, sent, prior),
  );
  const apart = holders.filter(({ id }) => id !== survivor?.id);
  try {
    return { survivor, left: await mergedInto(corridor, sent, survivor, apart) };
  } catch (error) {
    if (!(error instanceof Failure) || !AGAIN.has(error.kind) || tries === TRIES) throw error;
    return merged(corridor, sent, prior, tries + 1);
  }
}

const MOST_HOLDERS = 20;

/** Whom the caller knows by one of the numbers. */
const holdersOf = (corridor: Corridor, numbers: readonly Identifier[]): Promise<readonly Patient[]> =>
  found<Patient>(corridor, 'Patient', [
    ['identifier', tokensOf(numbers)],
    ['_count', String(MOST_HOLDERS)],
  ]);

interface Sides {
  readonly status: 200;
  readonly survivor: Patient | undefined;
  readonly holders: readonly Patient[];
}

async function sidesOf(corridor: Corridor, sent: Patient, prior: readonly Identifier[]): Promise<Sides> {
  const [named, holders] = await Promise.all([placeOf(corridor, sent), holdersOf(corridor, prior)]);
  return { status: 200, survivor: named ?? soleOf(sent, holders), holders };
}

/** Where nobody has the number that stays, it is the one person who has one that goes and is as PID says. */
function soleOf(sent: Patient, holders: readonly Patient[]): Patient | undefined {
  const [one, ...others] = holders.filter((each) => isSamePerson(each, sent));
  return others.length === 0 ? one : undefined;
}

/** Merges those whom the caller may merge, and who are as PID says; a number typed wrong is to fuse no strangers. */
async function mergedInto(
  corridor: Corridor,
  sent: Patient,
  survivor: Patient | undefined,
  apart: readonly Patient[],
): Promise<readonly Patient[]> {
  const left: Patient[] = [];
  for (const one of apart) {
    const mayMerge = survivor !== undefined && isStaff(corridor.actor) && isSamePerson(one, sent);
    if (!mayMerge || !(await merge(corridor, one, survivor))) left.push(one);
  }
  return left;
}

/** @returns whether it is done: the token of staff may allow less than their role */
async function merge(corridor: Corridor, source: Patient, target: Patient): Promise<boolean> {
  const side = (name: string, { id = '' }: Patient) => ({
    name,
    valueReference: { reference: `Patient/${id}` },
  });
  const resource: Parameters = {
    resourceType: 'Parameters',
    parameter: [side('source-patient', source), side('target-patient', target)],
  };
  const ask = askFrom(corridor, {
    ...{ interaction: 'operation', operation: 'merge', type: 'Patient' },
    body: { kind: 'resource', resource },
  });
  try {
    await corridor.rooms.handle(ask);
    return true;
  } catch (error) {
    if (error instanceof Denied) return false;
    throw error;
  }
}

/** The person as PID says, with the numbers that are given up; one that stays was perhaps given up before. */
function numbered(sent: Patient, survivor: Patient | undefined, prior: readonly Identifier[]): Patient {
  const isOld = (number: Identifier): boolean =>
    prior.some(({ system }) => system === number.system) &&
    survivor?.identifier?.some((each) => each.use === 'old' && isNumber(number)(each)) === true;
  const kept = (sent.identifier ?? []).map((number): Identifier =>
    isOld(number) ? { ...number, use: 'usual' } : number,
  );
  return { ...sent, identifier: [...kept, ...prior] };
}

interface Held {
  readonly prior: readonly Identifier[];
  /** Holders of a number whom the caller sees. */
  readonly seen: readonly Patient[];
}

/**
 * Puts before the staff who else has a number that is given up, be that somebody whom the sender does not see.
 * @returns what has become of those whom it sees
 */
async function raise(arrived: Arrived, sent: Patient, { prior, seen }: Held): Promise<readonly State[]> {
  const { corridor, organization } = arrived;
  const survivor = await placeOf(corridor, sent);
  const all = await holdersOf({ ...corridor, actor: REGISTRY_ACTOR }, prior);
  const others = all.filter(({ id }) => id !== survivor?.id);
  if (survivor?.id === undefined) return [];
  const told: State[] = [];
  for (const { id = '' } of others) {
    const isSeen = seen.some((each) => each.id === id);
    const state = await raiseDuplicate(corridor.rooms, {
      about: survivor.id,
      other: id,
      // Who does not see both is not told that there are two.
      actor: isSeen ? { ...corridor.actor, organization } : REGISTRY_ACTOR,
      message: keptMessage(arrived, []),
    });
    if (isSeen) told.push(state);
  }
  return told;
}

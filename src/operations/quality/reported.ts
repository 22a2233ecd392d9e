/**
 * The figures of what an organisation reported, read in batches through a grant along one index: ids rise with time, so
 * that what came in a period is a stretch of ids. Only numbers are kept of what is read.
 */
import { DAY_MS, dayAfter, daysBetween } from '../../core/civil-day.ts';
import type { Immunization, Patient, Task } from '@medplum/fhirtypes';
import { dayOf } from '../../consent/days.ts';
import { fail } from '../../core/failure.ts';
import { idFrom, timeOfId } from '../../core/id.ts';
import { settingOf, type Rooms } from '../../interactions/rooms.ts';
import type { Fields } from '../../jurisdictions/pack.ts';
import { isCode } from '../../pending/codes.ts';
import type { Grant } from '../../policy/decide.ts';
import { filledIn } from '../../quality/measures.ts';
import type { FieldFigure, Figures, Period } from '../../quality/figures.ts';
import type { Clause } from '../../search/clause.ts';
import { parseCondition } from '../../search/parse.ts';
import type { Stored } from '../../storage/store.ts';

const BATCH = 500;

/** Where to read, of whom, and how many documents at most. */
export interface Source {
  readonly rooms: Rooms;
  readonly grant: Grant;
  readonly organization: string;
  readonly most: number;
}

/** An instant up to but not including another. */
interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/**
 * All figures of a period.
 * @throws Failure `too-costly` where more came than may be read
 */
export async function figuresOf(source: Source, period: Period): Promise<Figures> {
  const { rooms, organization } = source;
  const { start, end } = period;
  const during = stretchOf(source, start, end);
  const before = stretchOf(source, dayAfter(start, -(daysBetween(start, end) + 1)), dayAfter(start, -1));
  const { taken, ...tally } = await tallied(source, during);
  const messages = await rooms.store.messagesOf(organization, during);
  const refused = await refusedAges(source, during);
  const queues = await queuesOf(source, during);
  return {
    period,
    ...tally,
    records: { of: taken + refused.length, has: taken },
    dosesBefore: await countOf(source, before),
    messages,
    ...queues,
    rejected: [...queues.rejected, ...refused],
  };
}

/** The offsets of all zones are multiples of it. */
const QUARTER_MS = 900_000;

/** When a civil day begins where the registry is. */
function startOf(day: string, timeZone: string): Date {
  let time = Date.parse(day) - DAY_MS;
  while (dayOf(new Date(time), timeZone) < day) time += QUARTER_MS;
  return new Date(time);
}

/** The instants of some civil days. */
export const stretchOf = (
  { rooms: { pack } }: Pick<Source, 'rooms'>,
  first: string,
  last: string,
): Stretch => ({
  from: startOf(first, pack.timeZone),
  to: startOf(dayAfter(last, 1), pack.timeZone),
});

/** Doses of which the registry was told that they were given. */
const GIVEN = ['status', 'completed'] as const;

async function countOf(source: Source, { from, to }: Stretch): Promise<number> {
  const { rooms, grant, most } = source;
  const where = [...askedOf(source, 'Immunization', 'reporting-organization', [GIVEN]), within(from, to)];
  return (await rooms.store.count(grant, 'Immunization', where, most)).count;
}

const within = (from: Date, to: Date): Clause => ({
  op: 'range',
  field: '_id',
  within: { gte: idFrom(from), lt: idFrom(to) },
});

type Tally = Pick<Figures, 'doses' | 'late' | 'fields' | 'repeated' | 'told'> & {
  /** Doses and people that came as FHIR. */
  readonly taken: number;
};

async function tallied(source: Source, stretch: Stretch): Promise<Tally> {
  const { pack, store } = source.rooms;
  const { dose: ofDose, patient: ofPatient } = pack.fields;
  const [doses, people] = [fieldCount(ofDose), fieldCount(ofPatient)];
  const [known, seen] = [new Set<string>(), new Set<string>()];
  const late: number[] = [];
  const judged = judgements();
  let repeated = 0;
  const asked = askedOf(source, 'Immunization', 'reporting-organization', [GIVEN]);
  for await (const batch of batches(source, 'Immunization', { asked, ...stretch })) {
    for (const { _id, json, judged: codes } of batch) {
      judged.add(codes);
      const dose = JSON.parse(json) as Immunization;
      doses.add(dose);
      late.push(...lateness(dose, dayOf(timeOfId(_id), pack.timeZone)));
      const key = sameness(dose);
      if (seen.has(key)) repeated += 1;
      seen.add(key);
    }
    const fresh = new Set(batch.flatMap(({ patients }) => patients.filter((id) => !known.has(id))));
    for (const id of fresh) known.add(id);
    for (const { json, judged: codes } of await store.whole('Patient', [...fresh])) {
      judged.add(codes);
      people.add(JSON.parse(json) as Patient);
    }
  }
  const fields = [...doses.figures(), ...people.figures()];
  return { doses: doses.all(), late, repeated, fields, ...judged.figures() };
}

/** Counts what came as FHIR, and what was told of it; what a message brought is judged with the message. */
function judgements() {
  const told = new Map<string, number>();
  let taken = 0;
  return {
    add: (codes: readonly string[] | undefined): void => {
      if (codes === undefined) return;
      taken += 1;
      for (const code of codes) told.set(code, (told.get(code) ?? 0) + 1);
    },
    figures: () => ({ taken, told }),
  };
}

/** Counts how many of some resources have each field. */
function fieldCount({ required, ifAvailable }: Fields) {
  const names = [...required, ...ifAvailable];
  const filled = new Map<string, number>();
  let all = 0;
  const figure =
    (rule: FieldFigure['rule']) =>
    (field: string): FieldFigure => ({ field, rule, of: all, has: filled.get(field) ?? 0 });
  return {
    add: (resource: unknown): void => {
      all += 1;
      for (const field of filledIn(resource, names)) filled.set(field, (filled.get(field) ?? 0) + 1);
    },
    all: () => all,
    figures: () => [...required.map(figure('required')), ...ifAvailable.map(figure('if-available'))],
  };
}

const WHOLE_DAY = 10;

/** Days from administration to receipt, of a dose that the sender gave itself and knows the day of. */
function lateness({ primarySource, occurrenceDateTime }: Immunization, received: string): number[] {
  const day = occurrenceDateTime?.slice(0, WHOLE_DAY) ?? '';
  return primarySource === true && day.length === WHOLE_DAY ? [daysBetween(day, received)] : [];
}

/** What two reports of one dose have in common. */
const sameness = ({ patient, occurrenceDateTime, occurrenceString, vaccineCode }: Immunization): string =>
  [
    patient.reference,
    occurrenceDateTime?.slice(0, WHOLE_DAY) ?? occurrenceString,
    ...(vaccineCode.coding ?? []).map(({ code }) => code).sort(),
  ].join(' ');

/** What was rejected, and what waits: for staff, or for the sender to correct it. */
async function queuesOf(
  source: Source,
  during: Stretch,
): Promise<Pick<Figures, 'rejected' | 'uncorrected' | 'pending'>> {
  const { now } = source.rooms;
  const ever = { from: new Date(0), to: new Date(now().getTime() + DAY_MS) };
  const all = await agesOf(source, [], during, wasRejected);
  const uncorrected = await agesOf(source, [['status', 'rejected']], ever, wasRejected);
  const pending = await agesOf(source, [['status', 'requested']], ever, ({ code }) =>
    isCode(code, 'match-review'),
  );
  return { rejected: all, uncorrected, pending };
}

/** The age of each dose and person that was refused as FHIR. */
async function refusedAges(
  { rooms: { store, pack, now }, organization }: Source,
  during: Stretch,
): Promise<readonly number[]> {
  const today = dayOf(now(), pack.timeZone);
  const days = await store.refusalsOf(organization, during, pack.timeZone);
  return days.flatMap(({ day, count }) => Array.from({ length: count }, () => daysBetween(day, today)));
}

/** Whether it was rejected, corrected since or not. */
const wasRejected = ({ code, status }: Task): boolean =>
  isCode(code, 'message-rejected') || (isCode(code, 'match-review') && status === 'rejected');

async function agesOf(
  source: Source,
  more: readonly (readonly [string, string])[],
  stretch: Stretch,
  isMeant: (task: Task) => boolean,
): Promise<readonly number[]> {
  const { now, pack } = source.rooms;
  const today = dayOf(now(), pack.timeZone);
  const ages: number[] = [];
  const asked = askedOf(source, 'Task', 'requester', more);
  for await (const batch of batches(source, 'Task', { asked, ...stretch })) {
    for (const { json } of batch) {
      const task = JSON.parse(json) as Task;
      if (!isMeant(task)) continue;
      ages.push(daysBetween(dayOf(new Date(task.authoredOn ?? now()), pack.timeZone), today));
    }
  }
  return ages;
}

function askedOf(
  { rooms, grant, organization }: Source,
  type: string,
  parameter: string,
  more: readonly (readonly [string, string])[],
): readonly Clause[] {
  const asked = [[parameter, `Organization/${organization}`] as const, ...more];
  return parseCondition(type, asked, settingOf(rooms, grant));
}

async function* batches(
  { rooms, grant, most }: Source,
  type: string,
  { asked, from, to }: Stretch & { readonly asked: readonly Clause[] },
): AsyncGenerator<readonly Stored[]> {
  const order = [{ field: '_id', descending: false }];
  let part: Clause = within(from, to);
  for (let read = 0; ; read += BATCH) {
    if (read > most) fail('too-costly', `More than ${most} records would be counted; ask for fewer days.`);
    const batch = await rooms.store.find(grant, type, { where: [...asked, part], order, limit: BATCH });
    yield batch;
    const last = batch.at(-1);
    if (last === undefined || batch.length < BATCH) return;
    part = { op: 'range', field: '_id', within: { gt: last._id, lt: idFrom(to) } };
  }
}

/** What an organisation reported, read in batches through a grant; only what is measured is kept of each. */
import type { Immunization, Task } from '@medplum/fhirtypes';
import { dayOf } from '../../consent/days.ts';
import { fail } from '../../core/failure.ts';
import { settingOf, type Rooms } from '../../interactions/rooms.ts';
import { isCode } from '../../pending/codes.ts';
import type { Grant } from '../../policy/decide.ts';
import { daysBetween, filledIn } from '../../quality/measures.ts';
import type { Clause } from '../../search/clause.ts';
import { parseCondition } from '../../search/parse.ts';
import type { Stored } from '../../storage/store.ts';

const BATCH = 500;
/** Documents that one report looks through. */
const MOST = 200_000;

interface Dose {
  /** The civil day on which the registry received it. */
  readonly received: string;
  /** Days from administration to receipt, of a dose that the sender gave itself and knows the day of. */
  readonly late?: number;
  readonly filled: readonly string[];
}

interface Queued {
  readonly isRejected: boolean;
  readonly came: string;
}

/** Where to read, and of whom. */
export interface Source {
  readonly rooms: Rooms;
  readonly grant: Grant;
  readonly organization: string;
}

/** The doses that have changed or come since an instant; when each first came is told by its first version. */
export async function dosesOf(source: Source, since: Date, fields: readonly string[]): Promise<Dose[]> {
  const { rooms } = source;
  const from = [
    clauseOf(source, 'Immunization', 'reporting-organization'),
    { op: 'range', field: 'lastUpdated', within: { gte: since } },
  ] as const;
  const doses: Dose[] = [];
  for await (const batch of batches(source, 'Immunization', from)) {
    const changed = batch.filter(({ version }) => version > 1).map(({ _id: id }) => ({ id, version: 1 }));
    const firsts = await rooms.store.pastTexts('Immunization', changed);
    const found = new Map(
      [...firsts].map(([id, json]) => [id, (JSON.parse(json) as Immunization).meta?.lastUpdated ?? '']),
    );
    for (const { _id, json, lastUpdated } of batch) {
      const dose = JSON.parse(json) as Immunization;
      const came = new Date(found.get(_id) ?? lastUpdated);
      if (dose.status === 'completed') doses.push(doseOf(dose, dayOf(came, rooms.pack.timeZone), fields));
    }
  }
  return doses;
}

const WHOLE_DAY = 10;

function doseOf(dose: Immunization, received: string, fields: readonly string[]): Dose {
  const day = dose.occurrenceDateTime?.slice(0, WHOLE_DAY) ?? '';
  const isKnown = dose.primarySource === true && day.length === WHOLE_DAY;
  return { received, filled: filledIn(dose, fields), ...(isKnown && { late: daysBetween(day, received) }) };
}

/** What was rejected, and what waits. */
export async function queueOf(source: Source): Promise<Queued[]> {
  const queued: Queued[] = [];
  const from = [clauseOf(source, 'Task', 'requester')];
  for await (const batch of batches(source, 'Task', from)) {
    for (const { json } of batch) {
      const { status, code, authoredOn = '' } = JSON.parse(json) as Task;
      const isRejected = status === 'rejected';
      const waits = status === 'requested' && isCode(code, 'match-review');
      const came = dayOf(new Date(authoredOn), source.rooms.pack.timeZone);
      if (isRejected || waits) queued.push({ isRejected, came });
    }
  }
  return queued;
}

function clauseOf({ rooms, grant, organization }: Source, type: string, parameter: string): Clause {
  const asked = [[parameter, `Organization/${organization}`]] as const;
  return { op: 'and', of: parseCondition(type, asked, settingOf(rooms, grant)) };
}

async function* batches(
  { rooms, grant }: Source,
  type: string,
  from: readonly Clause[],
): AsyncGenerator<readonly Stored[]> {
  let after = '';
  for (let read = 0; ; read += BATCH) {
    if (read > MOST) fail('too-costly', `More than ${MOST} records would be counted; ask for fewer days.`);
    const where: Clause[] = [...from, { op: 'range', field: '_id', within: { gt: after } }];
    const order = [{ field: '_id', descending: false }];
    const batch = await rooms.store.find(grant, type, { where, order, limit: BATCH });
    yield batch;
    if (batch.length < BATCH) return;
    after = batch.at(-1)?._id ?? after;
  }
}

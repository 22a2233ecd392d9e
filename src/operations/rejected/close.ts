/** Rejected records of a sender whose matter is done: what was sent instead is filed, or was rejected in its turn. */
import type { Task, TaskOutput } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { ownAsk } from '../../interactions/own-ask.ts';
import { settingOf, type Rooms } from '../../interactions/rooms.ts';
import { writeThrough } from '../../interactions/write-through.ts';
import { decide } from '../../policy/decide.ts';
import { parseCondition } from '../../search/parse.ts';
import type { Stored } from '../../storage/store.ts';
import { changeTask, taskIn } from '../settle/change-task.ts';

/** How a rejection ends: what was sent instead is filed, or another rejection takes its place. */
export interface Ending {
  readonly status: 'completed' | 'cancelled';
  /** References to what was filed, or to the other rejection. */
  readonly by: readonly string[];
}

const askOf = (rooms: Rooms, id?: string): Ask =>
  ownAsk(rooms, { interaction: 'update', type: 'Task', ...(id !== undefined && { id }) });

/** Rejections that one message can be about. */
const MOST = 20;

/**
 * The rejections of an organisation that wait to be corrected and have one of the identifiers.
 * @param tokens as a search writes them, escaped
 */
export async function openRejections(
  rooms: Rooms,
  organization: string,
  tokens: readonly string[],
): Promise<readonly Stored[]> {
  if (tokens.length === 0) return [];
  const ask = askOf(rooms);
  const grant = decide(rooms.rules, ask, await rooms.know(ask));
  const asked = [
    ['identifier', tokens.join(',')],
    ['requester', organization],
    ['status', 'rejected'],
  ] as const;
  const where = parseCondition('Task', asked, settingOf(rooms, grant));
  return rooms.store.find(grant, 'Task', {
    where,
    order: [{ field: '_id', descending: false }],
    limit: MOST,
  });
}

/** Ends a rejection, unless somebody else has. */
export async function endRejection(rooms: Rooms, id: string, ending: Ending): Promise<void> {
  const ask = askOf(rooms, id);
  const grant = decide(rooms.rules, ask, await rooms.know(ask));
  await rooms.record(ask, (entry) =>
    writeThrough(rooms, { ask, grant, entry }, async () => {
      const was = await rooms.store.readWhole(grant, 'update', 'Task', id);
      if (was === undefined || !isOpenRejection(taskIn(was))) return NOTHING;
      const { output = [] } = taskIn(was);
      return changeTask(rooms, was, { status: ending.status, output: [...output, ...outputsOf(ending)] });
    }),
  );
}

const NOTHING = { unit: [], answer: { status: 200 }, wrote: [], patients: [] };
/** What names patients would put the Task into their records, which its sender need not see. */
const OF_PEOPLE = /^Patient\//;

const outputsOf = ({ status, by }: Ending): TaskOutput[] => {
  const type = { text: status === 'completed' ? 'filed' : 'rejected again' };
  const references = by.filter((each) => !OF_PEOPLE.test(each));
  return references.length === 0
    ? [{ type, valueString: status === 'completed' ? 'nothing new had to be filed' : 'see the newest' }]
    : references.map((reference) => ({ type, valueReference: { reference } }));
};

/** Whether a Task is a rejection that its sender can correct. */
export const isOpenRejection = ({ status }: Task): boolean => status === 'rejected';

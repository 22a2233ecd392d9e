/** The way of every request, whichever door it came through. */
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask, Interaction } from '../core/context.ts';
import { capabilityOf } from '../catalog/capability.ts';
import { fail } from '../core/failure.ts';
import { decide } from '../policy/decide.ts';
import type { Known } from '../policy/known.ts';
import { batch } from './batch.ts';
import { create } from './create.ts';
import { remover } from './delete.ts';
import { followed } from './follow-forward.ts';
import { history } from './history.ts';
import { patch } from './patch.ts';
import { read, vread } from './read.ts';
import { refusalsCounted } from './refused.ts';
import type { Handler, Rooms } from './rooms.ts';
import { search } from './search.ts';
import { transaction } from './transaction.ts';
import { update } from './update.ts';

const operation: Handler = (rooms, ask, grant, entry) => {
  const handler = rooms.operations.get(ask.operation ?? '');
  if (handler === undefined) {
    return fail(
      'unknown-operation',
      'This server has no such operation; GET [base]/metadata lists those it has.',
    );
  }
  return handler(rooms, ask, grant, entry);
};

const capabilities: Handler = ({ catalog, baseUrl, security }) =>
  Promise.resolve({ status: 200, body: JSON.stringify(capabilityOf(catalog, baseUrl, security)) });

const HANDLERS = {
  capabilities,
  read,
  vread,
  create,
  update,
  patch,
  delete: remover,
  'search-type': search,
  'history-instance': history,
  'history-type': history,
  'history-system': history,
  batch,
  transaction,
  operation,
} as const satisfies Partial<Record<Interaction, Handler>>;

/**
 * record → know → decide → interaction → mask: what policy must know is read afresh, what it decides is the leave
 * that the interaction goes with, and what the leave hides never comes out of storage (storage/masked.ts).
 * @throws Failure that the door tells the caller; anything else is a fault of ours
 */
export function handle(rooms: Rooms, ask: Ask): Promise<Answer> {
  return rooms.record(ask, (entry) =>
    refusalsCounted(rooms, { ask, entry }, async () =>
      decided(rooms, ask, { known: await rooms.know(ask), entry }),
    ),
  );
}

/**
 * A request that asks for several things, as a message of HL7 v2 does: policy's knowledge is read once for all of it,
 * each thing is decided by itself, and one record says what came of it.
 * @param work gets rooms whose door is within this request
 */
export function together<A extends Pick<Answer, 'status'>>(
  rooms: Rooms,
  ask: Ask,
  work: (rooms: Rooms) => Promise<A>,
): Promise<A> {
  return rooms.record(ask, async (entry) => {
    const known = await rooms.know(ask);
    const within: Rooms = { ...rooms, handle: (asked) => decided(within, asked, { known, entry }) };
    return work(within);
  });
}

interface Under {
  readonly known: Known;
  readonly entry: Entry;
}

function decided(rooms: Rooms, ask: Ask, { known, entry }: Under): Promise<Answer> {
  const grant = decide(rooms.rules, ask, known);
  return followed(rooms, ask, (asked) => handlerOf(asked.interaction)(rooms, asked, grant, entry));
}

function handlerOf(interaction: Interaction): Handler {
  const handler = (HANDLERS as Partial<Record<Interaction, Handler>>)[interaction];
  return handler ?? fail('not-allowed', 'This interaction is not offered.');
}

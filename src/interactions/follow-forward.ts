/** Asks that name a merged person by the old id are carried out on the survivor, with the same leave. */
import type { Answer, Ask } from '../core/context.ts';
import { Failure, type FailureKind } from '../core/failure.ts';
import { forwarded, Moved, survivorOf } from './forwards.ts';
import type { Rooms } from './rooms.ts';

/** What an old id may be answered with where its record is not found, or may not be seen. */
const ABSENT: ReadonlySet<FailureKind> = new Set(['not-found', 'gone', 'not-allowed']);
/** Past versions of a record are its own. */
const OF_ITSELF: ReadonlySet<Ask['interaction']> = new Set(['vread', 'history-instance', 'delete']);
const MOST = 16;

/** Carries out an ask; where a person whom it names was merged into another, again with that one. */
export async function followed(
  { store }: Rooms,
  ask: Ask,
  work: (ask: Ask) => Promise<Answer>,
): Promise<Answer> {
  let asked = await ofInstance(store, ask);
  for (let steps = 0; ; steps += 1) {
    try {
      return await work(asked);
    } catch (error) {
      const moved = steps < MOST ? await movedBy(store, asked, error) : undefined;
      if (moved === undefined) throw error;
      asked = forwarded(asked, moved);
    }
  }
}

const personOf = ({ type, id, compartment }: Ask): string | undefined =>
  compartment?.id ?? (type === 'Patient' ? id : undefined);

/** Operations and compartments find an empty record under an old id, and would not say so. */
async function ofInstance(store: Rooms['store'], ask: Ask): Promise<Ask> {
  const from = personOf(ask);
  if (from === undefined || (ask.interaction !== 'operation' && ask.compartment === undefined)) return ask;
  const to = await survivorOf(store, from);
  return to === undefined ? ask : forwarded(ask, { from, to });
}

async function movedBy(
  store: Rooms['store'],
  ask: Ask,
  error: unknown,
): Promise<Pick<Moved, 'from' | 'to'> | undefined> {
  if (error instanceof Moved) return error;
  const from = personOf(ask);
  if (from === undefined || OF_ITSELF.has(ask.interaction)) return undefined;
  if (!(error instanceof Failure) || !ABSENT.has(error.kind)) return undefined;
  const to = await survivorOf(store, from);
  return to === undefined ? undefined : { from, to };
}

/** Answers of writes to people tell the statuses that the write leaves, as a read would. */
import type { Answer } from '../core/context.ts';
import type { Grant } from '../policy/decide.ts';
import type { Statuses } from '../status/status.ts';
import { withStatuses } from '../storage/statuses.ts';
import type { Rooms } from './rooms.ts';

const PERSON = /^Patient\/([^/]+)\/_history\//;
const isPerson = ({ body = '', location = '' }: Answer): boolean =>
  PERSON.test(location) && body.startsWith('{"resourceType":"Patient"');

/**
 * The answer with statuses, in its parts too.
 * @param known those that the write leaves; of others what is stored counts
 */
export async function toldInAnswer(
  rooms: Rooms,
  grant: Grant,
  answer: Answer,
  known: ReadonlyMap<string, Statuses>,
): Promise<Answer> {
  const { parts } = answer;
  if (parts === undefined && !isPerson(answer)) return answer;
  const told = parts && (await Promise.all(parts.map((each) => toldInAnswer(rooms, grant, each, known))));
  return { ...(await withTold(rooms, grant, answer, known)), ...(told && { parts: told }) };
}

async function withTold(
  rooms: Rooms,
  grant: Grant,
  answer: Answer,
  known: ReadonlyMap<string, Statuses>,
): Promise<Answer> {
  const { body: json } = answer;
  if (json === undefined || !isPerson(answer) || !tellsOf(grant)) return answer;
  const id = PERSON.exec(answer.location ?? '')?.[1] ?? '';
  const statuses = known.get(id) ?? (await rooms.store.standings([id])).get(id)?.statuses;
  if (statuses === undefined) return answer;
  return { ...answer, body: withStatuses({ json, statuses }, grant.for('read', 'Patient').statuses) };
}

const tellsOf = (grant: Grant): boolean =>
  grant.may('read', 'Patient') && !grant.mask('Patient').hides.includes('extension');

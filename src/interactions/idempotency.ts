/**
 * Idempotency-Key: a write that is sent again with the same key is not done again
 * (draft-ietf-httpapi-idempotency-key-header). What is kept of the first answer is a reference, never content:
 * a replay reads what it names afresh, with the grant of the one who asks.
 */
import { createHash } from 'node:crypto';
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { serialize } from '../fhir/json.ts';
import { outcomeText } from '../fhir/outcome.ts';
import type { Grant } from '../policy/decide.ts';
import type { Note } from '../storage/store.ts';
import type { Write } from '../storage/write.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

export interface AnswerKey {
  /** Caller, route and key, hashed together: no client meets another's keys, and no user another user's. */
  readonly id: string;
  /** Keyed, because a body may hold a number so short that all of them can be tried out; the newest key's first. */
  readonly bodyHashes: readonly string[];
}

/** The place of an ask's answer, where it came with a key. */
export function answerKeyOf({ secrets }: Rooms, ask: Ask): AnswerKey | undefined {
  if (ask.idempotencyKey === undefined) return undefined;
  const { actor, interaction, type, id, query, conditions, body } = ask;
  return {
    id: hash([actor.client, actor.user, actor.patient, interaction, type, id, ask.idempotencyKey]),
    bodyHashes: secrets.hash(
      'request',
      JSON.stringify([query, conditions, body === undefined ? null : serialize(body)]),
    ),
  };
}

const hash = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** The write that keeps an answer for a day, in the transaction of what it answers. */
export function storedAnswer(key: AnswerKey, { answer, wrote }: Plan, at: Date): Write {
  const kept = { ...headOf(answer), ...(answer.parts && { parts: answer.parts.map(headOf) }) };
  return { do: 'insert', in: 'answers', doc: { _id: key.id, bodyHash: key.bodyHashes[0], at, kept, wrote } };
}

/** An answer without its content. */
function headOf({ status, version, lastUpdated, location }: Answer): Answer {
  return {
    status,
    ...(version !== undefined && { version }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    ...(location !== undefined && { location }),
  };
}

/**
 * Answers as the first time, reading anew what was written.
 * @throws Failure `reused-key` where the request is another one
 */
export async function replay(
  rooms: Rooms,
  { ask, grant, entry }: { ask: Ask; grant: Grant; entry: Entry },
  key: AnswerKey,
  earlier: Note,
): Promise<Answer> {
  if (!key.bodyHashes.includes(String(earlier['bodyHash']))) {
    fail(
      'reused-key',
      'This Idempotency-Key came before with another request; use a new key for a new request.',
    );
  }
  const kept = earlier['kept'] as Answer;
  for (const reference of earlier['wrote'] as readonly string[]) entry.wrote(reference);
  const headers = { 'Idempotency-Replayed': 'true' };
  if (kept.parts === undefined) return { ...(await withContent(rooms, { ask, grant }, kept)), headers };
  const parts = await Promise.all(kept.parts.map((part) => withContent(rooms, { ask, grant }, part)));
  return { ...kept, parts, headers };
}

async function withContent(
  rooms: Rooms,
  { ask, grant }: { ask: Ask; grant: Grant },
  kept: Answer,
): Promise<Answer> {
  const wish = ask.prefer.return;
  if (kept.status === 204) return kept;
  if (wish === 'OperationOutcome') return { ...kept, body: outcomeText([], 'This was done before.') };
  const wanted = ask.interaction === 'transaction' ? wish === 'representation' : wish !== 'minimal';
  const body = wanted && kept.location !== undefined ? await content(rooms, grant, kept.location) : undefined;
  return body === undefined ? kept : { ...kept, body };
}

/** What the version reads as now for this caller; nothing where it may no longer be seen. */
async function content(rooms: Rooms, grant: Grant, location: string): Promise<string | undefined> {
  const [type = '', id = '', , version = ''] = location.split('/');
  const current = await rooms.store.read(grant, 'read', type, id);
  if (current !== undefined && String(current.version) === version) return current.json;
  return (await rooms.store.readPast(grant, type, id, Number(version)))?.json;
}

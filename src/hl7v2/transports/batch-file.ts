/**
 * A batch of messages (FHS, BHS, messages, BTS, FTS): each is answered by itself, in the order of the file, and the
 * answers are a batch of the same form. No more of a file is held than the messages under way.
 */
import { encodeSegment } from '../message.ts';
import { receive, type V2Door } from '../receive.ts';
import type { Caller } from '../senders.ts';
import { stampOf } from '../time.ts';

/** Messages that are under way at once. */
const UNDER_WAY = 16;
/** A message that does not end is cut here, and refused as one that is too long. */
const MOST_CHARACTERS = 4_000_001;
const WRAPPING = /^(FHS|BHS|BTS|FTS)\b/;

/** How a batch went. */
export interface BatchCount {
  readonly messages: number;
  /** By MSA-1. */
  readonly answers: Readonly<Record<'AA' | 'AE' | 'AR', number>>;
}

/** What some senders begin UTF-8 with, byte by byte. */
const UTF8_MARK = /^\u00ef\u00bb\u00bf/;
const BATCH = /^\s*[FB]HS\b/;
const MESSAGE = /(?:^|[\r\n])[ \t\v]*MSH[^A-Za-z0-9\s]/g;

/** How many messages bytes hold, where they are a batch; undefined for a single message, and for what is none. */
export function messagesOfBatch(bytes: Buffer): number | undefined {
  const text = bytes.toString('latin1').replace(UTF8_MARK, '');
  const messages = text.match(MESSAGE)?.length ?? 0;
  return messages > 1 || BATCH.test(text) ? messages : undefined;
}

/** Cuts text into messages: each begins with MSH, and ends where the next one or the batch does. */
export async function* messagesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let message = '';
  for await (const line of linesIn(chunks)) {
    const isNext = line.startsWith('MSH');
    if ((isNext || WRAPPING.test(line)) && message !== '') yield message;
    if (isNext) message = `${line}\r`;
    else if (WRAPPING.test(line)) message = '';
    else if (message !== '' && message.length < MOST_CHARACTERS) message += `${line}\r`;
  }
  if (message !== '') yield message;
}

async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    // A line without an end is not gathered without end.
    if (rest.length > MOST_CHARACTERS) rest = rest.slice(0, MOST_CHARACTERS);
    // A carriage return and its line feed may come in two pieces: what is empty between them is no line.
    for (const line of lines.map(bare)) if (line !== '') yield line;
  }
  yield bare(rest);
}

/** Frames of MLLP are sometimes written into files as they came: their marks are no part of a message. */
const bare = (line: string): string => line.replaceAll('\u001c', '').trimStart();

/** Answers every message of a batch and writes the answers. */
export async function processBatch(
  door: V2Door,
  caller: Caller,
  chunks: AsyncIterable<string>,
  write: (text: string) => Promise<void> | void,
): Promise<BatchCount> {
  const answers = { AA: 0, AE: 0, AR: 0 };
  let messages = 0;
  const head = [undefined, undefined, undefined, undefined, stampOf(door.rooms.now())];
  await write(
    `${encodeSegment({ name: 'FHS', fields: head })}\r${encodeSegment({ name: 'BHS', fields: head })}\r`,
  );
  const under: Promise<string>[] = [];
  const tell = async (): Promise<void> => {
    const answer = (await under.shift()) ?? '';
    const [, code] = /\rMSA\|(AA|AE|AR)\b/.exec(answer) ?? [];
    answers[code as keyof typeof answers] += 1;
    await write(answer);
  };
  for await (const message of messagesIn(chunks)) {
    messages += 1;
    under.push(receive(door, caller, message));
    if (under.length >= UNDER_WAY) await tell();
  }
  while (under.length > 0) await tell();
  await write(`BTS|${messages}\rFTS|1\r`);
  return { messages, answers };
}

/**
 * A message in, its answer out: the first stage (type, version, processing id), the sender, and then what the
 * message wants. Whatever goes wrong is told in the answer; nothing is acknowledged before it is durable.
 */

import { Failure } from '../core/failure.ts';
import { failureOf } from '../interactions/fault.ts';
import { filled } from './mapping/read.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { receiveAdt } from './adt.ts';
import { ackOf, codeOf, type Answered, type Code, type WarningCode } from './ack.ts';
import { textOf } from './bytes.ts';
import type { Arrived } from './arrived.ts';
import { hasErrors, noFindings, type Finding, type Findings } from './findings.ts';
import { recordOf } from './groups.ts';
import { checkHeader, headerOf, type Header } from './header.ts';
import { parseMessage, type Message } from './message.ts';
import { NotItsSender, type Caller, type Sender, type SenderOf } from './senders.ts';
import { answerQuery } from './qbp.ts';
import { receiveVxu, reject } from './vxu.ts';

/** What the door of v2 is set to. */
export interface Switches {
  /** Values of MSH-12 that are taken. */
  readonly versions: ReadonlySet<string>;
  readonly warnings: WarningCode;
  /** Whether a VXU without any vaccination is taken. */
  readonly demographics: boolean;
}

/** As the settings have it where nothing else is said. */
export const USUAL_SWITCHES: Switches = {
  versions: new Set(['2.3.1', '2.4', '2.5.1']),
  warnings: 'AE',
  demographics: true,
};

export interface V2Door {
  readonly rooms: Rooms;
  readonly senderOf: SenderOf;
  readonly switches: Switches;
}

interface Outcome {
  readonly code: Code;
  readonly findings: readonly Finding[];
}

/** Answers one message. */
export async function receive(door: V2Door, caller: Caller, received: Uint8Array | string): Promise<string> {
  const { rooms } = door;
  const writing = { newId: rooms.newId, now: rooms.now() };
  let header: Header | undefined;
  try {
    const message = parseMessage(typeof received === 'string' ? received : textOf(received));
    header = headerOf(message);
    const outcome = await answer(door, caller, message, header);
    return typeof outcome === 'string' ? outcome : ackOf(header, outcome, writing);
  } catch (error) {
    return ackOf(header, refusalOf(door, caller.requestId, error, header), writing);
  }
}

/**
 * Refuses what a transport could not take (AR), from its first line.
 * @returns undefined where that is no MSH: nobody could say what such an answer is to
 */
export function refuse(
  door: V2Door,
  requestId: string,
  firstLine: Uint8Array,
  error: unknown,
): string | undefined {
  const { rooms } = door;
  const header = legible(firstLine);
  if (header === undefined) return undefined;
  const writing = { newId: rooms.newId, now: rooms.now() };
  return ackOf(header, refusalOf(door, requestId, error, header), writing);
}

function legible(line: Uint8Array): Header | undefined {
  try {
    return headerOf(parseMessage(textOf(line)));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** What could not be looked at (AR); the message of a Failure is written for its reader. */
function refusalOf({ rooms }: V2Door, requestId: string, error: unknown, header: Answered): Outcome {
  const { kind, issues } = failureOf(error, requestId, rooms.log);
  const isUnread = header === undefined;
  const name = isUnread ? 'msh-missing' : kind === 'forbidden' ? 'facility-invalid' : 'not-stored';
  const [, field] = /^MSH-(\d+)$/.exec(error instanceof NotItsSender ? error.where : '') ?? [];
  return {
    code: 'AR',
    findings: issues.map(({ message }) => ({
      name,
      severity: 'E',
      location: {
        segment: 'MSH',
        ...(!isUnread && { sequence: 1 }),
        ...(field !== undefined && { field: Number(field) }),
      },
      says: message,
    })),
  };
}

async function answer(
  door: V2Door,
  caller: Caller,
  message: Message,
  header: Header,
): Promise<string | Outcome> {
  const { rooms, switches } = door;
  const { refused, findings } = checkHeader(header, switches.versions, rooms.now());
  if (refused.length > 0) return { code: 'AR', findings: refused };
  const outcome = (): Outcome => ({ code: codeOf(findings.all, switches.warnings), findings: findings.all });
  const { actor, organization, whose } = await senderFor(door, caller, header);
  const { requestId, from } = caller;
  const corridor = { rooms, actor, requestId, ...(from !== undefined && { from }) };
  const about = { corridor, message, header, findings, receipt: rooms.newId() };
  if (header.type === 'QBP') return (await answerQuery(filled({ ...about, organization }))) ?? outcome();
  if (organization === undefined) findings.report('facility-missing', header.msh, { field: 22 });
  else {
    const arrived = { ...about, organization, whose, takesDemographics: switches.demographics };
    await wayOf(header, findings)(filled(arrived));
  }
  return outcome();
}

/** What a message without a date or an id of its own says is not looked at. */
function wayOf({ type }: Header, { all }: Findings): (arrived: Arrived) => Promise<void> {
  if (hasErrors(all)) return (arrived) => reject(arrived, recordOf(arrived.message, noFindings()));
  return type === 'ADT' ? receiveAdt : receiveVxu;
}

/** Of callers that belong to nobody, who only asks is not written down, nor is who sends a test. */
async function senderFor(
  { senderOf }: V2Door,
  caller: Caller,
  { type, isTest, named }: Header,
): Promise<Sender> {
  const { actor } = caller;
  if (actor.organization === undefined && type === 'QBP') return { actor };
  if (actor.organization === undefined && isTest)
    return { actor, ...(named.length > 0 && { organization: 'Organization/test' }) };
  return senderOf(caller, named);
}

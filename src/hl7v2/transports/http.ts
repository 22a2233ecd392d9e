/** HL7 v2 by HTTP: a message, or a batch of them, in the body of a POST, what it is answered in the body of the response. */
import { Readable } from 'node:stream';
import express, { type Request, type Response, type Router } from 'express';
import type { Authenticate } from '../../auth/authenticate.ts';
import { fail } from '../../core/failure.ts';
import { ER7 } from '../../core/media-types.ts';
import { textOf } from '../bytes.ts';
import { receive, type V2Door } from '../receive.ts';
import type { Caller } from '../senders.ts';
import { messagesOfBatch, processBatch } from './batch-file.ts';

const TAKEN: ReadonlySet<string> = new Set([
  ...[ER7, 'application/hl7-v2', 'application/hl7-v2+er7', 'application/edi-hl7v2'],
  ...['text/plain', 'text/hl7v2', 'application/octet-stream'],
]);

/** A message may be text of a few kilobytes; one of a whole record a few hundred. */
export const MESSAGE_BYTES = 4_000_000;

/** The endpoint, to be mounted at its path; whoever may not call it is told as at the FHIR endpoint. */
export function httpTransport(door: V2Door, authenticate: Authenticate): Router {
  const router = express.Router();
  router.use(express.raw({ type: () => true, limit: MESSAGE_BYTES }));
  router.post('/', async (request: Request, response: Response) => {
    const caller = await callerOf(request, response, authenticate);
    const answer = await answerTo(door, caller, bytesOf(request));
    response.status(200).set('Content-Type', `${ER7}; charset=utf-8`).send(Buffer.from(answer));
  });
  return router;
}

/** Longer batches are files for the command, which holds no more of them than it works on. */
const BATCH_MESSAGES = 500;

async function answerTo(door: V2Door, caller: Caller, bytes: Buffer): Promise<string> {
  const messages = messagesOfBatch(bytes);
  if (messages === undefined) return receive(door, caller, bytes);
  if (messages > BATCH_MESSAGES)
    fail('too-large', `Send at most ${BATCH_MESSAGES} messages at once, or the file to the registry.`);
  const parts: string[] = [];
  await processBatch(door, caller, Readable.from([textOf(bytes)]), (part) => {
    parts.push(part);
  });
  return parts.join('');
}

async function callerOf(request: Request, response: Response, authenticate: Authenticate): Promise<Caller> {
  const actor = await authenticate(request);
  const [type = ''] = (request.get('content-type') ?? '').split(';');
  if (!TAKEN.has(type.trim().toLowerCase()))
    fail('unsupported-media', 'Send the message as x-application/hl7-v2+er7 or text/plain.');
  return {
    actor,
    requestId: String(response.getHeader('x-request-id') ?? ''),
    ...(request.ip !== undefined && { from: request.ip }),
  };
}

function bytesOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

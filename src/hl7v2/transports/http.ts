/** HL7 v2 by HTTP: a message in the body of a POST, its answer in the body of the response. */
import express, { type Request, type Response, type Router } from 'express';
import type { Authenticate } from '../../auth/authenticate.ts';
import { fail } from '../../core/failure.ts';
import { ER7 } from '../../core/media-types.ts';
import { receive, type V2Door } from '../receive.ts';
import type { Caller } from '../senders.ts';

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
    const answer = await receive(door, caller, bytesOf(request));
    response.status(200).set('Content-Type', `${ER7}; charset=utf-8`).send(Buffer.from(answer));
  });
  return router;
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

function bytesOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The HTTP door: a request becomes an Ask, the Answer becomes a response, and every fault an OperationOutcome. */
import { randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Actor } from '../core/context.ts';
import { handle } from '../interactions/handle.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { answerOf } from './errors.ts';
import { answerType, FHIR_JSON } from './negotiate.ts';
import { askOf } from './request.ts';
import { send, type Form } from './respond.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The FHIR endpoint, to be mounted at its base path. */
export function fhirDoor(rooms: Rooms, authenticate: (request: Request) => Actor, bodyLimit: number): Router {
  const router = express.Router();
  router.use(identify);
  router.use(express.raw({ type: () => true, limit: bodyLimit }));
  router.use(async (request: Request, response: Response) => {
    const form = formOf(rooms, request);
    const requestId = requestIdOf(response);
    try {
      const ask = askOf(rooms, request, authenticate(request), requestId);
      const answer = await handle(rooms, ask);
      send(response, answer, form);
    } catch (error) {
      send(response, answerOf(error, requestId, rooms.log), form);
    }
  });
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const plain = { contentType: FHIR_JSON, pretty: false, baseUrl: rooms.baseUrl };
    send(response, answerOf(error, requestIdOf(response), rooms.log), plain);
  });
  return router;
}

/** Every answer carries an id that log and audit carry too: the caller's, where it sent a harmless one. */
function identify(request: Request, response: Response, next: NextFunction): void {
  const sent = request.get('x-request-id');
  response.setHeader('X-Request-Id', sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID());
  next();
}

const requestIdOf = (response: Response): string => String(response.getHeader('x-request-id') ?? '');

/** @throws Failure `not-acceptable` */
function formOf(rooms: Rooms, request: Request): Form {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  return {
    contentType: answerType(request.get('accept'), query.get('_format') ?? undefined),
    pretty: query.get('_pretty') === 'true',
    baseUrl: rooms.baseUrl,
  };
}

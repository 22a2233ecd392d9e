/** The HTTP door: a request becomes an Ask, the Answer becomes a response, and every fault an OperationOutcome. */
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Log } from '../core/log.ts';
import { handle } from '../interactions/handle.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { answerOf } from './errors.ts';
import { formOf, plainForm } from './form.ts';
import { askOf } from './request.ts';
import { requestIdOf } from './request-id.ts';
import { send } from './respond.ts';

/** The FHIR endpoint, to be mounted at its base path. */
export function fhirDoor(rooms: Rooms, authenticate: Authenticate, bodyLimit: number): Router {
  const router = express.Router();
  router.use(express.raw({ type: () => true, limit: bodyLimit }));
  router.use(async (request: Request, response: Response) => {
    const form = formOf(request, rooms.baseUrl);
    const requestId = requestIdOf(response);
    try {
      const ask = askOf(rooms, request, await authenticate(request), requestId);
      const answer = await handle(rooms, ask);
      send(response, answer, form);
    } catch (error) {
      send(response, answerOf(error, requestId, rooms.log), form);
    }
  });
  return router;
}

/** Whatever fails before or beside the endpoint is told as an OperationOutcome too, never as a page. */
export const tellFaults =
  ({ baseUrl, log }: { readonly baseUrl: string; readonly log: Log }) =>
  (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) next(error);
    else send(response, answerOf(error, requestIdOf(response), log), plainForm(baseUrl));
  };

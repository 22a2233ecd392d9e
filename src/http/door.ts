/**
 * The HTTP door: a request becomes an Ask, the Answer becomes a response, and every fault an OperationOutcome. How much a
 * caller may ask comes first, then who it is; its body is read last, so that nobody unknown sends much.
 */
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import type { Actor, Ask } from '../core/context.ts';
import type { Log } from '../core/log.ts';
import { handle } from '../interactions/handle.ts';
import type { Rooms } from '../interactions/rooms.ts';
import type { Admit } from './admission.ts';
import { answerOf, faultOf } from './errors.ts';
import { formOf, plainForm } from './form.ts';
import { refused } from './refused.ts';
import { askOf } from './request.ts';
import { requestIdOf } from './request-id.ts';
import { send } from './respond.ts';

export interface DoorOptions {
  readonly admit: Admit;
  /** Bytes. */
  readonly bodyLimit: number;
}

/** The FHIR endpoint, to be mounted at its base path. */
export function fhirDoor(rooms: Rooms, { admit, bodyLimit }: DoorOptions): Router {
  const router = express.Router();
  const readBody = bodyReader(bodyLimit);
  router.use(async (request: Request, response: Response) => {
    const requestId = requestIdOf(response);
    let form = plainForm(rooms.baseUrl);
    const asked = async (actor: Actor): Promise<Ask> => {
      await readBody(request, response);
      form = formOf(request, rooms.baseUrl);
      return askOf(rooms, request, actor, requestId);
    };
    try {
      const actor = await admit(request);
      const ask = await asked(actor).catch((error: unknown) =>
        refused(rooms, { request, actor, requestId }, faultOf(error)),
      );
      send(response, await handle(rooms, ask), form);
    } catch (error) {
      send(response, answerOf(error, requestId, rooms.log), form);
    }
  });
  return router;
}

/** Reads the bytes of a body, whatever its type says. */
function bodyReader(limit: number): (request: Request, response: Response) => Promise<void> {
  const read: RequestHandler = express.raw({ type: () => true, limit });
  return (request, response) =>
    new Promise((done, failed) => {
      void read(request, response, (error?: unknown) => {
        if (error === undefined) done();
        else
          failed(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
      });
    });
}

/** Whatever fails before or beside the endpoint is told as an OperationOutcome too, never as a page. */
export const tellFaults =
  ({ baseUrl, log }: { readonly baseUrl: string; readonly log: Log }) =>
  (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) next(error);
    else send(response, answerOf(error, requestIdOf(response), log), plainForm(baseUrl));
  };

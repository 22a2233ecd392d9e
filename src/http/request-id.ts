/** The id that answer, log and audit of one request share (https://hl7.org/fhir/R4/http.html#custom). */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every answer an id: the caller's, where it sent a harmless one. */
export function identify(request: Request, response: Response, next: NextFunction): void {
  const sent = request.get('x-request-id');
  response.setHeader('X-Request-Id', sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID());
  next();
}

/** The same, of a request whose answer is not at hand. */
export const requestIdIn = ({ res }: Request): string => (res === undefined ? '' : requestIdOf(res));

export const requestIdOf = (response: Response): string => String(response.getHeader('x-request-id') ?? '');

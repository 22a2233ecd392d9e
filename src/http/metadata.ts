/** GET [base]/metadata: what this server can do, for anybody who asks (https://hl7.org/fhir/R4/http.html#capabilities). */
import { createHash } from 'node:crypto';
import express, { type Router } from 'express';
import { capabilityOf } from '../catalog/capability.ts';
import { fail } from '../core/failure.ts';
import { NotAllowed } from '../interactions/route.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { answerOf } from './errors.ts';
import { formOf, plainForm, queryOf } from './form.ts';
import { requestIdOf } from './request-id.ts';
import { send } from './respond.ts';

const MODES: ReadonlySet<string> = new Set(['full', 'normative', 'terminology']);

/** The statement is made once; it changes only with the server. */
export function metadata(rooms: Rooms): Router {
  const { baseUrl, log, security } = rooms;
  const body = JSON.stringify(capabilityOf(rooms.catalog, baseUrl, security));
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const router = express.Router();
  router.all('/', (request, response) => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new NotAllowed(['GET']);
      checkMode(new URLSearchParams(queryOf(request)).get('mode'));
      const isKnown = namesTag(request.get('if-none-match'), tag);
      const headers = { ETag: `W/"${tag}"`, 'Cache-Control': 'no-cache' };
      const answer = isKnown ? { status: 304, headers } : { status: 200, body, headers };
      send(response, answer, formOf(request, baseUrl));
    } catch (error) {
      send(response, answerOf(error, requestIdOf(response), log), plainForm(baseUrl));
    }
  });
  return router;
}

/** The three modes of R4 are one statement here: it says nothing that is not normative or terminology's alone. */
function checkMode(mode: string | null): void {
  if (mode !== null && !MODES.has(mode)) fail('invalid-value', 'mode is full, normative or terminology.');
}

const namesTag = (sent: string | undefined, tag: string): boolean =>
  sent !== undefined && (sent === '*' || sent.includes(`"${tag}"`));

/** GET [base]/metadata: what this server can do, for anybody who asks (https://hl7.org/fhir/R4/http.html#capabilities). */
import { createHash } from 'node:crypto';
import express, { type Router } from 'express';
import { capabilityOf } from '../catalog/capability.ts';
import { Failure } from '../core/failure.ts';
import { NotAllowed } from '../interactions/route.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { answerOf } from './errors.ts';
import { answerType, FHIR_JSON } from './negotiate.ts';
import { send } from './respond.ts';

const MODES: ReadonlySet<string> = new Set(['full', 'normative', 'terminology']);

/** The statement is made once; it changes only with the server. */
export function metadata(rooms: Rooms): Router {
  const { baseUrl, log } = rooms;
  const body = JSON.stringify(capabilityOf(rooms.catalog, baseUrl));
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const router = express.Router();
  router.all('/', (request, response) => {
    const query = new URL(request.originalUrl, 'http://localhost').searchParams;
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new NotAllowed(['GET']);
      const mode = query.get('mode') ?? 'full';
      if (!MODES.has(mode))
        throw new Failure({ kind: 'invalid-value', message: 'mode is full, normative or terminology.' });
      const contentType = answerType(request.get('accept'), query.get('_format') ?? undefined);
      const isKnown = namesTag(request.get('if-none-match'), tag);
      const headers = { ETag: `W/"${tag}"`, 'Cache-Control': 'no-cache' };
      send(response, isKnown ? { status: 304, headers } : { status: 200, body, headers }, {
        contentType,
        pretty: query.get('_pretty') === 'true',
        baseUrl,
      });
    } catch (error) {
      send(response, answerOf(error, '', log), { contentType: FHIR_JSON, pretty: false, baseUrl });
    }
  });
  return router;
}

const namesTag = (sent: string | undefined, tag: string): boolean =>
  sent !== undefined && (sent === '*' || sent.includes(`"${tag}"`));

/**
 * The floor: a process with an Express that does next to nothing, on a database of its own. What the server does
 * beyond it is what FHIR, policy and audit cost. Started by the benchmark, ends with it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request, type Response } from 'express';
import { readConfig } from '../../config.ts';
import { startEmbedded } from '../../storage/embedded/embedded.ts';
import { openFloor, type Floor } from '../../storage/bench-floor.ts';
import { bodiesFrom } from './bodies.ts';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';
const LOOPBACK = '127.0.0.1';

function sendText(response: Response, status: number, text: string): void {
  response.status(status).setHeader('Content-Type', FHIR_JSON);
  response.end(text);
}

/** The four routes. Nothing is parsed: stored text is copied to the wire. */
function routes(floor: Floor): Express {
  const app = express().disable('x-powered-by').disable('etag');
  const fixed = bodiesFrom(1, 'fixed').dose('Patient/fixed');
  app.get('/fixed', (_request, response) => {
    sendText(response, 200, fixed);
  });
  app.post(
    '/kept/:patient/:id',
    express.text({ type: () => true }),
    async (request: Request<{ patient: string; id: string }>, response) => {
      const json = request.body as string;
      await floor.insert({ _id: request.params.id, patient: request.params.patient, json });
      sendText(response, 201, json);
    },
  );
  app.get('/kept/:id', async (request, response) => {
    const json = await floor.find(request.params.id);
    sendText(response, json === undefined ? 404 : 200, json ?? '{}');
  });
  app.get('/ten/:patient', async (request, response) => {
    const ten = await floor.findTen(request.params.patient);
    const entries = ten.map((json) => `{"resource":${json}}`).join(',');
    sendText(response, 200, `{"resourceType":"Bundle","type":"searchset","entry":[${entries}]}`);
  });
  return app;
}

/** What the parent is told once the floor answers. */
export interface Ready {
  readonly port: number;
}

async function serve(dataDir: string, patients: number): Promise<void> {
  const config = readConfig();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const embedded = await startEmbedded({
    dataDir,
    cacheDir: config.CACHE_DIR,
    cacheMb: config.MONGOD_CACHE_MB,
    log: silent,
    ...(config.MONGOD_BINARY === undefined ? {} : { binary: config.MONGOD_BINARY }),
  });
  const floor = await openFloor(embedded.uri);
  const bodies = bodiesFrom(1, 'floor');
  await floor.fill(patients, (patient) => bodies.dose(`Patient/${patient}`));
  const server = createServer(routes(floor)).listen(0, LOOPBACK);
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies Ready);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'disconnect')]);
  server.closeAllConnections();
  server.close();
  await floor.close();
  await embedded.stop();
}

const [, , dataDir = '', patients = '0'] = process.argv;
await serve(dataDir, Number(patients));

/** The Express app: the order of what every request passes, on one screen. */
import compression from 'compression';
import cors from 'cors';
import express, { type Express } from 'express';
import type { Actor } from './core/context.ts';
import { fhirDoor, tellFaults } from './http/door.ts';
import { identify } from './http/request-id.ts';
import { health } from './http/health.ts';
import { noSuchPath } from './http/errors.ts';
import { metricsOf, type Metrics } from './http/metrics.ts';
import { metadata } from './http/metadata.ts';
import type { Services } from './services.ts';

export interface AppOptions {
  readonly corsOrigins: readonly string[];
  /** Bytes. */
  readonly bodyLimit: number;
  readonly metrics?: Metrics;
}

/** Until authorization exists everybody is the same caller, which only loopback can be. */
const LOCAL: Actor = { client: 'local', role: 'developer', purpose: 'TREAT' };

const EXPOSED = [
  'ETag',
  'Location',
  'Content-Location',
  'Last-Modified',
  'X-Request-Id',
  'Retry-After',
  'Idempotency-Replayed',
];
const ALLOWED = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Prefer',
  'If-Match',
  'If-None-Match',
  'If-None-Exist',
  'If-Modified-Since',
  'Idempotency-Key',
  'X-Request-Id',
];

/** Base path of the FHIR endpoint. */
export const FHIR_PATH = '/fhir/R4';

/** Builds the app on its services. */
export function appOf(services: Services, options: AppOptions): Express {
  const { rooms } = services;
  const { metrics = metricsOf() } = options;
  const origin = options.corsOrigins.includes('*') ? '*' : [...options.corsOrigins];
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(metrics.count);
  app.use(identify);
  app.use('/health', health(services.isReady));
  app.use('/metrics', metrics.show);
  app.use(FHIR_PATH, cors({ origin, exposedHeaders: EXPOSED, allowedHeaders: ALLOWED, maxAge: 600 }));
  app.use(FHIR_PATH, compression());
  app.use(`${FHIR_PATH}/metadata`, metadata(rooms));
  app.use(
    FHIR_PATH,
    fhirDoor(rooms, () => LOCAL, options.bodyLimit),
  );
  app.use(noSuchPath);
  app.use(tellFaults(rooms));
  return app;
}

/** The Express app: the order of what every request passes, on one screen. */
import compression from 'compression';
import cors from 'cors';
import express, { type Express } from 'express';
import type { Gate } from './auth/gate.ts';
import { fhirDoor, tellFaults } from './http/door.ts';
import { identify } from './http/request-id.ts';
import { health } from './http/health.ts';
import { noSuchPath } from './http/errors.ts';
import { admission } from './http/admission.ts';
import { limiterOf, UNLIMITED, type RateLimits } from './http/limits.ts';
import { oauthLimit } from './http/oauth-limit.ts';
import { metricsOf, type Metrics } from './http/metrics.ts';
import { metadata } from './http/metadata.ts';
import { smartDocument } from './http/smart-configuration.ts';
import { USUAL_SWITCHES, type Switches } from './hl7v2/receive.ts';
import { senders } from './hl7v2/senders.ts';
import { httpTransport } from './hl7v2/transports/http.ts';
import { soapTransport } from './hl7v2/transports/soap.ts';
import type { Services } from './services.ts';
import { outboxOf } from './storage/outbox.ts';

export interface AppOptions {
  readonly corsOrigins: readonly string[];
  /** Bytes. */
  readonly bodyLimit: number;
  readonly gate: Gate;
  readonly metrics?: Metrics;
  /** How messages of HL7 v2 are taken. */
  readonly hl7v2?: Switches;
  /** How much a caller may ask; by default as much as it likes. */
  readonly limits?: RateLimits;
  /** How many proxies stand before the server, each of which names the address before it. */
  readonly proxies?: number;
}

const EXPOSED = [
  'ETag',
  'Location',
  'Content-Location',
  'Last-Modified',
  'X-Request-Id',
  'Retry-After',
  'WWW-Authenticate',
  'Idempotency-Replayed',
  'Warning',
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
/** Where messages of HL7 v2 are posted. */
const HL7V2_PATH = '/hl7v2';
const SMART_PATH = `${FHIR_PATH}/.well-known/smart-configuration`;

/** Builds the app on its services. */
export function appOf(services: Services, options: AppOptions): Express {
  const { rooms } = services;
  const { gate, bodyLimit, metrics = metricsOf(), limits = UNLIMITED, proxies = 0 } = options;
  const { authenticate } = gate;
  const origin = options.corsOrigins.includes('*') ? '*' : [...options.corsOrigins];
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', proxies);
  metrics.watchNotices(outboxOf(services.connection, rooms.now).counts);
  app.use(metrics.count);
  app.use(identify);
  app.use('/health', health(services.isReady));
  app.use('/metrics', metrics.show);
  const limiter = limiterOf(limits);
  if (gate.own !== undefined) app.use(gate.own.path, oauthLimit(limiter, metrics), gate.own.router);
  // Where tokens come from is for anybody to know.
  app.use([`${FHIR_PATH}/metadata`, SMART_PATH], cors());
  if (gate.smart !== undefined) app.get(SMART_PATH, smartDocument(gate.smart));
  app.use(FHIR_PATH, cors({ origin, exposedHeaders: EXPOSED, allowedHeaders: ALLOWED, maxAge: 600 }));
  app.use(FHIR_PATH, compression());
  app.use(`${FHIR_PATH}/metadata`, metadata(rooms));
  const admit = admission(rooms, { authenticate, limiter, metrics });
  app.use(FHIR_PATH, fhirDoor(rooms, { admit, bodyLimit }));
  const v2 = { rooms, senderOf: senders(rooms), switches: options.hl7v2 ?? USUAL_SWITCHES };
  const soap = `${HL7V2_PATH}/soap`;
  app.use(soap, soapTransport(v2, admit, new URL(soap, rooms.baseUrl).href));
  app.use(HL7V2_PATH, httpTransport(v2, admit));
  app.use(noSuchPath);
  app.use(tellFaults(rooms));
  return app;
}

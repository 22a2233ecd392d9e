/** What an operator measures, in Prometheus' text form. No label holds anything of a patient. */
import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Why a request was not let in: nobody proved who asks, its address failed to too often, its caller asked too much. */
export type Refusal = 'unproven' | 'address' | 'caller' | 'oauth';

export interface Metrics {
  readonly refused: (why: Refusal) => void;
  /** Shows how many notices there are in each state, counted when it is asked. */
  readonly watchNotices: (counts: () => Promise<Readonly<Record<string, number>>>) => void;
  readonly count: (request: Request, response: Response, next: NextFunction) => void;
  readonly show: (request: Request, response: Response) => Promise<void>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics of one server. */
export function metricsOf(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const durations = new Histogram({
    name: 'fhir_iis_http_request_seconds',
    help: 'Time from a request to the end of its answer, by method and status.',
    labelNames: ['method', 'status'],
    buckets: SECONDS,
    registers: [register],
  });
  const refusals = new Counter({
    name: 'fhir_iis_refused_total',
    help: 'Requests that were not let in, by why.',
    labelNames: ['why'],
    registers: [register],
  });
  return {
    refused: (why) => {
      refusals.inc({ why });
    },
    watchNotices: (counts) => {
      new Gauge({
        name: 'fhir_iis_notices',
        help: 'Notices to participants that wait to be sent, or were given up.',
        labelNames: ['state'],
        registers: [register],
        async collect() {
          for (const [state, count] of Object.entries(await counts())) this.set({ state }, count);
        },
      });
    },
    count: (request, response, next) => {
      const began = performance.now();
      response.once('finish', () => {
        durations.observe(
          { method: request.method, status: response.statusCode },
          (performance.now() - began) / 1000,
        );
      });
      next();
    },
    show: async (_request, response) => {
      response.set('Content-Type', register.contentType);
      response.send(await register.metrics());
    },
  };
}

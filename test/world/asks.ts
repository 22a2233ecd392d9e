/** Asks that tests put to the corridor without a door. */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask, Body, QueryPair } from '../../src/core/context.ts';

const ASK: Ask = {
  interaction: 'read',
  actor: { client: 'test', role: 'developer', purpose: 'TREAT' },
  requestId: 'test-request',
  door: 'http',
  query: [],
  queryInUrl: true,
  conditions: {},
  prefer: {},
};

/** An ask of somebody who is nobody in particular. */
export const ask = (more: Partial<Ask>): Ask => ({ ...ASK, ...more });

export const reads = (type: string, id: string): Ask => ask({ interaction: 'read', type, id });

export const searches = (type: string, ...query: QueryPair[]): Ask =>
  ask({ interaction: 'search-type', type, query });

const body = (resource: object): Body => ({ kind: 'resource', resource: resource as Resource });

export const creates = (resource: object, more: Partial<Ask> = {}): Ask =>
  ask({
    interaction: 'create',
    type: (resource as Resource).resourceType,
    body: body(resource),
    ...more,
  });

export const updates = (resource: object, more: Partial<Ask> = {}): Ask => {
  const { resourceType, id = '' } = resource as Resource;
  return ask({ interaction: 'update', type: resourceType, id, body: body(resource), ...more });
};

export const transacts = (...entry: object[]): Ask =>
  ask({
    interaction: 'transaction',
    body: body({ resourceType: 'Bundle', type: 'transaction', entry }),
  });

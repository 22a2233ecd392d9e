/** What the registry asks of itself, through the door as everything else. */
import type { Ask } from '../core/context.ts';
import type { Rooms } from './rooms.ts';

/** The registry itself. */
export const REGISTRY_ACTOR = { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' } as const;

/** An ask of the server's own. */
export const ownAsk = (
  { newId }: Pick<Rooms, 'newId'>,
  more: Pick<Ask, 'interaction'> & Partial<Ask>,
): Ask => ({
  actor: REGISTRY_ACTOR,
  requestId: newId(),
  door: 'command',
  query: [],
  queryInUrl: false,
  conditions: {},
  prefer: {},
  ...more,
});

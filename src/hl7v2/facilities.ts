/**
 * Which organisations a facility id of a message is of: those that have it as an identifier, or one of whose sites
 * (Location) has. Staff enter these identifiers; who may send for an organisation is asked afresh each time.
 */
import type { Location, Organization } from '@medplum/fhirtypes';
import type { Rooms } from '../interactions/rooms.ts';
import { REGISTRY_ACTOR } from '../interactions/own-ask.ts';
import { found, valueOf } from './corridor.ts';
import { remembered } from './remembered.ts';

/** Ids of the organisations that a facility id may be of. */
export type HoldersOf = (name: string, requestId: string) => Promise<readonly string[]>;

/** Longer than any id that the registry gives out. */
const LONGEST = 200;

/** Makes the directory of a server; that nobody has an id is never remembered. */
export const facilitiesOf = (rooms: Rooms): HoldersOf =>
  remembered(
    rooms,
    (name, requestId) => lookedUp(rooms, name, requestId),
    (holders) => holders.length > 0,
  );

async function lookedUp(rooms: Rooms, name: string, requestId: string): Promise<readonly string[]> {
  if (name.length > LONGEST) return [];
  const corridor = { rooms, actor: REGISTRY_ACTOR, requestId };
  const query = [['identifier', valueOf(name)]] as const;
  const [organizations, sites] = await Promise.all([
    found<Organization>(corridor, 'Organization', query),
    found<Location>(corridor, 'Location', query),
  ]);
  const ids = [
    ...organizations.map(({ id }) => id),
    ...sites.map(({ managingOrganization }) => managingOrganization?.reference?.replace('Organization/', '')),
  ];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** What comes of a resource that somebody sends: what is to be stored, what it reports of statuses, what its sender should know. */
import type { Resource } from '@medplum/fhirtypes';
import type { Grant } from '../policy/decide.ts';
import type { Report } from '../status/rules.ts';
import { prepare, type Prepared, type Version } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import { reportsOf } from './statuses.ts';

type Taken = Omit<Prepared, 'sent'> & { readonly reports: readonly Report[] };

/** @throws Failure for what is wrong with it, as `prepare` does */
export function taken(rooms: Rooms, grant: Grant, resource: Resource, version: Version): Taken {
  const { stored, warnings, sent } = prepare(rooms, resource, version);
  const said = reportsOf(rooms, grant, sent);
  return { stored, reports: said.reports, warnings: [...warnings, ...said.warnings] };
}

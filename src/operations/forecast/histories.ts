/** Reading the records that forecasts are computed from, of several people at once. */
import type { Immunization, Patient, Resource } from '@medplum/fhirtypes';
import type { Grant } from '../../policy/decide.ts';
import type { Store, Stored } from '../../storage/store.ts';
import type { Decisions } from '../../matching/history.ts';
import { consolidatedHistory, decisionsOf } from '../../interactions/doses/consolidated.ts';
import type { Finding } from './observations-of.ts';
import type { History } from './request-of.ts';

/** What a forecast is computed from, beside the Patient. */
const FINDINGS = ['Observation', 'Condition', 'AllergyIntolerance', 'Procedure'] as const;
export const INPUTS = ['Immunization', ...FINDINGS] as const;

/** More than any record has; beyond it the newest would be missing, so the reader is told. */
const MOST = 200_000;
const BY_ID = [{ field: '_id', descending: false }] as const;

/** A history, and the stored resources that it came from. */
export interface Read {
  readonly history: History;
  readonly from: readonly Stored[];
}

/** The histories of some patients, as far as the grant shows them; of one that it does not show there is none. */
export async function readHistories(
  store: Store,
  grant: Grant,
  patients: readonly string[],
): Promise<ReadonlyMap<string, Read>> {
  // Who was merged into another is forecast there.
  const all = await store.readMany(grant, 'Patient', patients);
  const people = all.filter(({ replacedBy }) => replacedBy === undefined);
  const ids = people.map(({ _id }) => _id);
  const found = await Promise.all(
    INPUTS.filter((type) => grant.may('search-type', type)).map((type) => readAll(store, grant, type, ids)),
  );
  const owned = found.flat();
  const byPatient = Map.groupBy(owned, ({ owner }) => owner);
  const doses = owned.filter(({ resource }) => resource.resourceType === 'Immunization');
  const decisions = await decisionsOf(
    store,
    doses.map(({ stored }) => stored._id),
  );
  return new Map(
    people.map((person) => [person._id, readOf(person, byPatient.get(person._id) ?? [], decisions)]),
  );
}

/** What is stored was read strictly when it came, and nothing here asks how a decimal was written. */
const parsed = ({ json }: Stored): unknown => JSON.parse(json);

interface Owned {
  readonly owner: string;
  readonly stored: Stored;
  readonly resource: Immunization | Finding;
}

async function readAll(
  store: Store,
  grant: Grant,
  type: (typeof INPUTS)[number],
  ids: readonly string[],
): Promise<Owned[]> {
  if (ids.length === 0) return [];
  const where = [{ op: 'in', field: 'patients', keys: ids } as const];
  const found = await store.find(grant, type, { where, order: BY_ID, limit: MOST });
  return found.map((stored) => {
    const resource = parsed(stored) as Immunization | Finding;
    return { owner: ownerOf(resource), stored, resource };
  });
}

/** Of whom it tells: a record also holds what a person said of another. */
function ownerOf(resource: Immunization | Finding): string {
  const reference =
    'patient' in resource ? resource.patient : 'subject' in resource ? resource.subject : undefined;
  return reference?.reference?.split('/')[1] ?? '';
}

/** A dose that was reported twice counts once, by its best report. */
function readOf(person: Stored, owned: readonly Owned[], decisions: Decisions): Read {
  const resources: readonly Resource[] = owned.map(({ resource }) => resource);
  return {
    history: {
      patient: parsed(person) as Patient,
      immunizations: consolidatedHistory(
        resources.filter((each) => each.resourceType === 'Immunization'),
        decisions,
      ),
      findings: resources.filter((each) => each.resourceType !== 'Immunization') as Finding[],
    },
    from: [person, ...owned.map(({ stored }) => stored)],
  };
}

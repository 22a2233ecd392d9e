/** Who merged two records, or took it back, when and why (https://hl7.org/fhir/R4/provenance.html). */
import type { Provenance } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { requesterOf } from '../../pending/task-of.ts';
import type { Stored } from '../../storage/store.ts';
import { insert, type Unit } from '../../storage/write.ts';

const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';

export function provenanceOf(
  rooms: Rooms,
  { actor }: Ask,
  activity: 'merge' | 'unmerge',
  { people, reason }: { readonly people: readonly Stored[]; readonly reason: string | undefined },
): Unit {
  const now = rooms.now();
  const provenance: Provenance = {
    resourceType: 'Provenance',
    target: people.map(({ _id, version }) => ({ reference: versionedReference('Patient', _id, version) })),
    recorded: now.toISOString(),
    activity: { coding: [{ system: LIFECYCLE, code: activity }] },
    agent: [
      {
        who: actor.user === undefined ? requesterOf(actor) : { identifier: { value: actor.user } },
        ...(actor.user !== undefined && { onBehalfOf: requesterOf(actor) }),
      },
    ],
    ...(reason !== undefined && { reason: [{ text: reason }] }),
  };
  const stored = storedForm(rooms, provenance, { id: rooms.newId(), version: 1, lastUpdated: now });
  return insert('Provenance', { ...stored, patients: people.map(({ _id }) => _id) });
}

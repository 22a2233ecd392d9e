/**
 * Plans that a Patient which came is a person on file: the record gets the identifiers by which its sender knows the
 * person, so that the next condition finds it. What else it says is the sender's to update, now that it knows the id.
 */
import type { Identifier, Patient, Provenance, Resource } from '@medplum/fhirtypes';
import { isSecretSystem, isSecretType } from '../catalog/secret-systems.ts';
import { parseJson } from '../fhir/json.ts';
import { requesterOf } from '../pending/task-of.ts';
import type { Stored } from '../storage/store.ts';
import { shownUnder } from '../storage/masked.ts';
import { insert, supersede } from '../storage/write.ts';
import { REGISTRY_NUMBERS } from '../validation/registry/completion.ts';
import { versionedReference, written } from './answers.ts';
import type { Target } from './condition.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

export async function planJoin(rooms: Rooms, target: Target, sent: Resource, match: Stored): Promise<Plan> {
  const was = await rooms.store.readWhole(target.grant, 'read', 'Patient', match._id);
  const lacking = was === undefined ? [] : lackingIn(parseJson(was.json) as Patient, sent as Patient);
  if (was === undefined || lacking.length === 0) return answered(target, match, []);
  const next = withIdentifiers(rooms, was, lacking);
  const provenance = storedForm(rooms, provenanceOf(rooms, target, next), {
    id: rooms.newId(),
    version: 1,
    lastUpdated: next.lastUpdated,
  });
  const own = [
    ...supersede('Patient', was, next),
    ...insert('Provenance', { ...provenance, patients: next.patients }),
  ];
  return answered(target, next, own);
}

const answered = ({ ask, grant }: Target, stored: Stored, own: NonNullable<Plan['own']>): Plan => ({
  unit: [],
  own,
  answer: written(ask, 'Patient', { stored: shownUnder(grant.mask('Patient'), stored) }, 200),
  wrote: [versionedReference('Patient', stored._id, stored.version)],
  patients: stored.patients,
});

const keyOf = ({ system = '', value = '' }: Identifier): string => `${system}|${value}`;
const isSecret = ({ system, type }: Identifier): boolean =>
  isSecretSystem(system) ||
  (type?.coding?.some((coding) => isSecretType(coding.system, coding.code)) ?? false);

/** A number of the whole population is no sender's to add. */
function lackingIn({ identifier: known = [] }: Patient, { identifier = [] }: Patient): Identifier[] {
  const keys = new Set(known.map(keyOf));
  return identifier.filter(
    (each) =>
      each.system !== undefined &&
      each.system !== REGISTRY_NUMBERS &&
      each.value !== undefined &&
      !isSecret(each) &&
      !keys.has(keyOf(each)),
  );
}

function withIdentifiers(rooms: Rooms, was: Stored, more: readonly Identifier[]): Stored {
  const patient = parseJson(was.json) as Patient;
  const now = rooms.now();
  const next = storedForm(
    rooms,
    { ...patient, identifier: [...(patient.identifier ?? []), ...more] },
    {
      id: was._id,
      version: was.version + 1,
      lastUpdated: now > was.lastUpdated ? now : was.lastUpdated,
      kept: was.secrets,
    },
  );
  const { linkedTo, judged } = was;
  return { ...next, ...(linkedTo && { linkedTo }), ...(judged && { judged }) };
}

const ACTIVITY = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';

const provenanceOf = (rooms: Rooms, { ask }: Target, { _id, version }: Stored): Provenance => ({
  resourceType: 'Provenance',
  target: [{ reference: versionedReference('Patient', _id, version) }],
  recorded: rooms.now().toISOString(),
  activity: {
    coding: [{ system: ACTIVITY, code: 'UPDATE' }],
    text: 'Identifiers of a record that was matched to this person',
  },
  agent: [{ who: requesterOf(ask.actor) }],
});

/** The two Patients that a merge leaves: the survivor, and the one that leads to it. */
import type { Identifier, Patient } from '@medplum/fhirtypes';
import { parseJson } from '../../fhir/json.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { survive } from '../../matching/survivor.ts';
import type { Sealed, Stored } from '../../storage/store.ts';
import { REGISTRY_NUMBERS } from '../../validation/registry/completion.ts';
import { versionOf } from './moves.ts';

const MASK = /^[*\s-]+$/;
const patientIn = ({ json }: Stored): Patient => parseJson(json) as Patient;
const isMasked = ({ value = '' }: Identifier): boolean => MASK.test(value);

/** The secrets of the identifiers that stay, in their order: each comes from the record that its identifier came from. */
function secretsOf(merged: Patient, sides: readonly (readonly [Patient, Stored])[]): readonly Sealed[] {
  const known = new Map<Identifier, Sealed>();
  for (const [{ identifier = [] }, { secrets = [] }] of sides)
    for (const [at, each] of identifier.filter(isMasked).entries()) {
      const secret = secrets[at];
      if (secret !== undefined) known.set(each, secret);
    }
  return (merged.identifier ?? []).filter(isMasked).flatMap((each) => known.get(each) ?? []);
}

/** The survivor with what only the other record says; its own id, and a link to the other. */
export function survivorForm(rooms: Rooms, target: Stored, source: Stored): Stored {
  const [mine, theirs] = [patientIn(target), patientIn(source)];
  const formerNumbers = (theirs.identifier ?? []).map((each) =>
    each.system === REGISTRY_NUMBERS ? { ...each, use: 'old' as const } : each,
  );
  const other = { ...theirs, ...(theirs.identifier && { identifier: formerNumbers }) };
  const merged = survive(
    { patient: mine, updated: target.lastUpdated.toISOString() },
    { patient: other, updated: source.lastUpdated.toISOString() },
  );
  const kept = secretsOf(merged, [
    [mine, target],
    [other, source],
  ]);
  const link = [
    ...(mine.link ?? []),
    { other: { reference: `Patient/${source._id}` }, type: 'replaces' as const },
  ];
  return versionOf(rooms, { ...merged, link }, { ...target, secrets: kept });
}

/** The other record as it stays: out of use, and leading to the survivor. */
export function replacedForm(rooms: Rooms, source: Stored, target: string): Stored {
  const patient = patientIn(source);
  const link = [
    ...(patient.link ?? []),
    { other: { reference: `Patient/${target}` }, type: 'replaced-by' as const },
  ];
  return { ...versionOf(rooms, { ...patient, active: false, link }, source), replacedBy: target };
}

/** What a search in a patient's compartment finds (https://hl7.org/fhir/R4/compartmentdefinition-patient.html). */
import type { ResourceEntry } from '../catalog/define.ts';
import { allOf, type Clause } from './clause.ts';
import { keyOf } from './key.ts';
import { indexedOf } from './named.ts';

/** Resources that refer to the patient themselves; what is in the record because of another resource is not meant. */
export function inCompartment(entry: ResourceEntry, patient: string): Clause {
  const inRecord: Clause = { op: 'in', field: 'patients', keys: [patient] };
  if (entry.recordOf === undefined) return inRecord;
  const names = indexedOf(entry).flatMap(({ name, record }) => (record === undefined ? [] : [name]));
  const keys = names.map((name) => keyOf(name, `Patient/${patient}`));
  return allOf([inRecord, { op: 'in', field: 'tokens', keys }]);
}

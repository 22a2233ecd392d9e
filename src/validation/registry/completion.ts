/**
 * What the registry adds to a record that it is sent: its own number of a patient, a gender that was not said, the
 * CVX code of a dose that came with a package or procedure code.
 */
import { terminology } from '../../terminology/load.ts';
import { nodesAt, warn, type Findings, type Node } from '../findings.ts';
import { DETECTED } from './detected.ts';
import { withVaccine } from './vaccine.ts';

/** Under which record a resource is kept, and the time it is. */
export interface Circumstances {
  readonly id: string;
  readonly now: Date;
}

/** The system of the numbers that a registry gives to patients: its own ids of them. */
/** The registry's own numbers of people: nobody else gives them. */
export const REGISTRY_NUMBERS = 'https://fhir-iis.org/fhir/sid/patient';

const STATE_REGISTRY_ID = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/v2-0203',
      code: 'SR',
      display: 'State registry ID',
    },
  ],
};

/** Numbers of other registries, and of records merged into this one, stay. */
function withNumber(patient: Node, value: string): Node {
  const identifiers = nodesAt(patient, 'identifier');
  const has = identifiers.some((each) => each['system'] === REGISTRY_NUMBERS && each['value'] === value);
  if (has) return patient;
  const own = { use: 'official', type: STATE_REGISTRY_ID, system: REGISTRY_NUMBERS, value };
  return { ...patient, identifier: [...identifiers, own] };
}

function withGender(findings: Findings, patient: Node): Node {
  if (patient['gender'] !== undefined) return patient;
  warn(findings, DETECTED.genderMissing, 'The gender was not sent; it is stored as unknown.', 'gender');
  return { ...patient, gender: 'unknown' };
}

type Complete = (findings: Findings, resource: Node, circumstances: Circumstances) => Node;

const COMPLETE: ReadonlyMap<string, Complete> = new Map<string, Complete>([
  ['Patient', (findings, patient, { id }) => withGender(findings, withNumber(patient, id))],
  ['Immunization', (_findings, dose) => withVaccine(terminology(), dose)],
]);

/** The resource, whose structure is sound, as the registry keeps it. */
export function completed(
  findings: Findings,
  type: string,
  resource: Node,
  circumstances: Circumstances,
): Node {
  return COMPLETE.get(type)?.(findings, resource, circumstances) ?? resource;
}

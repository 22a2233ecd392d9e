/** The constraints of our own profiles as functions: the FHIRPath of each is in its StructureDefinition. */
import { has } from '../constraints/words.ts';
import { nodesAt, type Node } from '../findings.ts';
import { isCertainlyBefore } from '../registry/dates.ts';

/** Given by the one who reports it, who knows all there is to know. */
const isGivenHere = ({ status, primarySource }: Node): boolean =>
  status === 'completed' && primarySource === true;

const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const isSaidToBeAbsent = (node: Node): boolean =>
  nodesAt(node, 'extension').some(({ url }) => url === ABSENT);

export const CONSTRAINTS: Readonly<Record<string, (node: Node) => boolean>> = {
  'iis-pat-1': (name) => has(name, 'family', 'given') || isSaidToBeAbsent(name),
  'iis-prr-1': (role) => has(role, 'telecom', 'endpoint'),
  'iis-prr-2': (role) => has(role, 'practitioner', 'organization', 'healthcareService', 'location'),
  'iis-rel-1': (person) => has(person, 'name', 'relationship'),
  'iis-imm-1': (dose) => !isGivenHere(dose) || has(dose, 'lotNumber'),
  'iis-imm-2': (dose) => !isGivenHere(dose) || has(dose, 'performer', 'location'),
  'iis-imm-3': (dose) => dose['primarySource'] !== false || has(dose, 'reportOrigin'),
  'iis-imm-4': (dose) => dose['status'] !== 'not-done' || has(dose, 'statusReason'),
  'iis-imm-5': (dose) =>
    dose['status'] !== 'completed' || !isCertainlyBefore(dose['expirationDate'], dose['occurrenceDateTime']),
};

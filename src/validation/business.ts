/**
 * What the registry demands of a record beside what FHIR does: enough to tell whose it is and what was done.
 * Only of records themselves, not of resources contained in others.
 */
import { isNode, listOf, nodesAt, report, type Findings, type Node } from './findings.ts';

type Rule = (findings: Findings, resource: Node) => void;

function checkPatient(findings: Findings, patient: Node): void {
  const isNamed = nodesAt(patient, 'name').some((name) =>
    ['family', 'given', 'text'].some((part) => name[part] !== undefined),
  );
  if (!isNamed)
    report(findings, 'required', 'The registry needs a name: a family name, a given name or a text.', 'name');
  if (patient['birthDate'] === undefined)
    report(findings, 'required', 'The registry needs the birth date.', 'birthDate');
}

function isCoded(concept: unknown): boolean {
  if (!isNode(concept)) return false;
  return (
    concept['text'] !== undefined || nodesAt(concept, 'coding').some((coding) => coding['code'] !== undefined)
  );
}

/** A date in words says when a dose of the past was given as well as anybody knows; of a dose given here more is known. */
function mayHaveDateInWords(immunization: Node): boolean {
  const { primarySource, reportOrigin, status } = immunization;
  return primarySource === false || reportOrigin !== undefined || status === 'not-done';
}

function checkImmunization(findings: Findings, immunization: Node): void {
  const { vaccineCode, occurrenceDateTime, occurrenceString, patient } = immunization;
  if (!isCoded(vaccineCode))
    report(findings, 'required', 'The registry needs the code or the name of the vaccine.', 'vaccineCode');
  const isDated =
    occurrenceDateTime !== undefined || (occurrenceString !== undefined && mayHaveDateInWords(immunization));
  if (!isDated)
    report(
      findings,
      'required',
      'The registry needs a date (occurrenceDateTime); words do only for doses reported as history or not given.',
      'occurrence',
    );
  if (listOf(patient).every((each) => !isNode(each) || each['reference'] === undefined))
    report(findings, 'required', 'The registry needs a reference to the patient.', 'patient');
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['Patient', checkPatient],
  ['Immunization', checkImmunization],
]);

/** Notes the registry's rules that a resource of sound structure breaks. */
export function checkBusiness(findings: Findings, type: string, resource: Node): void {
  RULES.get(type)?.(findings, resource);
}

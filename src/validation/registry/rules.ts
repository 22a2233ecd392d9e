/**
 * What the registry demands of a record beside what FHIR does: enough to tell whose it is, what was done and when,
 * and nothing that has not happened yet. Only of records themselves, not of resources contained in others.
 */
import { terminology } from '../../terminology/load.ts';
import { isNode, listOf, nodesAt, report, type Findings, type Node } from '../findings.ts';
import { isCertainlyBefore, isInFuture } from './dates.ts';
import { DETECTED, type Detected } from './detected.ts';
import { checkVaccine } from './vaccine.ts';

type Rule = (findings: Findings, resource: Node, now: Date) => void;

/** Notes dates that have not come yet. */
function checkPast(
  findings: Findings,
  resource: Node,
  now: Date,
  elements: readonly (readonly [element: string, property: string, what: Detected | 'business-rule'])[],
): void {
  for (const [element, property, what] of elements)
    if (isInFuture(resource[property], now))
      report(findings, what, 'This date is in the future; correct it.', element);
}

function checkPatient(findings: Findings, patient: Node, now: Date): void {
  const isNamed = nodesAt(patient, 'name').some((name) =>
    ['family', 'given', 'text'].some((part) => name[part] !== undefined),
  );
  if (!isNamed)
    report(
      findings,
      DETECTED.nameMissing,
      'The registry needs a name: a family name, a given name or a text.',
      'name',
    );
  if (patient['birthDate'] === undefined)
    report(findings, DETECTED.birthDateMissing, 'The registry needs the birth date.', 'birthDate');
  checkPast(findings, patient, now, [
    ['birthDate', 'birthDate', DETECTED.birthDateFuture],
    ['deceased', 'deceasedDateTime', DETECTED.deathFuture],
  ]);
  if (isCertainlyBefore(patient['deceasedDateTime'], patient['birthDate']))
    report(
      findings,
      DETECTED.deathBeforeBirth,
      'The death is before the birth; correct one of the dates.',
      'deceased',
    );
}

/** A date in words says when a dose of the past was given as well as anybody knows; of a dose given here more is known. */
function mayHaveDateInWords(immunization: Node): boolean {
  const { primarySource, reportOrigin, status } = immunization;
  return primarySource === false || reportOrigin !== undefined || status === 'not-done';
}

/** A whole day, or a time of one. */
const isDay = (value: unknown): boolean => typeof value === 'string' && value.length >= DAY_LENGTH;
const DAY_LENGTH = 10;

/** Whoever gave a dose knows the day; of one reported from history only a month or a year may be known. */
function checkDay(findings: Findings, { status, primarySource, occurrenceDateTime }: Node): void {
  const isGivenHere = status === 'completed' && primarySource === true;
  if (isGivenHere && occurrenceDateTime !== undefined && !isDay(occurrenceDateTime))
    report(
      findings,
      DETECTED.doseDateImprecise,
      'A dose that was given by its sender (primarySource is true) needs the whole day; a month or a year does only for doses reported as history.',
      'occurrence',
    );
}

function checkImmunization(findings: Findings, immunization: Node, now: Date): void {
  const { occurrenceDateTime, occurrenceString, patient } = immunization;
  checkVaccine(findings, terminology(), immunization);
  const isDated =
    occurrenceDateTime !== undefined || (occurrenceString !== undefined && mayHaveDateInWords(immunization));
  if (!isDated)
    report(
      findings,
      DETECTED.doseDateMissing,
      'The registry needs a date (occurrenceDateTime); words do only for doses reported as history or not given.',
      'occurrence',
    );
  checkDay(findings, immunization);
  if (listOf(patient).every((each) => !isNode(each) || each['reference'] === undefined))
    report(findings, 'required', 'The registry needs a reference to the patient.', 'patient');
  checkPast(findings, immunization, now, [
    ['occurrence', 'occurrenceDateTime', DETECTED.doseDateFuture],
    ['recorded', 'recorded', 'business-rule'],
  ]);
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['Patient', checkPatient],
  ['Immunization', checkImmunization],
]);

/** Notes the registry's rules that a completed resource of sound structure breaks. */
export function checkRules(findings: Findings, type: string, resource: Node, now: Date): void {
  RULES.get(type)?.(findings, resource, now);
}

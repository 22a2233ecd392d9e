/** What is counted of the validity of what came as FHIR: beside what was stored, and of what was refused by itself. */

/** Refused doses and people: whose, when, and the codes of what was wrong. */
export const REFUSALS = 'refusals';

const TYPES: ReadonlySet<string | undefined> = new Set(['Immunization', 'Patient']);

/** Whether what is found in resources of a type is counted: doses and people, as completeness does. */
export const isJudged = (type: string | undefined): boolean => TYPES.has(type);

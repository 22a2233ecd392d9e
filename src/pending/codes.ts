/** The registry's own codes of what waits for a person (profiles/code-systems/registry-task.json). */
import type { CodeableConcept, Extension } from '@medplum/fhirtypes';

const REGISTRY = 'https://fhir-iis.org/fhir/';
const TASK_CODES = `${REGISTRY}CodeSystem/registry-task`;
const MATCH_SCORE = `${REGISTRY}StructureDefinition/match-score`;
export const MATCH_GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';

const WORDS = {
  'match-review': 'Settle whose record this is',
  'possible-duplicate': 'Settle whether these are one person',
  'too-little': 'Too little to identify a person',
  uncertain: 'May be a person on file',
  ambiguous: 'May be several people on file',
  reported: 'Said to be one person by whom the record came from',
  'dose-review': 'Settle whether two reports are of one dose',
  candidate: 'A person on file',
  'other-report': 'The other report of the dose',
  settled: 'A record that waited is settled',
  'emergency-access': 'Review an emergency access',
  'message-rejected': 'Correct what was rejected and send it again',
  'notice-undelivered': 'A notice to a participant could not be delivered',
  'data-quality': 'Data quality stays beyond a threshold: consider a suspension',
  amendment: 'Answer a wish to amend the record',
} as const;
export type TaskCode = keyof typeof WORDS;

/** A code of the registry. */
export const concept = (code: TaskCode): CodeableConcept => ({
  coding: [{ system: TASK_CODES, code, display: WORDS[code] }],
});

/** Whether a concept is the registry's code. */
export const isCode = (what: CodeableConcept | undefined, code: TaskCode): boolean =>
  what?.coding?.some((each) => each.system === TASK_CODES && each.code === code) ?? false;

const SCORE_DIGITS = 4;

/** How likely two are the same, beside what says so. */
export const scored = (score: number): Extension => ({
  url: MATCH_SCORE,
  valueDecimal: Number(score.toFixed(SCORE_DIGITS)),
});

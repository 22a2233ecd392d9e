/**
 * What the registry's own rules find, once: what it is called over FHIR (core/failure.ts), and its code in the vocabulary
 * of data quality (docs/hl7v2-codes.md), by which it is counted beside what messages of HL7 v2 had.
 */
import type { FailureKind, Issue } from '../../core/failure.ts';

/** A fault with a code of its own. */
export interface Detected {
  readonly kind: FailureKind;
  readonly detection: string;
}

export const DETECTED = {
  genderMissing: { kind: 'required', detection: 'DQA0146' },
  nameMissing: { kind: 'required', detection: 'IIS0006' },
  birthDateMissing: { kind: 'required', detection: 'DQA0118' },
  birthDateFuture: { kind: 'business-rule', detection: 'DQA0116' },
  deathFuture: { kind: 'business-rule', detection: 'DQA0130' },
  deathBeforeBirth: { kind: 'business-rule', detection: 'DQA0129' },
  vaccineMissing: { kind: 'required', detection: 'DQA0244' },
  vaccineUnrecognized: { kind: 'code-invalid', detection: 'DQA0309' },
  vaccineNeverActive: { kind: 'business-rule', detection: 'DQA0307' },
  packageUnrecognized: { kind: 'code-invalid', detection: 'DQA0353' },
  packageInconsistent: { kind: 'business-rule', detection: 'DQA0600' },
  doseDateMissing: { kind: 'required', detection: 'DQA0261' },
  doseDateImprecise: { kind: 'business-rule', detection: 'IIS0009' },
  doseDateFuture: { kind: 'business-rule', detection: 'IIS0010' },
  doseBeforeBirth: { kind: 'business-rule', detection: 'DQA0255' },
  doseAfterDeath: { kind: 'business-rule', detection: 'DQA0253' },
} as const satisfies Readonly<Record<string, Detected>>;

/** Of whatever has no code of its own. */
const RULE_BROKEN = 'IIS0005';

const once = (codes: readonly string[]): readonly string[] => [...new Set(codes)];

/** The codes by which what refuses something is counted, each once. */
export const refusalCodes = (issues: readonly Issue[]): readonly string[] =>
  once(issues.map(({ detection = RULE_BROKEN }) => detection));

/** The codes by which it is counted what was told of something that is stored; what profiles recommend is no fault. */
export const warningCodes = (warnings: readonly Issue[]): readonly string[] =>
  once(warnings.flatMap(({ detection }) => detection ?? []));

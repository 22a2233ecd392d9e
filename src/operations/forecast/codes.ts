/**
 * The codes in which a forecast is told: HL7's Immunization Decision Support Forecast guide (ImmDS 2.0.0, CC0) for
 * statuses and reasons, LOINC for its dates, SNOMED CT for diseases, CVX for vaccine groups.
 */
import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import type {
  EvaluationReason,
  EvaluationStatus,
  ForecastReason,
  SeriesStatus,
} from '../../forecasting/result.ts';

const IMMDS = 'http://hl7.org/fhir/us/immds/CodeSystem/';
const OWN = 'https://fhir-iis.org/fhir/CodeSystem/';
export const SNOMED = 'http://snomed.info/sct';
export const LOINC = 'http://loinc.org';
/** CDSi's own observation codes, three digits. */
export const CDSI_OBSERVATION = `${OWN}cdsi-observation`;
const DOSE_STATUS = 'http://terminology.hl7.org/CodeSystem/immunization-evaluation-dose-status';

/** Disease of an antigen of the schedule. */
const DISEASES: Readonly<Record<string, string>> = {
  Chikungunya: '111864006',
  Cholera: '63650001',
  'COVID-19': '840539006',
  Dengue: '38362002',
  Diphtheria: '397428000',
  Ebola: '37109004',
  HPV: '240532009',
  HepA: '40468003',
  HepB: '66071002',
  Hib: '91428005',
  Influenza: '6142004',
  'Japanese Encephalitis': '52947006',
  Measles: '14189004',
  Meningococcal: '23511006',
  'Meningococcal B': '23511006',
  Mumps: '36989005',
  Orthopoxvirus: '359814004',
  Pertussis: '27836007',
  Pneumococcal: '16814004',
  Polio: '398102009',
  RSV: '55735004',
  Rabies: '14168008',
  Rotavirus: '18624000',
  Rubella: '36653000',
  TBE: '712986001',
  Tetanus: '76902006',
  Typhoid: '4834000',
  Varicella: '38907003',
  'Yellow Fever': '16541001',
  Zoster: '4740000',
};

/** The code that stands for a vaccine group, mostly its unspecified formulation. */
const GROUPS: Readonly<Record<string, string>> = {
  Chikungunya: '317',
  Cholera: '26',
  'COVID-19': '213',
  Dengue: '330',
  'DTaP/Tdap/Td': '107',
  Ebola: '214',
  HepA: '85',
  HepB: '45',
  Hib: '17',
  HPV: '137',
  Influenza: '88',
  'Japanese Encephalitis': '129',
  Meningococcal: '108',
  'Meningococcal B': '164',
  MMR: '03',
  Orthopoxvirus: '325',
  Pneumococcal: '152',
  Polio: '89',
  Rabies: '90',
  Rotavirus: '122',
  RSV: '304',
  TBE: '222',
  Typhoid: '91',
  Varicella: '21',
  'Yellow Fever': '184',
  Zoster: '188',
};

/** CVX of a vaccine group; none for a group of a release newer than this table. */
export const groupCode = (vaccineGroup: string): string | undefined => GROUPS[vaccineGroup];

/** The disease of an antigen; without a code only its name. */
export function diseaseOf(antigen: string): CodeableConcept {
  const code = DISEASES[antigen];
  return { ...(code !== undefined && { coding: [{ system: SNOMED, code }] }), text: antigen };
}

const STATUSES = {
  'Not Complete': 'notComplete',
  Complete: 'complete',
  Immune: 'immune',
  Contraindicated: 'contraindicated',
  'Not Recommended': 'notRecommended',
  'Aged Out': 'agedOut',
} as const satisfies Record<SeriesStatus, string>;

const coded = (system: string, code: string, text: string): CodeableConcept => ({
  coding: [{ system, code }],
  text,
});

export const statusOf = (status: SeriesStatus): CodeableConcept =>
  coded(`${IMMDS}ForecastStatus`, STATUSES[status], status);

/** The guide has no code for immunity and contraindication as reasons: the status says those. */
const REASONS: Readonly<Record<ForecastReason, readonly [code: string | undefined, text: string]>> = {
  'series-complete': ['complete', 'The series is complete.'],
  'past-history': ['notRecommended', 'No further dose is recommended because of the doses given before.'],
  immune: [undefined, 'There is evidence of immunity.'],
  contraindicated: [undefined, 'There is a contraindication.'],
  'past-season': ['seasonalPast', 'The season is over.'],
  'exceeded-maximum-age': ['maximumAge', 'The maximum age is exceeded.'],
  'unable-to-finish': ['maximumAge', 'The series cannot be finished before the maximum age.'],
};

export function reasonOf(reason: ForecastReason): CodeableConcept {
  const [code, text] = REASONS[reason];
  return code === undefined ? { text } : coded(`${IMMDS}ForecastReason`, code, text);
}

/** LOINC codes of the dates, in the order of the guide's example. */
export const DATES = {
  recommended: ['30980-7', 'Date vaccine due'],
  pastDue: ['59778-1', 'Date when overdue for immunization'],
  earliest: ['30981-5', 'Earliest date to give'],
  latest: ['59777-3', 'Latest date to give immunization'],
} as const satisfies Record<string, readonly [string, string]>;

export function dateCode(date: keyof typeof DATES): CodeableConcept {
  const [code, display] = DATES[date];
  return { coding: [{ system: LOINC, code, display }] };
}

/**
 * An extraneous dose need not be repeated, so that `notvalid` would mislead; HL7 has no code for it.
 */
export function doseStatusOf(status: EvaluationStatus): CodeableConcept {
  if (status === 'Extraneous') return coded(`${OWN}dose-evaluation-status`, 'extraneous', status);
  return coded(DOSE_STATUS, status === 'Valid' ? 'valid' : 'notvalid', status);
}

/** What the guide has a code for; grace periods and a complete series are told in words. */
const DOSE_REASONS: Readonly<Record<EvaluationReason, readonly [code: string | undefined, text: string]>> = {
  expired: ['expired', 'The lot had expired.'],
  'dose-condition': ['storage', 'The dose was sub-potent or recalled.'],
  inadvertent: ['inappropriate', 'The vaccine is not meant for this dose (inadvertent administration).'],
  'too-young': ['tooyoung', 'Too young.'],
  'age-grace-period': [undefined, 'Within the grace period before the minimum age.'],
  'too-old': ['tooold', 'Too old.'],
  'too-soon': ['toosoon', 'Too soon after an earlier dose.'],
  'interval-grace-period': [undefined, 'Within the grace period before the minimum interval.'],
  'vaccine-conflict': ['productconflict', 'Too soon after another vaccine that it conflicts with.'],
  'not-preferable-or-allowable': [
    'inappropriate',
    'The vaccine is neither preferable nor allowable for this dose.',
  ],
  'vaccine-out-of-age-range': ['inappropriate', 'The vaccine is not used at this age.'],
  'wrong-trade-name': ['inappropriate', 'Another product is needed for this dose.'],
  'less-than-recommended-volume': ['quantity', 'Less than the recommended volume was given.'],
  'series-complete': [undefined, 'The series was complete before.'],
};

/** R4's reasons for sub-potency in the words of the guide. */
const SUBPOTENT: Readonly<Record<string, string>> = {
  partial: 'quantity',
  coldchainbreak: 'storage',
  recall: 'recall',
};

/**
 * Why a dose has its status.
 * @param subpotent why the dose was reported as sub-potent: codes of immunization-subpotent-reason
 */
export function doseReasonOf(reason: EvaluationReason, subpotent: readonly string[] = []): CodeableConcept {
  const [code, text] = DOSE_REASONS[reason];
  const given = subpotent.flatMap((each) => SUBPOTENT[each] ?? []);
  const codes = reason === 'dose-condition' && given.length > 0 ? given : code === undefined ? [] : [code];
  const coding = codes.map((each): Coding => ({ system: `${IMMDS}StatusReason`, code: each }));
  return { ...(coding.length > 0 && { coding }), text };
}

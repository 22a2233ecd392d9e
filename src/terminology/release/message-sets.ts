/** The value sets of HL7 v2 immunization messages as rows of a table: which we keep, and the FHIR code system of each code. */
import { of, text, type Row, type Source } from './row.ts';

const V2 = 'http://terminology.hl7.org/CodeSystem/v2-';
const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';
const SNOMED = 'http://snomed.info/sct';
/** PHIN VS, CDC's local coding system. */
const PHIN = 'urn:oid:2.16.840.1.114222.4.5.274';
const NCIT = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl';

type SystemOf = (code: string) => string | null;
const always =
  (system: string | null): SystemOf =>
  () =>
    system;
const whereLike =
  (pattern: RegExp, system: string, otherwise: string | null): SystemOf =>
  (code) =>
    pattern.test(code) ? system : otherwise;
const finding = whereLike(/^\d{6,}$/, SNOMED, PHIN);
const raceOrEthnicity = whereLike(/^\d{4}-\d$/, CDCREC, null);

/** HL7 v2 value sets that the registry reads or writes: our name, the source's name, the FHIR code system of a code. */
const V2_SETS: readonly (readonly [ours: string, theirs: string, system: SystemOf])[] = [
  ['body-site', 'BODY_SITE', always(`${V2}0163`)],
  ['completion', 'VACCINATION_COMPLETION', always(`${V2}0322`)],
  ['contraindication', 'CONTRAINDICATION_OR_PRECATION', finding],
  ['eligibility', 'FINANCIAL_STATUS_CODE', always(`${V2}0064`)],
  ['ethnicity', 'PATIENT_ETHNICITY', raceOrEthnicity],
  ['evidence-of-immunity', 'EVIDENCE_OF_IMMUNITY', whereLike(/^\d{6,}$/, SNOMED, null)],
  ['funding-source', 'VACCINATION_FUNDING_SOURCE', always(PHIN)],
  ['information-source', 'VACCINATION_INFORMATION_SOURCE', always('urn:oid:2.16.840.1.114222.4.5.293')],
  ['protection', 'PATIENT_PROTECTION', always(`${V2}0136`)],
  ['publicity', 'PATIENT_PUBLICITY', always('https://fhir-iis.org/fhir/CodeSystem/reminder-recall')],
  ['race', 'PATIENT_RACE', raceOrEthnicity],
  ['reaction', 'VACCINATION_REACTION', finding],
  ['refusal-reason', 'VACCINATION_REFUSAL', always(null)],
  ['registry-status', 'REGISTRY_STATUS', always(`${V2}0441`)],
  ['relationship', 'PERSON_RELATIONSHIP', always(`${V2}0063`)],
  ['route', 'BODY_ROUTE', whereLike(/^C\d+$/, NCIT, `${V2}0162`)],
];

/** Slips of the source, put right so that no label of ours carries them on. */
const SPELLINGS: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\balergy\b/gi, 'allergy'],
  [/\bhisotry\b/gi, 'history'],
  [/\b(dephteria|diphteria)\b/gi, 'diphtheria'],
  [/\bhepbatitis\b/gi, 'hepatitis'],
  [/\bmealses\b/gi, 'measles'],
  [/\borgin\b/gi, 'origin'],
  [/\bhypersenstiviity\b/gi, 'hypersensitivity'],
  [/\bdiorders\b/gi, 'disorders'],
  [/\bhemotologic\b/gi, 'hematologic'],
  [/\bcongential\b/gi, 'congenital'],
  [/\bintussesception\b/gi, 'intussusception'],
  [/\bcryting\b/gi, 'crying'],
];
/** Where the source has two labels for one code, the one that the code system itself has. */
const LABELS: Readonly<Record<string, string>> = {
  'body-site LA': 'Left Arm',
  'body-site RA': 'Right Arm',
  'race 2076-8': 'Native Hawaiian or Other Pacific Islander',
};

function labelOf(set: string, code: Source): string {
  const said = SPELLINGS.reduce(
    (label, [wrong, right]) => label.replace(wrong, right),
    String(code['label']),
  );
  return LABELS[`${set} ${String(code['code'])}`] ?? said.charAt(0).toUpperCase() + said.slice(1);
}

/** The rows of a value set of the source; none for those we do not keep. */
export function codesOf(source: Source): readonly Row[] {
  const ours = V2_SETS.find(([, theirs]) => theirs === source['set']);
  if (ours === undefined) return [];
  const [set, , systemOf] = ours;
  const codes = Array.isArray(source['codes']) ? source['codes'].map(of) : [];
  return codes.map((c) => [
    set,
    text(c['code']),
    labelOf(set, c),
    text(c['status']),
    systemOf(String(c['code'])),
    text(source['hl7Table']),
  ]);
}

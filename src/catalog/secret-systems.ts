/** Which identifiers are secrets: kept as ciphertext, found only by a keyed hash, never by an index of plain text. */

/** The social security number's systems: the URI that R4 gives it, without its scheme, and its OID. */
const SECRET_SYSTEMS = ['hl7.org/fhir/sid/us-ssn', 'urn:oid:2.16.840.1.113883.4.1'] as const;

const IDENTIFIER_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const SOCIAL_SECURITY_NUMBER = 'SS';

/** Sloppy spellings count too: a number sent under one of them is as secret. */
const SECRET = new RegExp(
  `^\\s*(?:https?://)?(?:${SECRET_SYSTEMS.map((each) => each.replaceAll('.', '\\.')).join('|')})/*\\s*$`,
  'i',
);

/** Whether values of the identifier system are secrets. */
export function isSecretSystem(system: string | undefined): boolean {
  return system !== undefined && SECRET.test(system);
}

/** Whether an identifier type (HL7 v2 table 0203) says that the value is a secret, whatever its system. */
export function isSecretType(system: unknown, code: unknown): boolean {
  return code === SOCIAL_SECURITY_NUMBER && (system === undefined || system === IDENTIFIER_TYPES);
}

/** What v2 calls a coding system (table 0396) and FHIR by a URI, and authorities that number things (HD). */
import type { Coding, Identifier } from '@medplum/fhirtypes';
import { CPT, CVX, MVX, NDC, OWN } from '../../terminology/tables.ts';

export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
export const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';
export const NCIT = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl';
export const PHIN = 'urn:oid:2.16.840.1.114222.4.5.274';
export const NIP001 = 'urn:oid:2.16.840.1.114222.4.5.293';
export const NIP002 = `${OWN}CodeSystem/v2-nip002`;
export const PUBLICITY = `${OWN}CodeSystem/reminder-recall`;
export const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const UCUM = 'http://unitsofmeasure.org';
export const BCP47 = 'urn:ietf:bcp:47';
export const ISO639 = 'urn:iso:std:iso:639-2';
export const NPI = 'http://hl7.org/fhir/sid/us-npi';
export const SSN = 'http://hl7.org/fhir/sid/us-ssn';
/** The registry's own numbers of patients, and what it calls itself where an authority is named. */
const REGISTRY_NUMBER = `${OWN}sid/patient`;
export const REGISTRY = 'FHIR-IIS';

const V2_TABLE = 'http://terminology.hl7.org/CodeSystem/v2-';

/** The FHIR code system of an HL7 table. */
export const table = (number: string): string => `${V2_TABLE}${number}`;

/** The first name of each is the one that is written. */
const NAMES: readonly (readonly [uri: string, ...names: string[]])[] = [
  [CVX, 'CVX'],
  [MVX, 'MVX', 'HL70227'],
  [NDC, 'NDC'],
  [CPT, 'C4', 'CPT', 'CPT4', 'CPT-4'],
  [LOINC, 'LN', 'LOINC'],
  [SNOMED, 'SCT', 'SNM', 'SNOMED', 'SNOMEDCT'],
  [CDCREC, 'CDCREC', 'HL70005', 'HL70189'],
  [NCIT, 'NCIT'],
  [PHIN, 'CDCPHINVS', 'PHINVS'],
  [NIP001, 'NIP001', 'NIP0001'],
  [NIP002, 'NIP002', 'NIP0002'],
  [PUBLICITY, 'HL70215'],
  [ACT_REASON, 'ActReason'],
  [UCUM, 'UCUM', 'ISO+'],
  [ISO639, 'ISO6392', 'HL70296', 'ISO639'],
  [BCP47, 'BCP47'],
  [`${OWN}CodeSystem/vis`, 'cdcgs1vis'],
];
const BY_NAME = new Map(NAMES.flatMap(([uri, ...names]) => names.map((name) => [name.toUpperCase(), uri])));
const BY_URI = new Map(NAMES.map(([uri, name]) => [uri, name]));

/** The URI of a coding system by its v2 name. */
export function uriOf(name: string): string | undefined {
  const plain = name.trim().toUpperCase();
  const [, number] = /^HL7(\d{4})$/.exec(plain) ?? [];
  return BY_NAME.get(plain) ?? (number === undefined ? undefined : table(number));
}

/** The v2 name of a code system; its URI where v2 has none. */
export function nameOf(uri: string | undefined): string {
  if (uri === undefined) return '';
  const number = uri.startsWith(V2_TABLE) ? uri.slice(V2_TABLE.length) : '';
  return /^\d{4}$/.test(number) ? `HL7${number}` : (BY_URI.get(uri) ?? uri);
}

/** A coding, with its display where there is one. */
export const coding = (system: string, code: string, display = ''): Coding => ({
  system,
  code,
  ...(display !== '' && { display }),
});

const AUTHORITY = `${OWN}sid/authority/`;
const OID = /^[0-2](\.\d+)+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who numbers (HD): a name of local use, a universal id and its type. */
export interface Authority {
  readonly namespace: string;
  readonly universal: string;
  readonly type: string;
}

export const isNobody = ({ namespace, universal }: Authority): boolean =>
  namespace === '' && universal === '';

/** The identifier system of an authority: universal where it has such an id, else by its name. */
export function systemOf({ namespace, universal }: Authority): string {
  if (OID.test(universal)) return `urn:oid:${universal}`;
  if (UUID.test(universal)) return `urn:uuid:${universal.toLowerCase()}`;
  if (/^https?:\/\/\S+$/.test(universal)) return universal;
  if (namespace === REGISTRY) return REGISTRY_NUMBER;
  return AUTHORITY + encodeURIComponent(universal === '' ? namespace : `${namespace}&${universal}`);
}

/**
 * The authority of an identifier system.
 * @param name its name of local use, where that is known
 */
export function authorityOf(system: string | undefined, name = ''): Authority {
  const of = (namespace: string, universal = '', type = ''): Authority => ({ namespace, universal, type });
  if (system === undefined) return of(name);
  if (system === REGISTRY_NUMBER) return of(REGISTRY);
  if (system.startsWith('urn:oid:')) return of(name, system.slice('urn:oid:'.length), 'ISO');
  if (system.startsWith('urn:uuid:')) return of(name, system.slice('urn:uuid:'.length), 'UUID');
  if (!system.startsWith(AUTHORITY)) return of(name, system, 'URI');
  const [namespace = '', universal] = decodeURIComponent(system.slice(AUTHORITY.length)).split('&');
  return of(namespace, universal);
}

/** Whether another number is the same one, whatever is said of it. */
export const isNumber =
  ({ system, value }: Pick<Identifier, 'system' | 'value'>) =>
  (each: Pick<Identifier, 'system' | 'value'>): boolean =>
    each.system === system && each.value === value;

/** Data types of v2 as FHIR has them (HL7 v2-to-FHIR): CE, CX, EI, HD, XPN, XAD, XTN, XCN. */
import type {
  Address,
  CodeableConcept,
  Coding,
  ContactPoint,
  HumanName,
  Identifier,
  Practitioner,
} from '@medplum/fhirtypes';
import type { Repetition, Segment } from '../message.ts';
import { dayOf } from '../time.ts';
import { coding, isNobody, NPI, systemOf, table, uriOf, type Authority } from './systems.ts';

/** A component of a repetition, or a subcomponent of it. */
export const part = (repetition: Repetition | undefined, component: number, subcomponent = 1): string =>
  repetition?.[component - 1]?.[subcomponent - 1] ?? '';

/** Leaves out what is empty. */
export function filled<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, each]) => each !== undefined && each !== '' && !(Array.isArray(each) && each.length === 0),
    ),
  ) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** A code with what it is called and from where, as a CE has two of. */
export interface Triplet {
  readonly code: string;
  readonly text: string;
  /** As the message names it. */
  readonly system: string;
}

export function tripletsOf(repetition: Repetition | undefined): readonly Triplet[] {
  return [1, 4].flatMap((at) => {
    const triplet = {
      code: part(repetition, at),
      text: part(repetition, at + 1),
      system: part(repetition, at + 2),
    };
    return triplet.code === '' && triplet.text === '' ? [] : [triplet];
  });
}

/** The codings of a CE, those without a known system under the one that the field is of. */
export function conceptOf(repetition: Repetition | undefined, usual?: string): CodeableConcept | undefined {
  const triplets = tripletsOf(repetition);
  const codings = triplets.flatMap(({ code, text, system }): Coding[] => {
    if (code === '') return [];
    const uri = uriOf(system) ?? usual;
    return [uri === undefined ? filled({ code, display: text }) : coding(uri, code, text)];
  });
  const text = part(repetition, 9) || (codings.length === 0 ? (triplets[0]?.text ?? '') : '');
  if (codings.length === 0 && text === '') return undefined;
  return filled({ coding: codings, text });
}

export const hdOf = (repetition: Repetition | undefined, component: number): Authority => ({
  namespace: part(repetition, component, 1),
  universal: part(repetition, component, 2),
  type: part(repetition, component, 3),
});

/** An authority in an EI, whose parts are components. */
export const eiAuthorityOf = (repetition: Repetition | undefined): Authority => ({
  namespace: part(repetition, 2),
  universal: part(repetition, 3),
  type: part(repetition, 4),
});

/** The name of local use is kept beside the system, so that it can be written again. */
export function assignerOf({ namespace }: Authority): Pick<Identifier, 'assigner'> {
  return namespace === '' ? {} : { assigner: { display: namespace } };
}

const NAME_USES: Readonly<Record<string, HumanName['use']>> = {
  L: 'official',
  D: 'usual',
  A: 'nickname',
  N: 'nickname',
  M: 'maiden',
  B: 'old',
  C: 'official',
  P: 'usual',
  S: 'anonymous',
  T: 'temp',
};
/** Codes of table 0200 that say nothing of the use. */
const NAME_TYPES_WITHOUT_USE: ReadonlySet<string> = new Set(['', 'U', 'I', 'R', 'NB', 'K', 'SP']);

export const isNameType = (code: string): boolean => NAME_TYPES_WITHOUT_USE.has(code) || code in NAME_USES;

/** XPN; undefined where it has no name. */
export function nameOf(repetition: Repetition | undefined): HumanName | undefined {
  const family = part(repetition, 1);
  const given = [part(repetition, 2), part(repetition, 3)].filter((each) => each !== '');
  if (family === '' && given.length === 0) return undefined;
  const type = part(repetition, 7);
  return filled({
    use: NAME_USES[type],
    family,
    given,
    prefix: listOf(part(repetition, 5)),
    suffix: listOf(part(repetition, 4), part(repetition, 6)),
  });
}

const listOf = (...texts: string[]): string[] => texts.filter((text) => text !== '');

const ADDRESS_USES: Readonly<Record<string, Pick<Address, 'use' | 'type'>>> = {
  H: { use: 'home' },
  P: { use: 'home' },
  L: { use: 'home' },
  RH: { use: 'home' },
  C: { use: 'temp' },
  V: { use: 'temp' },
  B: { use: 'work' },
  O: { use: 'work' },
  BA: { use: 'old' },
  BI: { use: 'billing' },
  M: { type: 'postal' },
  SH: { type: 'postal' },
};
/** Where the person was born or comes from: no address at which anybody lives. */
export const BIRTH_ADDRESSES: ReadonlySet<string> = new Set(['BDL', 'BR', 'N', 'F']);

export const isAddressType = (code: string): boolean =>
  code === '' || code in ADDRESS_USES || BIRTH_ADDRESSES.has(code);

/** XAD; undefined where there is nothing in it but a country. */
export function addressOf(repetition: Repetition | undefined): Address | undefined {
  const place = filled({
    line: listOf(part(repetition, 1), part(repetition, 2)),
    city: part(repetition, 3),
    district: part(repetition, 9),
    state: part(repetition, 4),
    postalCode: part(repetition, 5),
  });
  if (Object.keys(place).length === 0) return undefined;
  const period = filled({ start: dayOf(part(repetition, 13)), end: dayOf(part(repetition, 14)) });
  return {
    ...ADDRESS_USES[part(repetition, 7)],
    ...place,
    ...filled({ country: part(repetition, 6) }),
    ...(Object.keys(period).length > 0 && { period }),
  };
}

const PHONE_USES: Readonly<Record<string, ContactPoint['use']>> = {
  PRN: 'home',
  PRS: 'home',
  ORN: 'home',
  VHN: 'temp',
  WPN: 'work',
  EMR: 'temp',
  ASN: 'work',
  BPN: 'mobile',
  NET: undefined,
};
export const isPhoneUse = (code: string): boolean => code === '' || code in PHONE_USES;
const SYSTEMS: Readonly<Record<string, ContactPoint['system']>> = {
  FX: 'fax',
  BP: 'pager',
  CP: 'phone',
  PH: 'phone',
};
const MAIL = /^[^\s@]+@[^\s@]+$/;

/** XTN; undefined where there is neither number nor address in it. */
export function telecomOf(repetition: Repetition | undefined): ContactPoint | undefined {
  const [use, equipment] = [part(repetition, 2), part(repetition, 3)];
  const mail = [part(repetition, 4), part(repetition, 1)].find((each) => MAIL.test(each));
  if (mail !== undefined) return filled({ system: 'email', value: mail, use: PHONE_USES[use] });
  const value = part(repetition, 12) || numberOf(repetition) || part(repetition, 1);
  if (!/\d/.test(value)) return undefined;
  return filled({
    system: SYSTEMS[equipment] ?? 'phone',
    value,
    use: equipment === 'CP' ? 'mobile' : PHONE_USES[use],
  });
}

/** `406-555-5815`, with the country before and the extension after it. */
function numberOf(repetition: Repetition | undefined): string {
  const [country, area, local, extension] = [5, 6, 7, 8].map((at) => part(repetition, at));
  if (local === undefined || local === '') return '';
  const number = local.replace(/^(\d{3})(\d{4})$/, '$1-$2');
  const parts = [country === '' || country === '1' ? '' : `+${country ?? ''}`, area, number];
  return parts.filter((each) => each !== '').join('-') + (extension ? ` x${extension}` : '');
}

/** CX, where it has a value. */
export function identifierOf(repetition: Repetition, fallback: Authority): Identifier | undefined {
  const value = part(repetition, 1);
  if (value === '') return undefined;
  const sent = hdOf(repetition, 4);
  const authority = isNobody(sent) ? fallback : sent;
  const type = part(repetition, 5);
  return {
    ...(type !== '' && { type: { coding: [coding(table('0203'), type)] } }),
    system: systemOf(authority),
    value,
    ...assignerOf(authority),
  };
}

/** XCN as a person who is known by no more than this. */
export function practitionerOf(repetition: Repetition | undefined, id: string): Practitioner | undefined {
  const [number, family] = [part(repetition, 1), part(repetition, 2)];
  const given = listOf(part(repetition, 3), part(repetition, 4));
  if (number === '' && family === '' && given.length === 0) return undefined;
  const authority = hdOf(repetition, 9);
  const isNpi = part(repetition, 13) === 'NPI' || /^NPI$/.test(authority.namespace);
  const system = isNpi ? NPI : isNobody(authority) ? undefined : systemOf(authority);
  const name = filled({
    family,
    given,
    suffix: listOf(part(repetition, 5), part(repetition, 21)),
    prefix: listOf(part(repetition, 6)),
  });
  return {
    resourceType: 'Practitioner',
    id,
    ...(number !== '' && {
      identifier: [{ ...filled({ system }), value: number, ...assignerOf(authority) }],
    }),
    ...(Object.keys(name).length > 0 && { name: [name] }),
  };
}

const isLoinc = (code: string): boolean => /^\d{4,6}-\d$/.test(code);

/** LOINC code of an OBX; of version 2.3.1, which has the vaccine's before it (`30956-7&29768-9`), the last one. */
export const loincOf = (obx: Segment): string =>
  [1, 4].flatMap((at) => obx.field(3)[0]?.[at - 1]?.findLast(isLoinc) ?? [])[0] ?? '';

/** FHIR's data types as v2 writes them: the other way of read.ts. */
import type {
  Address,
  CodeableConcept,
  Coding,
  ContactPoint,
  HumanName,
  Identifier,
  Practitioner,
} from '@medplum/fhirtypes';
import type { Field, WrittenComponent } from '../message.ts';
import { compactOf } from '../time.ts';
import { authorityOf, nameOf, table } from './systems.ts';

/** Components that may stand in a field or a repetition. */
export type Components = readonly WrittenComponent[];

/** A repeated field; undefined where there is nothing to repeat. */
export function repeated(all: readonly Components[]): { readonly repeat: Field } | undefined {
  if (all.length === 0) return undefined;
  return {
    repeat: all.map((components) => components.map((part) => [part].flat().map((each) => each ?? ''))),
  };
}

/** Two codings at most: a CE has room for no more. */
export function ceOf(codings: readonly Coding[], text = ''): Components | undefined {
  const [first, second] = codings;
  if (first === undefined) return text === '' ? undefined : [undefined, text];
  const triplet = ({ system, code, display }: Coding): WrittenComponent[] => [code, display, nameOf(system)];
  const said = text === first.display ? '' : text;
  const parts = [...triplet(first), ...(second === undefined ? [] : triplet(second))];
  return said === '' ? parts : [...parts, ...Array.from({ length: 8 - parts.length }, () => undefined), said];
}

/** The codings of a concept, those of the given systems first, in that order. */
export function inOrder(
  concept: CodeableConcept | undefined,
  ...systems: readonly string[]
): readonly Coding[] {
  const place = ({ system = '' }: Coding): number => {
    const at = systems.indexOf(system);
    return at < 0 ? systems.length : at;
  };
  return (concept?.coding ?? []).toSorted((a, b) => place(a) - place(b));
}

const authorityParts = (system: string | undefined, name: string | undefined): readonly string[] => {
  const { namespace, universal, type } = authorityOf(system, name);
  return [namespace, universal, type];
};

export const cxOf = ({ value, system, assigner, type }: Identifier): Components => [
  value,
  undefined,
  undefined,
  authorityParts(system, assigner?.display),
  type?.coding?.find((each) => each.system === table('0203'))?.code,
];

export const eiOf = (value: string | undefined, system: string | undefined, name?: string): Components => [
  value,
  ...authorityParts(system, name),
];

const NAME_TYPES: Readonly<Record<NonNullable<HumanName['use']>, string>> = {
  official: 'L',
  usual: 'D',
  nickname: 'A',
  maiden: 'M',
  old: 'B',
  anonymous: 'S',
  temp: 'T',
};

export function xpnOf({ family, given = [], suffix = [], prefix = [], use, text }: HumanName): Components {
  const [first, ...more] = given;
  const name = family === undefined && first === undefined ? text : family;
  return [
    name,
    first,
    more.join(' '),
    suffix[0],
    prefix.join(' '),
    suffix.slice(1).join(' '),
    use === undefined ? undefined : NAME_TYPES[use],
  ];
}

const ADDRESS_TYPES: Readonly<Record<NonNullable<Address['use']>, string>> = {
  home: 'H',
  work: 'O',
  temp: 'C',
  old: 'BA',
  billing: 'BI',
};

/** @param type the code of table 0190, where the use does not say it */
export function xadOf(address: Address, type?: string): Components {
  const { line = [], city, state, postalCode, country, district, use, period, text } = address;
  const [street, ...more] = line.length === 0 && city === undefined ? [text] : line;
  const ofUse = use === undefined ? undefined : ADDRESS_TYPES[use];
  const dates = [period?.start, period?.end].map((date) => date && compactOf(date));
  return [
    street,
    more.join(', '),
    ...[city, state, postalCode, country],
    type ?? ofUse ?? (address.type === 'postal' ? 'M' : undefined),
    undefined,
    district,
    ...[undefined, undefined, undefined],
    ...dates,
  ];
}

const PHONE_USES: Readonly<Partial<Record<NonNullable<ContactPoint['use']>, string>>> = {
  home: 'PRN',
  mobile: 'PRN',
  work: 'WPN',
  temp: 'VHN',
};
const EQUIPMENT: Readonly<Partial<Record<NonNullable<ContactPoint['system']>, string>>> = {
  fax: 'FX',
  pager: 'BP',
};

export function xtnOf({ system, value = '', use }: ContactPoint): Components {
  if (system === 'email') return [undefined, 'NET', 'Internet', value];
  const equipment = use === 'mobile' ? 'CP' : ((system && EQUIPMENT[system]) ?? 'PH');
  const kind = use === undefined ? undefined : PHONE_USES[use];
  const [, area, local] = /^(\d{3})-(\d{3}-\d{4})$/.exec(value) ?? [];
  const number = [undefined, kind, equipment, undefined, undefined, area, local?.replace('-', '')];
  return local === undefined
    ? [...number.slice(0, 3), ...Array.from({ length: 8 }, () => undefined), value]
    : number;
}

const NPI_SYSTEM = 'http://hl7.org/fhir/sid/us-npi';

/** A person as XCN. */
export function xcnOf({ identifier = [], name = [] }: Practitioner): Components {
  const gap = (count: number): undefined[] => Array.from({ length: count }, () => undefined);
  const [number] = identifier;
  const [named, degree] = nameParts(name[0] ?? {});
  const parts = [number?.value, ...named, ...gap(2), ...(number === undefined ? [] : numberedBy(number))];
  return degree === undefined ? parts : [...parts, ...gap(20 - parts.length), degree];
}

/** Components 9 to 13: who numbers, and what kind of number it is. */
function numberedBy({ system, assigner }: Identifier): WrittenComponent[] {
  if (system === NPI_SYSTEM) return ['NPI', undefined, undefined, undefined, 'NPI'];
  return [authorityParts(system, assigner?.display)];
}

/** Family, given, further, suffix and prefix; and the degree, which stands far behind them. */
function nameParts({
  family,
  given = [],
  suffix = [],
  prefix = [],
}: HumanName): [WrittenComponent[], string?] {
  const [first, ...more] = given;
  const [jr, degree] = suffix;
  const parts = [family, first, more.join(' '), jr, prefix.join(' ')];
  return degree === undefined ? [parts] : [parts, degree];
}

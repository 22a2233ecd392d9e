/** Whether a value meets one alternative of a criterion, kind by kind (https://hl7.org/fhir/R4/search.html). */
import type { TypedValue } from '@medplum/core';
import type {
  Address,
  CodeableConcept,
  Coding,
  ContactPoint,
  HumanName,
  Identifier,
  Period,
  Quantity,
  Range,
  Reference,
} from '@medplum/fhirtypes';
import { isBelow, isIn } from './codes.ts';
import { compares, cutPrefix, nearDate, spanOfDate, spanOfNumber, type Span } from './span.ts';
import { namesTogether, partsOfAddress, partsOfName, plain } from './text.ts';

/** Where and when the search is made. */
export interface Place {
  readonly base: string;
  readonly now: Date;
}

/** One alternative of a criterion. */
export interface Asked {
  /** `Type.code` */
  readonly parameter: string;
  readonly modifier?: string | undefined;
  readonly asked: string;
}

/** The parts of a search value between bars; escapes are not generated. */
const bars = (text: string): readonly string[] => text.split('|');

/** Code systems of parameters that read bare codes, as the definitions of their elements bind them. */
const BOUND: Readonly<Record<string, string>> = {
  'Immunization.status': 'http://hl7.org/fhir/event-status',
  'Patient.gender': 'http://hl7.org/fhir/administrative-gender',
  'Observation.status': 'http://hl7.org/fhir/observation-status',
  'Patient.address-use': 'http://hl7.org/fhir/address-use',
  'Consent.status': 'http://hl7.org/fhir/consent-state-codes',
  'ImmunizationEvaluation.status': 'http://terminology.hl7.org/CodeSystem/medication-admin-status',
};

interface Token {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  /** Whether the element has only a code, whatever its system. */
  readonly isBare?: boolean;
}

function tokensOf({ type, value }: TypedValue, parameter: string): readonly Token[] {
  switch (type) {
    case 'CodeableConcept':
      return ((value as CodeableConcept).coding ?? []).map(({ system, code }) => ({ system, code }));
    case 'Coding':
    case 'Identifier': {
      const { system, code = (value as Identifier).value } = value as Coding;
      return [{ system, code }];
    }
    case 'ContactPoint':
      return [{ code: (value as ContactPoint).value, isBare: true }];
    default:
      return [{ code: String(value), system: BOUND[parameter], isBare: true }];
  }
}

function isToken(typed: TypedValue, asked: string, parameter = ''): boolean {
  const [first = '', second] = bars(asked);
  return tokensOf(typed, parameter).some(({ system, code, isBare }) => {
    if (second === undefined) return code === first;
    if (second === '') return system === first;
    if (first === '') return code === second && (isBare === true || system === undefined);
    return code === second && system === first;
  });
}

function wordsOf({ type, value }: TypedValue): readonly string[] {
  if (type === 'CodeableConcept') {
    const { text, coding = [] } = value as CodeableConcept;
    return [text, ...coding.map(({ display }) => display)].filter((each) => each !== undefined);
  }
  if (type === 'Coding') return [(value as Coding).display ?? ''].filter((each) => each !== '');
  return [(value as Identifier).type?.text ?? ''].filter((each) => each !== '');
}

const isOfType = ({ value }: TypedValue, asked: string): boolean => {
  const [system, code, text] = bars(asked);
  const { type, value: number } = value as Identifier;
  return number === text && (type?.coding ?? []).some((each) => each.system === system && each.code === code);
};

type Meeting = (typed: TypedValue, asked: string, parameter: string) => boolean;

/** By hierarchies, which are of one system: the code and its system are asked for. */
const byHierarchy =
  (isMet: (here: Token, asked: Token) => boolean): Meeting =>
  (typed, asked, parameter) => {
    const [system, code] = bars(asked);
    return tokensOf(typed, parameter).some((here) => isMet(here, { system, code }));
  };
const isMember: Meeting = (typed, asked, parameter) =>
  tokensOf(typed, parameter).some((token) => isIn(token, asked));

const MODIFIED: Readonly<Record<string, Meeting>> = {
  text: (typed, asked) => wordsOf(typed).some((text) => plain(text).startsWith(plain(asked))),
  'of-type': isOfType,
  in: isMember,
  'not-in': isMember,
  below: byHierarchy(isBelow),
  above: byHierarchy((here, asked) => isBelow(asked, here)),
  not: isToken,
};

const tokenMeets = (typed: TypedValue, { modifier, asked, parameter }: Asked): boolean =>
  (modifier === undefined ? isToken : (MODIFIED[modifier] ?? isToken))(typed, asked, parameter);

function stringMeets({ type, value }: TypedValue, modifier: string | undefined, asked: string): boolean {
  const isName = type === 'HumanName';
  const isAddress = type === 'Address';
  const written = isName
    ? partsOfName(value as HumanName)
    : isAddress
      ? partsOfAddress(value as Address)
      : [String(value)];
  if (modifier === 'exact') return written.includes(asked);
  const together = isName ? namesTogether(value as HumanName) : isAddress ? [written.join(' ')] : [];
  const texts = [...written, ...together].map(plain);
  return texts.some((text) =>
    modifier === 'contains' ? text.includes(plain(asked)) : text.startsWith(plain(asked)),
  );
}

function spanOfTime({ type, value }: TypedValue): Span | undefined {
  if (type === 'string') return undefined;
  if (type !== 'Period') return spanOfDate(value as string);
  const { start, end } = value as Period;
  return {
    from: start === undefined ? -Infinity : spanOfDate(start).from,
    to: end === undefined ? Infinity : spanOfDate(end).to,
  };
}

function dateMeets(typed: TypedValue, asked: string, { now }: Place): boolean {
  const [prefix, text] = cutPrefix(asked);
  const span = spanOfDate(text);
  const value = spanOfTime(typed);
  return value !== undefined && compares(prefix, value, span, nearDate(span, now));
}

/** Prefixes but eq, ne and ap take a number exactly. */
const EXACT = ['gt', 'lt', 'ge', 'le', 'sa', 'eb'];
/** A number has no length: as a stretch it would contain nothing. */
const LEAST = 1e-9;

function numberMeets({ from, to }: Span, asked: string): boolean {
  const [prefix, text] = cutPrefix(asked);
  const number = Number(text);
  const exact = { from: number, to: number + LEAST };
  const value = { from, to: to + LEAST };
  const near = { from: number - Math.abs(number) * 0.1, to: number + Math.abs(number) * 0.1 + LEAST };
  return compares(prefix, value, EXACT.includes(prefix) ? exact : spanOfNumber(text), near);
}

const spanOfQuantity = ({ type, value }: TypedValue): Span => {
  if (type !== 'Range')
    return { from: (value as Quantity).value ?? NaN, to: (value as Quantity).value ?? NaN };
  const { low, high } = value as Range;
  return { from: low?.value ?? -Infinity, to: high?.value ?? Infinity };
};

const quantityOf = (typed: TypedValue): Quantity =>
  typed.type === 'Range' ? ((typed.value as Range).low ?? {}) : (typed.value as Quantity);

/** A unit asked for without a system may be the code or as it is written. */
function hasUnit(quantity: Quantity, system: string, code: string): boolean {
  if (system !== '') return quantity.system === system && (code === '' || quantity.code === code);
  return code === '' || quantity.code === code || quantity.unit === code;
}

function quantityMeets(typed: TypedValue, asked: string): boolean {
  const [text = '', system = '', code = ''] = bars(asked);
  return hasUnit(quantityOf(typed), system, code) && numberMeets(spanOfQuantity(typed), text);
}

function referenceMeets(
  { value }: TypedValue,
  modifier: string | undefined,
  asked: string,
  { base }: Place,
): boolean {
  const { reference = '', identifier } = value as Reference;
  if (modifier === 'identifier') {
    return identifier !== undefined && isToken({ type: 'Identifier', value: identifier }, asked);
  }
  const relative = asked.startsWith(`${base}/`) ? asked.slice(base.length + 1) : asked;
  if (modifier !== undefined && !reference.startsWith(`${modifier}/`)) return false;
  return relative.includes('/') ? reference === relative : reference.endsWith(`/${relative}`);
}

function uriMeets({ value }: TypedValue, modifier: string | undefined, asked: string): boolean {
  const uri = String(value);
  if (modifier === 'below') return uri.startsWith(asked);
  if (modifier !== 'above') return uri === asked;
  const trimmed = uri.replace(/\/$/, '');
  return uri === asked || (asked.startsWith(`${trimmed}/`) && /^https?:\/\/[^/]+/.test(uri));
}

/** Whether the value meets the alternative. */
export function meets(kind: string, typed: TypedValue, criterion: Asked, place: Place): boolean {
  const { modifier, asked } = criterion;
  switch (kind) {
    case 'token':
      return tokenMeets(typed, criterion);
    case 'string':
      return stringMeets(typed, modifier, asked);
    case 'date':
      return dateMeets(typed, asked, place);
    case 'number':
      return numberMeets({ from: Number(typed.value), to: Number(typed.value) }, asked);
    case 'quantity':
      return quantityMeets(typed, asked);
    case 'reference':
      return referenceMeets(typed, modifier, asked, place);
    case 'uri':
      return uriMeets(typed, modifier, asked);
    default:
      throw new Error(`No kind ${kind}`);
  }
}

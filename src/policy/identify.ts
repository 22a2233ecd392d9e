/**
 * Whether a query names the person it is about: who looks up one patient does not browse. A person is named by id, or
 * by what the jurisdiction says is enough (`lookup` of its pack); a record by its patient; and whatever leads through
 * people (chains, `_has`) by people who are named so.
 */
import { parameterOf } from '../catalog/common.ts';
import type { ResourceEntry } from '../catalog/define.ts';
import type { Types } from '../catalog/index.ts';
import type { QueryPair } from '../core/context.ts';
import type { LookupCriterion, Pack } from '../jurisdictions/pack.ts';

const HAS = /^_has:([A-Z][A-Za-z]+):([^:]+):(.+)$/s;
const CHAIN = /^([A-Za-z_-]+)(?::([A-Z][A-Za-z]+))?\.(.+)$/s;
/** Types whose resources are of several records. */
const LISTS: ReadonlySet<string> = new Set(['AuditEvent', 'Group', 'Task']);
const DAY = /^(?:eq)?\d{4}-\d\d-\d\d$/;
const NAMES = ['name', 'family', 'given', 'phonetic'];
const LETTERS_MIN = 2;
const DIGITS_MIN = 5;
/** One resource by reference: an id alone, or one behind its type. */
const REFERENCE = /^(?:(?:.*\/)?([A-Z][A-Za-z]+)\/)?[A-Za-z0-9.-]{1,64}$/;

/** What a query is judged by. */
export interface Naming {
  readonly types: Types;
  readonly lookup: Pick<Pack['lookup'], 'by'>;
}

/** Whether the criteria of a search of the type name the people it is about. */
export function identifies(naming: Naming, type: string, query: readonly QueryPair[]): boolean {
  const { types } = naming;
  const entry = types.get(type);
  if (entry === undefined) return false;
  const criteria = query.filter(([, value]) => value !== '');
  if (type === 'Patient') return isPerson(naming, criteria);
  if (entry.patient.length > 0) return isOfPerson(naming, entry, criteria);
  return leadsOf(entry, criteria).every(({ targets, rest }) =>
    targets.every((target) => isAboutNobody(types, target) || identifies(naming, target, rest)),
  );
}

function isIdentifier(value: string): boolean {
  return !value.endsWith('|');
}

const alternatives = (value: string): readonly string[] => value.split(',').filter((each) => each !== '');

/** How each thing that a pack can ask for is recognized in a query: by which parameters, with what at least in them. */
const CRITERIA: Readonly<
  Record<LookupCriterion, readonly [names: readonly string[], is: (value: string) => boolean]>
> = {
  identifier: [['identifier'], isIdentifier],
  name: [[...NAMES, ...NAMES.map((name) => `${name}:exact`)], (value) => value.length >= LETTERS_MIN],
  birthdate: [['birthdate'], (value) => DAY.test(value)],
  gender: [['gender'], (value) => value !== ''],
  phone: [['phone'], (value) => value.length >= DIGITS_MIN],
  'address-postalcode': [['address-postalcode'], (value) => value.length >= DIGITS_MIN],
  'mothers-maiden-name': [['mothers-maiden-name'], (value) => value.length >= LETTERS_MIN],
};

/** An id names one person in every jurisdiction. */
function isPerson({ lookup }: Pick<Naming, 'lookup'>, criteria: readonly QueryPair[]): boolean {
  const given = (names: readonly string[], is: (value: string) => boolean): boolean =>
    criteria.some(([name, value]) => names.includes(name) && alternatives(value).every(is));
  return (
    given(['_id'], isIdentifier) ||
    lookup.by.some((together) => together.every((criterion) => given(...CRITERIA[criterion])))
  );
}

/** Of what is in somebody's record: the patient, another resource of the record, the resource itself, an identifier. */
function isOfPerson(naming: Naming, entry: ResourceEntry, criteria: readonly QueryPair[]): boolean {
  return (
    criteria.some((pair) => isDirect(naming.types, entry, pair)) ||
    leadsOf(entry, criteria).some(
      ({ parameter, rest }) => isPatientOf(entry, parameter) && isPerson(naming, rest),
    )
  );
}

function isDirect(types: Types, entry: ResourceEntry, [code, value]: QueryPair): boolean {
  const all = alternatives(value);
  if (code === '_id' || code === 'identifier') return all.every(isIdentifier);
  const [name = '', modifier = 'Patient'] = code.split(':');
  if (!isPatientOf(entry, name)) return false;
  if (modifier === 'identifier') return all.every(isIdentifier);
  return modifier === 'Patient' && all.every((each) => isOneRecord(types, each));
}

/** Whether a reference names a person, or something that is in one record: not a list, and nobody who works for many. */
function isOneRecord(types: Types, reference: string): boolean {
  const found = REFERENCE.exec(reference);
  const type = found?.[1] ?? 'Patient';
  return found !== null && !LISTS.has(type) && (types.get(type)?.patient.length ?? 0) > 0;
}

/** Whether a reference parameter says whose record a resource is part of. */
function isPatientOf(entry: ResourceEntry, name: string): boolean {
  const parameter = parameterOf(entry, name);
  return parameter?.kind === 'reference' && parameter.paths.every((path) => entry.patient.includes(path));
}

const isAboutNobody = (types: Types, type: string): boolean => types.get(type)?.patient.length === 0;

interface Lead {
  readonly parameter: string;
  /** Types it may lead to. */
  readonly targets: readonly string[];
  /** What is asked there. */
  readonly rest: readonly QueryPair[];
}

/** Where chains and `_has` lead; what is asked of one and the same reference belongs together. */
function leadsOf(entry: ResourceEntry, criteria: readonly QueryPair[]): readonly Lead[] {
  const all = criteria.flatMap((pair) => backward(pair) ?? forward(entry, pair) ?? []);
  const together = Map.groupBy(all, (lead) => (lead.parameter === HAS_ITSELF ? lead : lead.parameter));
  return [...together.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first, rest: [first, ...more].flatMap(({ rest }) => rest) }],
  );
}

const HAS_ITSELF = '_has';

/** Each `_has` may mean another resource. */
function backward([code, value]: QueryPair): Lead | undefined {
  const [, source, , behind = ''] = HAS.exec(code) ?? [];
  return source === undefined
    ? undefined
    : { parameter: HAS_ITSELF, targets: [source], rest: [[behind, value]] };
}

function forward(entry: ResourceEntry, [code, value]: QueryPair): Lead | undefined {
  const [, parameter, target, behind = ''] = CHAIN.exec(code) ?? [];
  if (parameter === undefined) return undefined;
  const of = parameterOf(entry, parameter);
  const targets = of?.kind === 'reference' ? of.targets : [];
  return { parameter, targets: target === undefined ? targets : [target], rest: [[behind, value]] };
}

/** A generated world: organizations, people with doses, directives, births and deaths, put into a real server. */
import { randomUUID } from 'node:crypto';
import { consent, create, enrolled, given, publicHealth, withdrawal } from '../consent/people.ts';
import { updates } from '../world/asks.ts';
import { MRN, organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import { callersOf, VITAL, type Caller } from './callers.ts';
import type { Dice } from './dice.ts';
import { LAWS, type Kind, type Law } from './law.ts';
import type { Directive, Dose, Limit, Person } from './model.ts';

export interface Known extends Person {
  readonly identifier: string;
  readonly family: string;
  readonly given: string;
  /** Id of a wish to amend the record, which the first clinic is to answer. */
  readonly task: string;
}

export interface Generated {
  readonly law: Law;
  readonly organizations: readonly string[];
  readonly people: readonly Known[];
  readonly callers: readonly Caller[];
}

/** When worlds are made; cases ask in the days after it. */
export const MADE = '2026-11-18';
const VACCINES = ['62', '140', '03', '165'];
const DAYS = ['2026-11-20', '2026-11-22', '2026-11-24'];
const PEOPLE = 5;
/** A child, a grown-up, those who come of age at eighteen or nineteen while it is asked, an adult for eighteen months. */
const BIRTHS = ['2018-05-05', '1980-02-29', '2008-11-22', '2007-11-23', '2008-03-01'];

export async function generate(w: World, state: string, dice: Dice): Promise<Generated> {
  const law = LAWS[state];
  if (law === undefined) throw new Error(`There is no law of ${state}`);
  const organizations = await Promise.all(
    ['Clinic A', 'Clinic B', 'Clinic C', 'Site of A'].map((name) => create(w, organization({ name }))),
  );
  await enrolled(w, VITAL);
  const people: Known[] = [];
  for (let at = 0; at < PEOPLE; at += 1) people.push(await personOf({ w, law, dice, organizations }));
  const callers = await callersOf(w, dice, { organizations, people });
  return { law, organizations, people, callers };
}

interface Making {
  readonly w: World;
  readonly law: Law;
  readonly dice: Dice;
  readonly organizations: readonly string[];
}

const CONSONANTS = 'b d f g k l m n p r s t v z'.split(' ');
const VOWELS = 'a e i o u'.split(' ');

/** Somebody whom nobody on file is like. */
export function newName(dice: Dice): { readonly family: string; readonly given: string } {
  const syllable = (): string => dice.oneOf(CONSONANTS) + dice.oneOf(VOWELS);
  const word = (): string => Array.from({ length: 5 }, syllable).join('');
  const name = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return { family: name(word()), given: name(word()) };
}

/** The Patient of somebody. */
export const bodyOf = ({
  family,
  given: name,
  birthDate,
  identifier,
}: Pick<Known, 'family' | 'given' | 'birthDate' | 'identifier'>): object =>
  patient({ name: [{ family, given: [name] }], birthDate, identifier: [{ system: MRN, value: identifier }] });

async function personOf(making: Making): Promise<Known> {
  const { w, dice } = making;
  const identifier = randomUUID();
  const birthDate = dice.oneOf(BIRTHS);
  const name = newName(dice);
  const body = bodyOf({ ...name, birthDate, identifier });
  // A birth report opens a record as well as anybody else's word.
  const id = await create(w, body, dice.chance(0.2) ? VITAL : publicHealth);
  const said: Person = { id, birthDate, isDead: false, directives: [], doses: [] };
  let person = await withDoses(making, said, Math.floor(dice.roll() * 4));
  const directives = Math.floor(dice.roll() * 3);
  for (let at = 0; at < directives; at += 1) person = await withDirective(making, person);
  // Some doses come when the directive is there already.
  if (dice.chance(0.5)) person = await withDoses(making, person, 1);
  const isDead = await diesOf(making, { ...body, id });
  const task = await create(w, wishOf(id, making.organizations[0] ?? ''));
  return { ...person, isDead, identifier, ...name, task };
}

const wishOf = (person: string, organization: string): object => ({
  ...{ resourceType: 'Task', status: 'requested', intent: 'order' },
  code: { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/registry-task', code: 'amendment' }] },
  for: { reference: `Patient/${person}` },
  owner: { reference: `Organization/${organization}` },
});

/** Some die; of some it was wrong, and is corrected. */
async function diesOf({ w, dice }: Making, body: object): Promise<boolean> {
  if (!dice.chance(0.2)) return false;
  const by = dice.chance(0.5) ? VITAL : publicHealth;
  const report = async (more: object): Promise<void> => {
    await w.rooms.handle(updates({ ...body, ...more }, { actor: by }));
  };
  await report({ deceasedDateTime: '2026-11-01' });
  const isWrong = dice.chance(0.4);
  if (isWrong) await report({});
  return !isWrong;
}

async function withDoses(making: Making, person: Person, count: number): Promise<Person> {
  if (!mayStore(making.law, person)) return person;
  const doses = [...person.doses];
  for (let at = 0; at < count; at += 1) doses.push(await doseOf(making, person.id));
  return { ...person, doses };
}

/** Whether doses may be stored of somebody when worlds are made. */
function mayStore(law: Law, { birthDate, directives }: Person): boolean {
  const age = new Date(MADE).getUTCFullYear() - Number(birthDate.slice(0, 4));
  const isAdult = age > law.adultAt || (age === law.adultAt && birthDate.slice(5) <= MADE.slice(5));
  const band = isAdult ? 'adult' : 'child';
  const isOpen = directives.some(
    ({ code, isActive, start = '', end = '9999' }) =>
      isActive && start <= MADE && MADE <= end && law.opening[code]?.of.includes(band) === true,
  );
  return law.stores[band] || isOpen;
}

async function doseOf({ w, dice, organizations }: Making, person: string): Promise<Dose> {
  const dose = {
    organization: dice.oneOf(organizations),
    isAdministered: dice.chance(0.6),
    vaccine: dice.oneOf(VACCINES),
    day: `2024-0${1 + Math.floor(dice.roll() * 9)}-01`,
    isMinorsOwn: dice.chance(0.4),
    lot: `L${randomUUID().slice(0, 13)}`,
  };
  const url = 'https://fhir-iis.org/fhir/StructureDefinition/minors-own-consent';
  const id = await create(
    w,
    given(person, dose.organization, {
      primarySource: dose.isAdministered,
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: dose.vaccine }] },
      occurrenceDateTime: dose.day,
      lotNumber: dose.lot,
      ...(dose.isMinorsOwn && { extension: [{ url, valueBoolean: true }] }),
    }),
  );
  return { id, ...dose };
}

async function withDirective(making: Making, person: Person): Promise<Person> {
  const { w, law, dice, organizations } = making;
  const codes = [
    ...Object.keys(law.directives),
    ...Object.keys(law.opening),
    ...(law.limits ? ['limits'] : []),
  ];
  const code = dice.oneOf(codes);
  const filedBy = dice.chance(0.4) ? dice.oneOf(organizations) : undefined;
  const said = { code, ...periodOf(dice), ...(filedBy !== undefined && { filedBy }) };
  const limit = code === 'limits' ? limitOf(dice) : undefined;
  const id = await create(
    w,
    consent(person.id, code, {
      ...(filedBy !== undefined && { organization: [{ reference: `Organization/${filedBy}` }] }),
      ...provisionOf(law, said, limit),
    }),
  );
  const directive: Directive = { id, ...said, isActive: true, ...(limit && { limit }) };
  const whole = { ...person, directives: [...person.directives, directive] };
  return dice.chance(0.25) ? withoutDirective(making, whole, id) : whole;
}

/** Takes a directive back; where the law erases, the last opening one takes the doses with it. */
async function withoutDirective({ w, law }: Making, person: Person, id: string): Promise<Person> {
  const withdrawn = await create(w, withdrawal(person.id, id));
  const directives: Directive[] = [
    ...person.directives.map((each) => (each.id === id ? { ...each, isActive: false } : each)),
    { id: withdrawn, code: 'withdrawal', isActive: true },
  ];
  const opened = (all: readonly Directive[]): boolean =>
    all.some((each) => each.isActive && opensSometime(law, each, person));
  const isErased = law.erases && opened(person.directives) && !opened(directives);
  return { ...person, directives, ...(isErased && { doses: [] }) };
}

/** Whether there is a day on which a directive opens the record: one of its period, at the age that it is of. */
function opensSometime(law: Law, { code, start = '', end = '9999' }: Directive, person: Person): boolean {
  const { of = [] } = law.opening[code] ?? {};
  const [year, ...rest] = person.birthDate.split('-');
  const grown = [String(Number(year) + law.adultAt), ...rest].join('-');
  return of.some((band) => (band === 'adult' ? end >= grown : start < grown));
}

function periodOf(dice: Dice): Pick<Directive, 'start' | 'end'> {
  const [a, b] = [dice.oneOf(DAYS), dice.oneOf(DAYS)].sort();
  const start = dice.chance(0.4) && a !== undefined ? { start: a } : {};
  return dice.chance(0.4) && b !== undefined ? { ...start, end: b } : start;
}

const KINDS: readonly Kind[] = [
  ...(['provider', 'school', 'child-care', 'health-plan'] as const),
  ...(['other-registry', 'patient', 'guardian', 'privacy'] as const),
];

/** A denial in a person's own words. */
function limitOf(dice: Dice): Limit {
  const to = dice.chance(0.6) ? { to: [dice.oneOf(KINDS), dice.oneOf(KINDS)] } : {};
  const except = dice.chance(0.3) ? { except: [dice.oneOf(to.to ?? KINDS)] } : {};
  return {
    ...to,
    ...except,
    ...(dice.chance(0.3) && { purposes: [dice.oneOf(['TREAT', 'HPAYMT', 'ETREAT', 'PATRQT'])] }),
    ...(dice.chance(0.4) && { vaccines: [dice.oneOf(VACCINES), dice.oneOf(VACCINES)] }),
    ...(dice.chance(0.3) && { given: { from: '2024-03-01', to: '2024-06-01' } }),
    ...(dice.chance(0.3) && { exceptGiver: true }),
  };
}

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const actor = (code: string): object => ({
  role: { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/recipient', code }] },
  reference: { display: code },
});

/** What a directive says as R4 writes it: limits are a denial below a root that permits. */
function provisionOf(
  law: Law,
  { code, start, end }: Pick<Directive, 'code' | 'start' | 'end'>,
  limit?: Limit,
): object {
  const period = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  const isBare = Object.keys(period).length === 0 && limit === undefined;
  const type = limit !== undefined || Object.hasOwn(law.opening, code) ? 'permit' : 'deny';
  if (isBare) return {};
  return {
    provision: {
      type,
      ...(Object.keys(period).length > 0 && { period }),
      ...(limit && { provision: [denialOf(limit)] }),
    },
  };
}

function denialOf({ to, purposes, vaccines, given: days, except, exceptGiver }: Limit): object {
  const excepted = [...(except ?? []), ...(exceptGiver ? ['administering-provider'] : [])];
  return {
    type: 'deny',
    ...(to && { actor: to.map(actor) }),
    ...(purposes && { purpose: purposes.map((code) => ({ system: V3, code })) }),
    ...(vaccines && {
      code: [{ coding: vaccines.map((code) => ({ system: 'http://hl7.org/fhir/sid/cvx', code })) }],
    }),
    ...(days && { dataPeriod: { start: days.from, end: days.to } }),
    ...(excepted.length > 0 && { provision: [{ type: 'permit', actor: excepted.map(actor) }] }),
  };
}

/** Everybody who asks in a generated world: each role for each of its purposes, of each kind of place, with all kinds of tokens. */
import type { Actor } from '../../src/core/context.ts';
import { scopesOf } from '../../src/core/scopes.ts';
import { PARTICIPANTS, RELATIONSHIPS, type Relationship } from '../../src/storage/participants.ts';
import { enrolled } from '../consent/people.ts';
import type { World } from '../world/world.ts';
import type { Dice } from './dice.ts';
import type { Asker, Person } from './model.ts';
import { RIGHTS, type Holder, type Tie, type Word } from './rights.ts';

export interface Caller {
  readonly name: string;
  readonly actor: Actor;
  readonly holder: Holder;
  readonly asker: Asker;
  /** Of a person's own token: whose. */
  readonly own?: string;
}

/** The caller that reports births and deaths. */
export const VITAL: Actor = {
  ...{ client: 'vital-records', role: 'vital-records', purpose: 'VITALREC', organization: 'vital-records-1' },
};

interface Around {
  readonly organizations: readonly string[];
  readonly people: readonly Person[];
}

interface Seat {
  readonly role: string;
  readonly purpose: string;
  /** The place it belongs to, and those of which that is a site. */
  readonly places: readonly string[];
  readonly isPerson: boolean;
  /** Of a token of its own: whose. */
  readonly own?: string;
  readonly ties?: readonly Tie[];
}

const PEOPLE_ONLY: ReadonlySet<string> = new Set(['school', 'child-care', 'auditor', 'privacy-officer']);
/** Where roles sit that are of no clinic. */
const PLACES: Readonly<Record<string, string>> = {
  ...{ school: 'school-1', 'child-care': 'child-care-1', 'health-plan': 'health-plan-1' },
  ...{ 'exchange-partner': 'registry-1', 'registry-staff': 'department', 'registry-manager': 'department' },
  ...{ auditor: 'department', 'privacy-officer': 'department', 'vital-records': 'vital-records-1' },
  ...{ researcher: 'university', 'organization-administrator': 'practice' },
};
/** What no role may claim, or another one only: refused, whoever is asked about. */
const MISFITS: readonly (readonly [role: string, purpose: string])[] = [
  ['provider', 'PUBHLTH'],
  ['provider', 'PATRQT'],
  ['school', 'TREAT'],
  ['health-plan', 'HRESCH'],
  ['exchange-partner', 'IISEXCH-ALL'],
];

/** Makes them, and relates them to people; enrolAll() lets them take part. */
export async function callersOf(w: World, dice: Dice, around: Around): Promise<Caller[]> {
  const seats = [...seatsOf(around), ...OTHERS, ...(await relatedSeats(w, dice, around.people))];
  const own = around.people.flatMap(({ id }) => ownSeats(id));
  return [...seats, ...own].map((seat) => callerOf(dice, seat, around.people));
}

/** Enrols callers, and makes the site one. */
export async function enrolAll(
  w: World,
  {
    callers,
    organizations,
  }: { readonly callers: Iterable<Caller>; readonly organizations: readonly string[] },
): Promise<void> {
  for (const { actor } of callers) await enrolled(w, actor);
  const [clinic = '', , , site = ''] = organizations;
  const participants = w.services.connection.collection<{ _id: string }>(PARTICIPANTS);
  await participants.updateOne({ _id: `organization:${site}` }, { $set: { organization: clinic } });
  if ((await participants.findOne({ _id: `organization:${clinic}` })) !== null) return;
  // Nobody of the clinic itself asks, but its site is in good standing through it.
  await enrolled(w, { client: 'of-the-clinic', role: 'provider', purpose: 'TREAT', organization: clinic });
}

/** Clinics, and a site of the first of them. */
function seatsOf({ organizations }: Around): Seat[] {
  const [a = '', b = '', c = '', site = ''] = organizations;
  const provider = (purpose: string, isPerson: boolean, ...places: string[]): Seat => ({
    ...{ role: 'provider', purpose, places, isPerson },
  });
  const reader = (purpose: string): Seat => ({ ...provider(purpose, true, b), role: 'provider-read-only' });
  return [
    ...[provider('TREAT', false, a), provider('TREAT', false, b), provider('TREAT', true, c)],
    ...[provider('TREAT', false, site, a), provider('ETREAT', true, a), provider('HOPERAT', true, a)],
    ...[provider('ETREAT', false, b), reader('TREAT'), reader('ETREAT')],
  ];
}

const OTHERS: readonly Seat[] = [
  ...Object.keys(RIGHTS)
    .map((name) => name.split(' ') as [string, string])
    .filter(([role]) => !/^(provider|patient|guardian|school|child-care|health-plan)/.test(role)),
  ...MISFITS,
].map(([role, purpose]) => ({
  role,
  purpose,
  places: [PLACES[role] ?? 'practice'],
  isPerson: PEOPLE_ONLY.has(role),
}));

/** Plans, schools and child care, with the people whom they have to do with: now, no longer, not yet. */
async function relatedSeats(w: World, dice: Dice, people: readonly Person[]): Promise<Seat[]> {
  const kinds = [
    ['school', 'SCHOOL'],
    ['child-care', 'SCHOOL'],
    ['health-plan', 'HPAYMT'],
    ['health-plan', 'COVERAGE'],
  ] as const;
  const held = new Map<string, Tie[]>();
  for (const role of new Set(kinds.map(([each]) => each))) {
    const ties = people.flatMap(({ id }) => (dice.chance(0.85) ? [tieOf(dice, id)] : []));
    held.set(role, ties);
    for (const tie of ties) await relate(w, role, tie);
  }
  return kinds.map(([role, purpose]) => ({
    ...{ role, purpose, isPerson: role !== 'health-plan', places: [PLACES[role] ?? ''] },
    ties: held.get(role) ?? [],
  }));
}

function tieOf(dice: Dice, person: string): Tie {
  if (dice.chance(0.15)) return { person, from: '2026-11-22' };
  return { person, from: '2026-01-01', ...(dice.chance(0.2) && { until: '2026-11-21' }) };
}

async function relate(w: World, role: string, { person: patient, ...period }: Tie): Promise<void> {
  const holder = `organization:${PLACES[role] ?? ''}`;
  const relationships = w.services.connection.collection<Relationship>(RELATIONSHIPS);
  await relationships.insertOne({
    ...{ _id: `${holder} ${patient}`, holder, kind: role === 'health-plan' ? 'member' : 'enrolled' },
    ...{ patient, ...period, source: 'generated', admitted: { at: w.rooms.now(), by: 'generated' } },
    revision: 1,
  });
}

/** The person, and a guardian. */
const ownSeats = (id: string): Seat[] =>
  (
    [
      ['patient', 'PATRQT'],
      ['guardian', 'FAMRQT'],
    ] as const
  ).map(([role, purpose]) => ({
    ...{ role, purpose, places: [], isPerson: true, own: id, ties: [{ person: id, from: '2026-01-01' }] },
  }));

/** What a purpose is a kind of. */
const ABOVE: Readonly<Record<string, string>> = { ETREAT: 'TREAT', COVERAGE: 'HPAYMT' };

function callerOf(dice: Dice, seat: Seat, people: readonly Person[]): Caller {
  const { role, purpose, places, isPerson, own, ties = [] } = seat;
  const launched = own ?? launchedFor(dice, seat, people);
  const words = wordsOf(dice, isPerson, launched);
  const name = `${role}-${own ?? places[0] ?? ''}`;
  return {
    name: `${name} ${purpose}${words ? ` (${textOf(words)})` : ''}`,
    actor: actorOf(seat, { name, words, launched }),
    holder: {
      ...{ role, purpose, isPerson, ties },
      ...(words && { words }),
      ...(launched !== undefined && { launched }),
    },
    asker: askerOf(seat),
    ...(own !== undefined && { own }),
  };
}

/** Half of the clinicians who are people were launched for somebody. */
const launchedFor = (dice: Dice, { role, isPerson }: Seat, people: readonly Person[]): string | undefined =>
  role === 'provider' && isPerson && dice.chance(0.5) ? dice.oneOf(people).id : undefined;

/** In the words of the law. */
function askerOf({ role, purpose, places }: Seat): Asker {
  const above = ABOVE[purpose];
  return {
    kind: RIGHTS[`${role} ${purpose}`]?.kind ?? 'researcher',
    organizations: places,
    purposes: above === undefined ? [purpose] : [purpose, above],
  };
}

interface Token {
  readonly name: string;
  readonly words: readonly Word[] | undefined;
  readonly launched: string | undefined;
}

/** Who asks, in the words of the server. */
function actorOf({ role, purpose, isPerson, places }: Seat, { name, words, launched }: Token): Actor {
  const [organization] = places;
  return {
    ...{ client: `client-of-${name}-${String(isPerson)}`, role, purpose },
    ...(isPerson && { user: `user-of-${name}`, hasSecondFactor: true }),
    ...(organization !== undefined && { organization }),
    ...(launched !== undefined && { patient: launched }),
    ...(words && { scopes: scopesOf(textOf(words)) }),
  };
}

/** Scopes: none that a token speaks of, all, of version 1, of version 2, some types only, some doses only. */
function wordsOf(dice: Dice, isPerson: boolean, launched: string | undefined): Word[] | undefined {
  const level = launched !== undefined ? 'patient' : isPerson ? 'user' : 'system';
  const all = (letters: string): Word => ({ level, type: '*', letters });
  const patient = (letters: string): Word => ({ level, type: 'Patient', letters });
  const doses = (letters: string, vaccine?: string): Word => ({
    ...{ level, type: 'Immunization', letters },
    ...(vaccine !== undefined && { vaccine }),
  });
  return dice.oneOf([
    undefined,
    [all('cruds')],
    [all('cruds')],
    [all('rs')],
    [patient('rs'), doses('rs')],
    [doses('cruds')],
    [patient('rs')],
    [patient('r'), doses('r')],
    [patient('s'), doses('s')],
    [patient('rs'), doses('rs', '62')],
    [patient('cruds'), doses('r', '62'), doses('rs', '140')],
  ]);
}

/** The `scope` of a token; what version 1 can say is written in it half of the time. */
const textOf = (words: readonly Word[]): string =>
  words
    .map(({ level, type, letters, vaccine }, at) => {
      const isFirst = at % 2 === 0 && vaccine === undefined;
      const written = isFirst ? (VERSION_1[letters] ?? letters) : letters;
      const constraint = vaccine === undefined ? '' : `?vaccine-code=http://hl7.org/fhir/sid/cvx|${vaccine}`;
      return `${level}/${type}.${written}${constraint}`;
    })
    .join(' ');
const VERSION_1: Readonly<Record<string, string>> = { rs: 'read', cruds: '*' };

/** A generated world: organizations, people with doses, directives, deaths and births, put into a real server. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/core/context.ts';
import { consent, create, given, publicHealth, withdrawal } from '../consent/people.ts';
import { RELATIONSHIPS, type Relationship } from '../../src/storage/participants.ts';
import { updates } from '../world/asks.ts';
import { MRN, organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import type { Dice } from './dice.ts';
import { LAWS, type Caller, type Directive, type Dose, type Kind, type Person } from './model.ts';

export interface Known extends Person {
  readonly identifier: string;
}

export interface Generated {
  readonly state: string;
  readonly organizations: readonly string[];
  readonly people: readonly Known[];
}

const VACCINES = ['62', '140', '03', '165'];
const DAYS = ['2026-11-20', '2026-11-22', '2026-11-24'];
const PEOPLE = 5;

export async function generate(w: World, state: string, dice: Dice): Promise<Generated> {
  const organizations: string[] = [];
  for (const name of ['Clinic A', 'Clinic B', 'Clinic C'])
    organizations.push(await create(w, organization({ name })));
  const people: Known[] = [];
  for (let at = 0; at < PEOPLE; at += 1) people.push(await personOf(w, state, dice, organizations));
  await relate(w, people);
  return { state, organizations, people };
}

/** A child, a grown-up, or one who comes of age today or tomorrow. */
const BIRTHS = ['2018-05-05', '1980-02-29', '2008-11-22', '2008-11-23'];

async function personOf(
  w: World,
  state: string,
  dice: Dice,
  organizations: readonly string[],
): Promise<Known> {
  const identifier = randomUUID();
  const birthDate = dice.oneOf(BIRTHS);
  const isDead = dice.chance(0.15);
  const body = patient({ birthDate, identifier: [{ system: MRN, value: identifier }] });
  const id = await create(w, body);
  const doses: Dose[] = [];
  const count = Math.floor(dice.roll() * 4);
  for (let at = 0; at < count; at += 1) doses.push(await doseOf(w, id, dice, organizations));
  const directives: Directive[] = [];
  const said = Math.floor(dice.roll() * 3);
  for (let at = 0; at < said; at += 1) directives.push(...(await directiveOf(w, state, id, dice)));
  // Some doses come when the directive is there already.
  if (dice.chance(0.5)) doses.push(await doseOf(w, id, dice, organizations));
  if (isDead)
    await w.rooms.handle(updates({ ...body, id, deceasedDateTime: '2026-11-01' }, { actor: publicHealth }));
  return { id, identifier, birthDate, isDead, directives, doses };
}

async function doseOf(w: World, person: string, dice: Dice, organizations: readonly string[]): Promise<Dose> {
  const dose = {
    organization: dice.oneOf(organizations),
    isAdministered: dice.chance(0.6),
    vaccine: dice.oneOf(VACCINES),
    isMinorsOwn: dice.chance(0.4),
  };
  const extension = [
    { url: 'https://fhir-iis.org/fhir/StructureDefinition/minors-own-consent', valueBoolean: true },
  ];
  const id = await create(
    w,
    given(person, dose.organization, {
      primarySource: dose.isAdministered,
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: dose.vaccine }] },
      occurrenceDateTime: `2024-0${1 + Math.floor(dice.roll() * 9)}-01`,
      ...(dose.isMinorsOwn && { extension }),
    }),
  );
  return { id, ...dose };
}

async function directiveOf(w: World, state: string, person: string, dice: Dice): Promise<Directive[]> {
  const { directives, opening } = LAWS[state] ?? { directives: {}, opening: {} };
  const code = dice.oneOf([...Object.keys(directives), ...Object.keys(opening)]);
  const period = periodOf(dice);
  if (period.start !== undefined && period.end !== undefined && period.end < period.start) return [];
  const type = Object.hasOwn(opening, code) ? 'permit' : 'deny';
  const provision = Object.keys(period).length > 0 ? { provision: { type, period } } : {};
  const id = await create(w, consent(person, code, provision));
  const isActive = dice.chance(0.75);
  if (!isActive) await create(w, withdrawal(person, id));
  return [{ code, isActive, ...period }];
}

const periodOf = (dice: Dice): Pick<Directive, 'start' | 'end'> => ({
  ...(dice.chance(0.4) && { start: dice.oneOf(DAYS) }),
  ...(dice.chance(0.4) && { end: dice.oneOf(DAYS) }),
});

const ROLES: Readonly<Record<Kind, readonly [role: string, purpose: string]>> = {
  'public-health': ['registry-staff', 'PUBHLTH'],
  provider: ['provider', 'TREAT'],
  school: ['school', 'SCHOOL'],
  'child-care': ['child-care', 'SCHOOL'],
  'health-plan': ['health-plan', 'HPAYMT'],
  'other-registry': ['exchange-partner', 'IISEXCH'],
  patient: ['patient', 'PATRQT'],
  guardian: ['guardian', 'FAMRQT'],
};
const KINDS: readonly Kind[] = [
  'provider',
  'provider',
  'provider',
  'school',
  'child-care',
  'health-plan',
  'other-registry',
  'patient',
  'guardian',
  'public-health',
];

export interface Asking {
  readonly caller: Caller;
  readonly actor: Actor;
}

const OWN: ReadonlySet<Kind> = new Set(['patient', 'guardian']);
/** Kinds that see people whom they stand in a relationship to only: here to everybody, so that directives alone decide. */
const RELATED: ReadonlySet<Kind> = new Set(['school', 'child-care', 'health-plan']);

/** Somebody who asks; a patient and a guardian ask about the person whose record it is. */
export function askingOf(dice: Dice, { organizations }: Generated, { id }: Person): Asking {
  const kind = dice.oneOf(KINDS);
  const [role, purpose] = ROLES[kind];
  const clinic = dice.oneOf(organizations);
  const place = OWN.has(kind) ? undefined : kind === 'provider' ? clinic : `${kind}-1`;
  const user = OWN.has(kind) || RELATED.has(kind) ? { user: `${kind}-${place ?? id}` } : {};
  return {
    caller: { kind, ...(place !== undefined && { organization: place }) },
    actor: {
      client: `client-${kind}-${place ?? id}`,
      role,
      purpose,
      ...user,
      ...(place === undefined ? { patient: id } : { organization: place }),
    },
  };
}

/** Relates the kinds that need it to everybody. */
async function relate(w: World, people: readonly Person[]): Promise<void> {
  const relationships = w.services.connection.collection<Relationship>(RELATIONSHIPS);
  for (const kind of RELATED) {
    for (const { id: patient } of people) {
      const holder = `organization:${kind}-1`;
      await relationships.insertOne({
        _id: `${holder} ${patient}`,
        holder,
        kind: kind === 'health-plan' ? 'member' : 'enrolled',
        patient,
        from: '2026-01-01',
        source: 'generated',
        admitted: { at: w.rooms.now(), by: 'generated' },
        revision: 1,
      });
    }
  }
}

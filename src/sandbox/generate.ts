/**
 * The synthetic state as a stream: organisations first, then record after record of its people, each a FHIR
 * transaction with its truth. The same seed makes the same world, whatever the number of people; nothing of
 * the people is held, so that a million can be made.
 */
import type { Bundle } from '@medplum/fhirtypes';
import { terminology, type Terminology } from '../terminology/load.ts';
import { dayOf, YEAR } from './calendar.ts';
import { castOf } from './cast.ts';
import { countryOf, districtFor, type Country } from './country.ts';
import { dice, PURPOSE } from './dice.ts';
import { RECORD_RATES } from './error-rates.ts';
import { findingsOf, type Findings } from './findings.ts';
import { historyOf, type History } from './history.ts';
import { BLOCK, cut, household } from './households.ts';
import { byCondition, type Refer } from './identifiers.ts';
import { lotsOf, type Lots } from './lots.ts';
import { mistaken } from './mistakes.ts';
import { branchBundle, organizationBundle } from './organization-bodies.ts';
import { identityOf, type Person } from './person.ts';
import { recordBundle, type RecordFacts } from './record-bundle.ts';
import {
  firstReports,
  furtherReports,
  sourceOf,
  type Newsroom,
  type Report,
  type Source,
} from './reports.ts';
import { personName, type Truth } from './truth.ts';

/** Which world. */
export interface World {
  /** Any whole number. */
  readonly seed: number;
  /** The day on which the world stands still, `YYYY-MM-DD`. */
  readonly today: string;
  /** The code tables; those shipped with the server where not given. */
  readonly terms?: Terminology;
}

export interface Asked extends World {
  /** How many people; some have more than one record. */
  readonly people: number;
  /** How resources of people refer to organisations, locations and practitioners: by condition where not given. */
  readonly refer?: Refer;
}

/** A bundle of the world. Organisations come in order: each is part of one that came before. */
export type Step =
  | { readonly kind: 'organization'; readonly bundle: Bundle }
  | { readonly kind: 'record'; readonly bundle: Bundle; readonly truth: Truth };

/** A world made ready to tell of its people. */
export interface Stage {
  readonly seed: number;
  readonly today: number;
  readonly terms: Terminology;
  readonly country: Country;
  readonly lots: Lots;
}

/** Makes a world ready. Throws RangeError when `today` is not a civil date. */
export function stageOf({ seed, today, terms }: World): Stage {
  return {
    seed,
    today: dayOf(today),
    terms: terms ?? terminology(),
    country: countryOf(seed),
    lots: lotsOf(seed),
  };
}

/** The people of a block, in their order. */
export function peopleOf(stage: Stage, block: number): readonly Person[] {
  const { seed, today, country } = stage;
  const { district } = country.community(districtFor(block * BLOCK));
  let first = block * BLOCK;
  return cut(seed, block).flatMap((size) => {
    const members = household(seed, first, size, { district, today });
    first += size;
    return members;
  });
}

const isTwin = (person: Person, other: Person): boolean =>
  person.n !== other.n &&
  person.household === other.household &&
  person.birthOrder !== undefined &&
  person.birthDay === other.birthDay;

/** A person with what is true of him or her. */
interface Life {
  readonly room: Newsroom;
  readonly history: History;
  readonly findings: Findings;
  readonly twins: readonly string[];
}

function lifeOf(stage: Stage, person: Person, neighbours: readonly Person[]): Life {
  const { seed, today, terms, country } = stage;
  const chance = dice(seed, PURPOSE.report, person.n, 1);
  const community = country.community(districtFor(person.n));
  const findings = findingsOf(chance, person, Math.min(today, person.deathDay ?? today));
  return {
    room: { chance, terms, person, today, cast: castOf(seed, person, { country, community, today }) },
    history: historyOf(seed, person, today, findings.varicella !== undefined),
    findings,
    twins: neighbours.filter((other) => isTwin(person, other)).map((other) => personName(other.n)),
  };
}

const isChild = ({ room: { person, today } }: Life): boolean => today - person.birthDay < 18 * YEAR;

function sourcesOf(life: Life): readonly Source[] {
  const { room } = life;
  const count = room.chance.chance(RECORD_RATES.second)
    ? room.chance.chance(RECORD_RATES.third)
      ? 2
      : 1
    : 0;
  const sources = Array.from({ length: count }, () => sourceOf(room, isChild(life)));
  const first = room.cast.sites.home.organization;
  // One organisation keeps one record of a person.
  return [...new Map(sources.map((source) => [source.organization, source])).values()].filter(
    (source) => source.organization !== first,
  );
}

/** Other organisations whose numbers for the person the first record has. */
function alsoKnownTo({ chance, cast, person }: Newsroom): readonly string[] {
  const home = cast.sites.home.organization;
  const others = [
    person.arrivedDay === undefined
      ? cast.sites['birth-hospital'].organization
      : cast.sites['urgent-care'].organization,
    cast.plan,
  ];
  return others.filter((organization) => organization !== home && chance.chance(0.25));
}

function firstRecord(stage: Stage, life: Life, sources: readonly Source[]): RecordFacts {
  const { room, history, findings, twins } = life;
  const practice = room.cast.sites.home.organization;
  const elsewhere = sources.flatMap(({ venue }) => venue ?? []);
  const taken = sources.map(({ organization }) => organization);
  return {
    ...stage,
    ...room,
    findings,
    twins,
    practice,
    identity: identityOf(room.person),
    errors: [],
    source: practice,
    first: true,
    also: alsoKnownTo(room).filter((organization) => !taken.includes(organization)),
    reports: firstReports(room, history, elsewhere),
  };
}

/** The day of the first thing reported: no mistaken birth date may come after it. */
function firstDay(reports: readonly Report[], end: number): number {
  const days = reports.map((report) =>
    report.as === 'known'
      ? dayOf(report.date.padEnd(10, '-01').slice(0, 10))
      : report.as === 'given'
        ? report.dose.day
        : report.refusal.day,
  );
  return Math.min(end, ...days);
}

function furtherRecord(stage: Stage, life: Life, source: Source, nth: number): RecordFacts {
  const { room, history, twins } = life;
  const { person, today } = room;
  const chance = dice(stage.seed, PURPOSE.secondRecord, person.n, nth);
  const reports = furtherReports({ ...room, chance }, history, source);
  const occasion = {
    atBirth: source.venue === 'birth-hospital' && today - person.birthDay < 6 * YEAR,
    latestBirth: Math.max(person.birthDay, firstDay(reports, person.deathDay ?? today)),
  };
  const { identity, errors } = mistaken(chance, identityOf(person), occasion);
  return {
    ...stage,
    ...room,
    chance,
    findings: {},
    twins,
    identity,
    errors,
    source: source.organization,
    first: false,
    also: [],
    reports,
  };
}

/** The records of a person, the first one first. */
export function recordsOf(
  stage: Stage,
  person: Person,
  neighbours: readonly Person[],
): readonly RecordFacts[] {
  const life = lifeOf(stage, person, neighbours);
  const sources = sourcesOf(life);
  return [
    firstRecord(stage, life, sources),
    ...sources.map((source, nth) => furtherRecord(stage, life, source, nth)),
  ];
}

function* organizationsOf({ country }: Stage, people: number): Generator<Step> {
  for (const organization of country.statewide)
    yield { kind: 'organization', bundle: organizationBundle(organization) };
  for (let at = 0; at <= districtFor(Math.max(0, people - 1)); at += 1) {
    const { organizations, branches } = country.community(at);
    for (const organization of organizations)
      yield { kind: 'organization', bundle: organizationBundle(organization) };
    for (const branch of branches) yield { kind: 'organization', bundle: branchBundle(branch) };
  }
}

/** The world, bundle by bundle, each made when it is asked for. Throws RangeError when `today` is not a civil date. */
export function* generate(asked: Asked): Generator<Step, void, undefined> {
  const { people, refer = byCondition } = asked;
  const stage = stageOf(asked);
  yield* organizationsOf(stage, people);
  for (let block = 0; block * BLOCK < people; block += 1) {
    const neighbours = peopleOf(stage, block);
    for (const person of neighbours) {
      if (person.n >= people) return;
      for (const facts of recordsOf(stage, person, neighbours))
        yield { kind: 'record', ...recordBundle(facts, refer) };
    }
  }
}

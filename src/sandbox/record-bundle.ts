/** One record of a person as a FHIR transaction: the Patient, guardians, doses and findings, with its truth beside it. */
import type { Bundle, BundleEntry, Immunization, Patient, Resource } from '@medplum/fhirtypes';
import type { Terminology } from '../terminology/load.ts';
import { dateOf } from './calendar.ts';
import type { Dice } from './dice.ts';
import { givenBody, knownBody, refusedBody, type Giver, type Reported } from './dose-body.ts';
import { eligibilityOf, factsOf } from './dose-facts.ts';
import type { IdentityError } from './error-rates.ts';
import { findingBodies, type Findings } from './findings.ts';
import { doseSystem, mrnSystem, type Refer } from './identifiers.ts';
import type { Lots } from './lots.ts';
import type { Site } from './organizations.ts';
import { guardianBody, patientBody } from './patient-body.ts';
import type { Identity, Person } from './person.ts';
import type { GivenReport, Report } from './reports.ts';
import { doseName, personName, type DoseTruth, type Truth } from './truth.ts';

/** What a record is made of. */
export interface RecordFacts {
  readonly lots: Lots;
  readonly today: number;
  readonly chance: Dice;
  readonly terms: Terminology;
  readonly person: Person;
  readonly identity: Identity;
  readonly errors: readonly IdentityError[];
  readonly twins: readonly string[];
  /** The organisation that keeps it, and whether it is the first of the person. */
  readonly source: string;
  readonly first: boolean;
  /** Other organisations whose numbers it has too. */
  readonly also: readonly string[];
  readonly practice?: string;
  readonly reports: readonly Report[];
  readonly findings: Findings;
}

export interface PersonRecord {
  readonly bundle: Bundle;
  readonly truth: Truth;
}

/** A person's number at an organisation, in no visible order and another at each, so that it gives nobody away. */
function recordNumber(person: number, organization: string): string {
  const salt = Array.from(organization).reduce(
    (sum, sign) => Math.imul(sum ^ (sign.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );
  const scattered = (Math.imul(person + 1, 0x9e3779b1) ^ salt) >>> 0;
  return `${organization}-${String(scattered).padStart(10, '0')}`;
}

function giverOf(chance: Dice, site: Site): Giver {
  return site.workers.length === 0
    ? { site: site.key }
    : { site: site.key, worker: chance.pick(site.workers).key };
}

function given(facts: RecordFacts, report: GivenReport, reported: Reported, refer: Refer): Immunization {
  const { chance, terms, person } = facts;
  const { dose, site } = report;
  const eligibility = eligibilityOf(chance, dose.day, {
    ...person,
    native: person.race.startsWith('native'),
  });
  const all = {
    ...reported,
    giver: giverOf(chance, site),
    ...factsOf(chance, terms, { ...dose, birthDay: person.birthDay }, facts),
    ...(eligibility !== undefined && { eligibility }),
  };
  return givenBody(terms, all, refer);
}

function bodyOf(
  facts: RecordFacts,
  report: Report,
  reported: Pick<Reported, 'patient' | 'source' | 'number'>,
  refer: Refer,
): Immunization {
  const { terms, chance } = facts;
  if (report.as === 'known')
    return knownBody(terms, { ...reported, cvx: report.cvx, date: report.date, origin: report.origin });
  if (report.as === 'given')
    return given(facts, report, { ...reported, cvx: report.dose.cvx, date: dateOf(report.dose.day) }, refer);
  const { cvx, day, reason } = report.refusal;
  return refusedBody(
    terms,
    { ...reported, cvx, date: dateOf(day), reason, giver: giverOf(chance, report.site) },
    refer,
  );
}

function truthOf(facts: RecordFacts, report: Report, number: string): DoseTruth {
  const identifier = { system: doseSystem(facts.source), value: number };
  if (report.as === 'refused') return { identifier, as: 'refused', errors: [] };
  return {
    identifier,
    dose: doseName(facts.person.n, report.at),
    as: report.as,
    errors: report.as === 'known' ? report.errors : [],
  };
}

function patientOf(facts: RecordFacts, refer: Refer): Patient {
  const { person, identity, source, first, also, practice } = facts;
  const records = [source, ...also].map(
    (organization) => [organization, recordNumber(person.n, organization)] as const,
  );
  const known = {
    person,
    identity,
    source,
    records,
    withSsn: first,
    ...(practice !== undefined && { practice }),
  };
  return patientBody(known, refer);
}

/** A record's own number for a report: the person's number at the source, then the place in the record. */
const numberOf = ({ person, source, first }: RecordFacts, at: number): string =>
  `${recordNumber(person.n, source)}-${first ? '' : 'R'}${at + 1}`;

/** The doses of a record, in the order of its reports. */
export function dosesOf(facts: RecordFacts, patient: string, refer: Refer): readonly Immunization[] {
  return facts.reports.map((report, at) =>
    bodyOf(facts, report, { patient, source: facts.source, number: numberOf(facts, at) }, refer),
  );
}

/** The parts of a record about a patient who is referred to so: Patient, doses, guardians, findings. */
export function resourcesOf(
  facts: RecordFacts,
  patient: string,
  refer: Refer,
): readonly [Patient, ...Resource[]] {
  const guardians = facts.person.guardians.map((guardian) => guardianBody(guardian, patient, facts.identity));
  const about = { patient, reporter: refer('Organization', facts.source) };
  return [
    patientOf(facts, refer),
    ...dosesOf(facts, patient, refer),
    ...guardians,
    ...findingBodies(about, facts.findings),
  ];
}

/** The truth about a record. */
function truthOfRecord(facts: RecordFacts): Truth {
  const { person, source, first, errors, twins, reports } = facts;
  return {
    record: { system: mrnSystem(source), value: recordNumber(person.n, source) },
    person: personName(person.n),
    household: personName(person.household),
    twins,
    source,
    first,
    errors,
    doses: reports.map((report, at) => truthOf(facts, report, numberOf(facts, at))),
  };
}

/** A record as one transaction; the Patient is its first entry, the doses follow. */
export function recordBundle(facts: RecordFacts, refer: Refer): PersonRecord {
  const patient = `urn:uuid:${facts.chance.uuid()}`;
  const entry = resourcesOf(facts, patient, refer).map((resource, at): BundleEntry => ({
    fullUrl: at === 0 ? patient : `urn:uuid:${facts.chance.uuid()}`,
    resource,
    request: { method: 'POST', url: resource.resourceType },
  }));
  return { bundle: { resourceType: 'Bundle', type: 'transaction', entry }, truth: truthOfRecord(facts) };
}

/** Single believable people and doses, for tests and measurements that need a body to post and not a whole state. */
import type { Immunization, Patient } from '@medplum/fhirtypes';
import { dateOf, dayOf } from './calendar.ts';
import { dice, PURPOSE } from './dice.ts';
import { givenBody } from './dose-body.ts';
import { factsOf } from './dose-facts.ts';
import { peopleOf, recordsOf, stageOf, type Stage, type World } from './generate.ts';
import { BLOCK } from './households.ts';
import { dosesOf, resourcesOf } from './record-bundle.ts';

/** A person of a world, with the doses on the first record. */
export interface Sample {
  readonly patient: Patient;
  readonly doses: readonly Immunization[];
}

/** Which person, and how its resources refer. */
export interface SampleAsked extends World {
  /** Number of the person in the world, from 0: the same person as `generate` makes. */
  readonly n: number;
  /** What the doses refer to as the patient; `Patient/sample-<n>` where not given. */
  readonly patient?: string;
  /** Reference to the organisation that keeps the record and gave the doses; none is named where not given. */
  readonly organization?: string;
}

const stages = new Map<string, Stage>();

/** Making a world ready costs more than a dose, and measurements ask for many of one world. */
function sharedStage(world: World): Stage {
  const key = `${world.seed} ${world.today}`;
  const stage = (world.terms === undefined ? stages.get(key) : undefined) ?? stageOf(world);
  if (world.terms === undefined) stages.set(key, stage);
  return stage;
}

function keptBy(patient: Patient, organization: string | undefined): Patient {
  const { generalPractitioner: _practice, managingOrganization: _keeper, ...rest } = patient;
  return organization === undefined ? rest : { ...rest, managingOrganization: { reference: organization } };
}

function performedBy(dose: Immunization, organization: string | undefined): Immunization {
  const { performer: _performer, location: _location, ...rest } = dose;
  if (organization === undefined || !dose.primarySource) return rest;
  return { ...rest, performer: [{ actor: { reference: organization } }] };
}

/** One person and its doses, without the rest of the world. Throws RangeError for what is no number of a person. */
export function personSample(asked: SampleAsked): Sample {
  const { n, organization, patient = `Patient/sample-${n}` } = asked;
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`There is no person number ${n}`);
  const stage = sharedStage(asked);
  const neighbours = peopleOf(stage, Math.floor(n / BLOCK));
  const person = neighbours.find((each) => each.n === n);
  if (person === undefined) throw new RangeError(`There is no person number ${n}`);
  const [facts] = recordsOf(stage, person, neighbours);
  if (facts === undefined) throw new RangeError(`Person number ${n} has no record`);
  const refer = (): string => organization ?? '';
  const [body] = resourcesOf(facts, patient, refer);
  return {
    patient: keptBy(body, organization),
    doses: dosesOf(facts, patient, refer).map((dose) => performedBy(dose, organization)),
  };
}

/** Which dose, for whom. */
export interface DoseAsked extends World {
  /** Reference to the patient. */
  readonly patient: string;
  /** Tells doses apart: vaccine, day, lot and identifier follow from it. */
  readonly n: number;
  readonly organization?: string;
  /** `YYYY-MM-DD`: no dose is before it. */
  readonly birthDate?: string;
}

/** Vaccines that somebody of any age from six months can have had in the last year. */
const VACCINES = ['140', '10', '83', '08', '03', '21', '115', '312', '309', '216'];

/** One valid dose, given in the last ten months by an organisation that knows all about it. */
export function doseSample(asked: DoseAsked): Immunization {
  const { seed, n, patient, organization, birthDate } = asked;
  const stage = sharedStage(asked);
  const chance = dice(seed, PURPOSE.report, n, 2);
  const born = birthDate === undefined ? stage.today - 12_000 : dayOf(birthDate);
  const day = Math.max(born, stage.today - chance.between(0, 300));
  const cvx = VACCINES[n % VACCINES.length] ?? '140';
  const reported = { patient, source: 'sample', number: `${seed}-${n}`, cvx, date: dateOf(day) };
  const facts = factsOf(chance, stage.terms, { cvx, day, birthDay: born }, stage);
  return performedBy(
    givenBody(stage.terms, { ...reported, ...facts, eligibility: 'V01' }, () => ''),
    organization,
  );
}

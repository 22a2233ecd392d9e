/** The records of a synthetic state as people and doses to match, with the truth of who and which is the same. */
import type { Bundle, Immunization, Patient } from '@medplum/fhirtypes';
import { reportOf, type DoseReport, type VaccineFacts } from '../../matching/dose.ts';
import { personOf } from '../../matching/from-patient.ts';
import type { Person } from '../../matching/person.ts';
import { generate } from '../../sandbox/generate.ts';
import type { IdentityError } from '../../sandbox/error-rates.ts';
import type { Truth } from '../../sandbox/truth.ts';
import { terminology } from '../../terminology/load.ts';
import { groupsOf, vaccineOf } from '../../terminology/lookup.ts';

/** A record to match. */
export interface Known {
  readonly id: string;
  readonly person: Person;
  /** Whose it truly is; records of one person have the same. */
  readonly entity: string;
  /** Where two files are linked, and not one rid of duplicates: which of them. */
  readonly file?: string;
}

/** A report of a dose, with the name of the true one. */
export interface KnownDose {
  readonly report: DoseReport;
  readonly truth: string;
}

/** A record of a synthetic state. */
export interface SandboxRecord extends Known {
  readonly household: string;
  /** Entities born at the same birth. */
  readonly twins: readonly string[];
  readonly errors: readonly IdentityError[];
  readonly doses: readonly KnownDose[];
}

/** The day on which measured worlds stand still: the same seed makes the same records for ever. */
const TODAY = '2026-06-30';

/** What the shipped code tables say of vaccines. */
function vaccineFacts(): VaccineFacts {
  const terms = terminology();
  return {
    groupsOf: (cvx) => groupsOf(terms, cvx),
    isUnspecified: (cvx) => vaccineOf(terms, cvx)?.kind === 'unspecified',
  };
}

function dosesOf(
  { entry = [] }: Bundle,
  truth: Truth,
  record: string,
  facts: VaccineFacts,
): readonly KnownDose[] {
  const doses = entry.flatMap(({ resource }) =>
    resource?.resourceType === 'Immunization' ? [resource] : [],
  );
  return doses.flatMap((dose: Immunization, at) => {
    const report = reportOf({ ...dose, id: `${record}-${at}` }, facts);
    const known = truth.doses[at]?.dose;
    return report === undefined || known === undefined ? [] : [{ report, truth: known }];
  });
}

/** All records of the people of a seed. */
export function sandboxPeople(seed: number, people: number): readonly SandboxRecord[] {
  const known: SandboxRecord[] = [];
  const facts = vaccineFacts();
  for (const step of generate({ seed, people, today: TODAY, refer: (type, key) => `${type}/${key}` })) {
    if (step.kind !== 'record') continue;
    const { truth, bundle } = step;
    const id = String(known.length);
    known.push({
      id,
      person: personOf(bundle.entry?.[0]?.resource as Patient),
      entity: truth.person,
      household: truth.household,
      twins: truth.twins,
      errors: truth.errors,
      doses: dosesOf(bundle, truth, id, facts),
    });
  }
  return known;
}

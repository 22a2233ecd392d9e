/** Generated queries of every kind that ask for what generated people have. */
import fc from 'fast-check';
import type { Criterion, Search } from '../specification/finds.ts';
import { one } from './people.ts';
import { dates } from './shapes.ts';
import { SHAPES } from './shapes-by-type.ts';

const TYPES_SEARCHED = Object.keys(SHAPES);

const plainCriterion = (type: string): fc.Arbitrary<Criterion> =>
  one(SHAPES[type] ?? []).chain(([names, values]) =>
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          name: one(names),
          value: fc.array(values, { minLength: 1, maxLength: 2 }).map((all) => all.join(',')),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          name: fc.constant(`${(names[0] ?? '').split(':')[0] ?? ''}:missing`),
          value: one(['true', 'false']),
        }),
      },
    ),
  );

/** References that are followed, as a chain writes them, and the type they lead to. */
type Steps = readonly (readonly [written: string, type: string])[];
const STEPS: Readonly<Record<string, Steps>> = {
  Patient: [
    ['_has:Immunization:patient:', 'Immunization'],
    ['_has:Immunization:patient:', 'Immunization'],
    ['_has:Observation:patient:', 'Observation'],
    ['_has:Consent:patient:', 'Consent'],
    ['link:Patient.', 'Patient'],
  ],
  Immunization: [
    ['patient.', 'Patient'],
    ['patient:Patient.', 'Patient'],
    ['reaction.', 'Observation'],
    ['reason-reference:Observation.', 'Observation'],
    ['_has:ImmunizationEvaluation:immunization-event:', 'ImmunizationEvaluation'],
    ['_has:Consent:data:', 'Consent'],
  ],
  Consent: [
    ['patient.', 'Patient'],
    ['consentor:Patient.', 'Patient'],
    ['data:Immunization.', 'Immunization'],
  ],
  ImmunizationRecommendation: [['patient.', 'Patient']],
  ImmunizationEvaluation: [
    ['patient.', 'Patient'],
    ['immunization-event.', 'Immunization'],
  ],
  Observation: [
    ['patient.', 'Patient'],
    ['subject:Patient.', 'Patient'],
    ['_has:Immunization:reaction:', 'Immunization'],
  ],
};

/** What is asked of the resource itself, or of what one or two references lead to. */
const criterion = (type: string, depth = 0): fc.Arbitrary<Criterion> => {
  const plain = { weight: 5, arbitrary: plainCriterion(type) };
  if (depth === 2) return plain.arbitrary;
  const chained = one(STEPS[type] ?? []).chain(([written, other]) =>
    criterion(other, depth + 1).map(({ name, value }) => ({ name: `${written}${name}`, value })),
  );
  return fc.oneof(plain, { weight: 1, arbitrary: chained });
};

/** Both ends of a stretch, or other criteria that repeat one parameter. */
const DATED: Readonly<Record<string, readonly string[]>> = {
  Patient: ['birthdate', 'death-date', '_has:Immunization:patient:date'],
  Immunization: ['date', 'reaction-date', 'patient.birthdate', 'patient:Patient.death-date'],
  Consent: ['date', 'period', 'data:Immunization.date'],
  ImmunizationRecommendation: ['date'],
  ImmunizationEvaluation: ['date', 'immunization-event.date'],
  Observation: ['date', 'value-date', 'patient.birthdate'],
};
const repeated = (type: string): fc.Arbitrary<Criterion[]> =>
  one(DATED[type] ?? []).chain((name) =>
    fc.array(
      dates.map((value) => ({ name, value })),
      { minLength: 2, maxLength: 3 },
    ),
  );

const SORTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Patient: [
    undefined,
    'birthdate',
    '-birthdate',
    'family',
    '-family',
    '_id',
    '-_id',
    'family,-birthdate',
    '-_lastUpdated',
  ],
  Immunization: [undefined, 'date', '-date', '_lastUpdated', '-_id', '-date,_id'],
  Consent: [undefined, 'date', '-date', '_lastUpdated'],
  ImmunizationRecommendation: [undefined, 'date', '-_id'],
  ImmunizationEvaluation: [undefined, 'date', '-date', '_id'],
  Observation: [undefined, 'date', '-date', '-_lastUpdated'],
};

/** A search, how many matches a page has, whether the few it is asked of are named, and whether it comes in a body. */
export interface Asked extends Search {
  readonly count: number;
  readonly isNarrow: boolean;
  readonly isPosted: boolean;
}

export const asked: fc.Arbitrary<Asked> = one(TYPES_SEARCHED).chain((type) =>
  fc
    .record({
      criteria: fc.oneof(
        { weight: 4, arbitrary: fc.array(criterion(type), { minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: repeated(type) },
      ),
      sort: one(SORTS[type] ?? []),
      count: fc.integer({ min: 1, max: 20 }),
      isNarrow: fc.boolean(),
      isPosted: fc.boolean(),
    })
    .map(({ sort, ...rest }) => ({ type, ...rest, ...(sort !== undefined && { sort }) })),
);

/**
 * Patient/$match: who on file may be the person described, as far as the caller may see people
 * (https://hl7.org/fhir/R4/patient-operation-match.html). Nothing is stored.
 */
import type { BundleEntry, Patient } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { Failure, FAILURES, fail } from '../core/failure.ts';
import { withoutPaths } from '../fhir/omit.ts';
import { MOST_CANDIDATES } from '../interactions/arrival.ts';
import { arrivingPerson, storedPerson } from '../interactions/person-of-record.ts';
import type { Handler, Rooms } from '../interactions/rooms.ts';
import { blocksOfPerson } from '../matching/blocking.ts';
import { decide, judge, type Judged } from '../matching/patients.ts';
import type { Person } from '../matching/person.ts';
import { scorerFor } from '../matching/scorers.ts';
import { MATCH_GRADE } from '../pending/codes.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import { BLOCKS } from '../search/rules.ts';
import type { Stored } from '../storage/store.ts';
import { check } from '../validation/check.ts';
import { inputsOf } from './inputs.ts';

const COUNT_MOST = 100;
const COUNT_DEFAULT = 20;
const BY_ID = [{ field: '_id', descending: false }] as const;

export const match: Handler = async (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['resource', 'onlyCertainMatches', 'count']);
  // What is hidden from the caller is not compared: a score would tell.
  const person = arrivingPerson(
    rooms.secrets,
    withoutPaths(patientIn(ask), grant.mask('Patient').hides) as Patient,
  );
  const most = mostFor(grant, person);
  const count = Math.min(inputs.count('count') ?? COUNT_DEFAULT, most);
  const judged = await candidatesInSight(rooms, grant, person);
  const told = inputs.flag('onlyCertainMatches') === true ? onlyCertain(rooms, person, judged) : judged;
  const page = told.slice(0, count);
  entry.concerns(page.map(({ candidate }) => candidate._id));
  const bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    // How many more there are would count people for one who may look up one.
    total: Math.min(told.length, most),
    ...(page.length > 0 && { entry: page.map((each) => entryOf(rooms, each)) }),
  };
  return { status: 200, body: JSON.stringify(bundle) };
};

/**
 * Who may look up people whom it can name has to name one, and is shown no more than a search for one person shows.
 * @throws Failure `required`
 */
function mostFor(grant: Grant, { names, birthDate = '', identifiers, secrets }: Person): number {
  const [identify] = grant.for('search-type', 'Patient').obligations;
  if (identify === undefined) return COUNT_MOST;
  const isNamed = names.length > 0 && birthDate.length === 'YYYY-MM-DD'.length;
  if (!isNamed && identifiers.length === 0 && secrets.length === 0)
    fail('required', 'Describe one person: by an identifier, or by a name and the birth date.');
  return Math.min(COUNT_MOST, identify.most);
}

/** @throws Failure `required` where there is none, and whatever is wrong with its form */
export function patientIn({ body }: Ask): Patient {
  const sent = body?.kind === 'resource' ? body.resource : undefined;
  const resource =
    sent?.resourceType === 'Parameters'
      ? sent.parameter?.find(({ name }) => name === 'resource')?.resource
      : sent;
  if (resource?.resourceType !== 'Patient')
    return fail('required', 'Send the Patient to look for, as the parameter resource of a Parameters.');
  // What a search needs not: an incomplete description is described all the same, one that cannot be read is not.
  const [first, ...more] = check(resource).filter(({ kind }) => FAILURES[kind].status === 400);
  if (first !== undefined) throw new Failure(first, ...more);
  return resource;
}

async function candidatesInSight(
  rooms: Rooms,
  grant: Grant,
  person: Person,
): Promise<readonly Judged<Stored>[]> {
  if (rooms.isSearchable?.('Patient', BLOCKS) === false)
    fail('unavailable', 'People cannot be told apart just now; send the request again later.');
  const where: Clause = {
    op: 'or',
    of: [
      { op: 'in', field: 'blocks', keys: blocksOfPerson(person) },
      ...(person.secrets.length > 0
        ? [{ op: 'in', field: 'secretKeys', keys: person.secrets } as const]
        : []),
    ],
  };
  const [found, size] = await Promise.all([
    rooms.store.find(grant, 'Patient', { where: [where], order: BY_ID, limit: MOST_CANDIDATES }),
    rooms.store.size('Patient'),
  ]);
  const scorer = scorerFor(rooms.matching.weights, size);
  const inUse = found.filter(({ replacedBy }) => replacedBy === undefined);
  const people = inUse.map((stored): [Stored, Person] => [stored, storedPerson(stored)]);
  return judge(scorer, person, people, rooms.matching.thresholds);
}

/** One or none: of several that it could be, none is certain. */
function onlyCertain(
  { matching }: Rooms,
  person: Person,
  judged: readonly Judged<Stored>[],
): readonly Judged<Stored>[] {
  const answer = decide(person, judged, matching.thresholds);
  return answer.answer === 'match' ? [answer.match] : [];
}

const entryOf = ({ baseUrl }: Rooms, { candidate, score, grade }: Judged<Stored>): BundleEntry => ({
  fullUrl: `${baseUrl}/Patient/${candidate._id}`,
  resource: JSON.parse(candidate.json) as Patient,
  search: {
    extension: [{ url: MATCH_GRADE, valueCode: grade }],
    mode: 'match',
    score: Number(score.toFixed(4)),
  },
});

/**
 * $admit and $release: a plan's members, a school's children, and those who act for somebody. Whether the person is
 * known is not told: what was sent is taken, and what it opens shows in what can be read from then on.
 */
import { dayAfter } from '../../core/civil-day.ts';
import type { Patient } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { intervalOf } from '../../fhir/date.ts';
import { parseJson } from '../../fhir/json.ts';
import { candidatesOf } from '../../interactions/arrival.ts';
import { arrivingPerson } from '../../interactions/person-of-record.ts';
import { absent } from '../../interactions/read.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import { decide } from '../../matching/patients.ts';
import { HELD_BY, lastDayBefore, OF_PEOPLE, relationshipOf } from '../../participants/relationships.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Participant } from '../../policy/participant.ts';
import type { Relationship } from '../../storage/participants.ts';
import type { Unit } from '../../storage/write.ts';
import { inputsOf, type Inputs } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { checkMayChange } from './may-change.ts';
import { actOf } from './units.ts';

interface Asked {
  readonly ask: Ask;
  readonly grant: Grant;
}

const writing =
  (plan: (rooms: Rooms, asked: Asked) => Promise<Plan>): Handler =>
  (rooms, ask, grant, entry) =>
    writeThrough(rooms, { ask, grant, entry }, () => plan(rooms, { ask, grant }));

const TAKEN = parametersAnswer([{ name: 'outcome', valueCode: 'taken' }]);
const STAFF = ['registry-manager', 'registry-staff'] as const;

/** Organization/[id]/$admit: somebody described in full is a member, or enrolled. */
export const admit = writing(async (rooms, { ask, grant }) => {
  const inputs = inputsOf(ask, ['resource', 'source', 'from', 'until']);
  const { holder, kind, sources } = await holderOf(rooms, { ask, grant });
  const source = oneOf(inputs, 'source', sources);
  const described = inputs.resource('resource');
  if (described?.resourceType !== 'Patient')
    return fail('required', 'Send the person as the Patient in resource.');
  const patient = await matched(rooms, ask, described);
  if (patient === undefined) return planOf([], []);
  const facts = {
    holder,
    kind,
    patient,
    source,
    admitted: actOf(ask, rooms.now()),
    ...periodOf(inputs, grant),
  };
  return planOf(await unitOf(rooms, facts), [patient]);
});

/** Organization/[id]/$release: somebody is no longer a member, or enrolled; today is the last day. */
export const release = writing(async (rooms, { ask, grant }) => {
  const inputs = inputsOf(ask, ['patient', 'from']);
  const { holder } = await holderOf(rooms, { ask, grant });
  const patient = (inputs.text('patient') ?? '').replace(/^Patient\//, '');
  const _id = `${holder} ${patient} ${dayIn(inputs, 'from') ?? fail('required', 'The parameter from is needed.')}`;
  const was = (await rooms.store.note('relationships', _id)) as Relationship | undefined;
  if (was === undefined) return fail('not-found', 'There is no such relationship.');
  const doc = { ...was, until: dayAfter(grant.known.today, -1), revision: was.revision + 1 };
  const match = { _id, revision: was.revision };
  return planOf([{ do: 'replace', in: 'relationships', match, doc }], [patient]);
});

/** Patient/[id]/$admit-person: an account is the person's own, or acts for it until the age that the pack says. */
export const admitPerson = writing(async (rooms, { ask, grant }) => {
  const inputs = inputsOf(ask, ['account', 'source', 'until']);
  const { id = '' } = ask;
  const account = inputs.text('account') ?? fail('required', 'The parameter account is needed.');
  const participant = (await rooms.store.note('participants', `account:${account}`)) as
    Participant | undefined;
  const kind = KIND_OF[participant?.role ?? ''];
  if (participant === undefined || kind === undefined)
    return fail('not-found', 'There is no such account of a person.');
  checkMayChange(grant, { by: STAFF }, participant);
  const source = oneOf(inputs, 'source', OF_PEOPLE[kind]);
  const stored = await rooms.store.read(grant, 'read', 'Patient', id);
  if (stored === undefined) return absent(rooms, grant, 'Patient', id);
  const until = kind === 'guardian' ? endOfGuardianship(rooms, parseJson(stored.json) as Patient) : undefined;
  const period = periodOf(inputs, grant);
  const ends = [until, period.until].filter((each) => each !== undefined).sort();
  const facts = {
    ...{ holder: participant._id, kind, patient: id, source, from: period.from },
    admitted: actOf(ask, rooms.now()),
    ...(ends[0] !== undefined && { until: ends[0] }),
  };
  return planOf(await unitOf(rooms, facts), [id]);
});

const KIND_OF: Readonly<Record<string, 'guardian' | 'self'>> = { guardian: 'guardian', patient: 'self' };

function endOfGuardianship({ pack }: Rooms, { birthDate }: Patient): string {
  if (birthDate === undefined)
    return fail('business-rule', 'Without a birth date nobody knows when this ends.');
  return lastDayBefore(pack.ages.guardianAccessEnds.years, birthDate);
}

const planOf = (unit: Unit, patients: readonly string[]): Plan => ({
  unit,
  answer: TAKEN,
  wrote: [],
  patients,
});

/** A person of that description, told from all others; nobody where it could be several, or none. */
async function matched(rooms: Rooms, ask: Ask, described: Patient): Promise<string | undefined> {
  const person = arrivingPerson(rooms.secrets, described);
  const found = decide(
    person,
    await candidatesOf(rooms, person, ask.actor.client),
    rooms.matching.thresholds,
  );
  return found.answer === 'match' ? found.match.candidate._id : undefined;
}

/** The same fact told again changes what it says. */
async function unitOf(rooms: Rooms, facts: Omit<Relationship, '_id' | 'revision'>): Promise<Unit> {
  const doc = { ...relationshipOf(facts) };
  const was = (await rooms.store.note('relationships', doc._id)) as Relationship | undefined;
  if (was === undefined) return [{ do: 'insert', in: 'relationships', doc }];
  const match = { _id: doc._id, revision: was.revision };
  return [{ do: 'replace', in: 'relationships', match, doc: { ...doc, revision: was.revision + 1 } }];
}

/** The organisation that holds a relationship: one of a kind that has members or children, asked by its own people. */
async function holderOf(rooms: Rooms, { ask, grant }: Asked) {
  const holder = `organization:${ask.id ?? ''}`;
  const participant = (await rooms.store.note('participants', holder)) as Participant | undefined;
  const admitting = participant?.kind === undefined ? undefined : HELD_BY[participant.kind];
  if (participant === undefined || admitting === undefined) {
    return fail('not-found', 'There is no organization of this id that has members or enrolled children.');
  }
  const isOwn = grant.known.organizations[0]?._id === holder;
  if (!isOwn) checkMayChange(grant, { by: STAFF }, participant);
  return { holder, ...admitting };
}

function oneOf(inputs: Inputs, name: string, words: readonly string[]): string {
  const word = words.find((each) => each === inputs.text(name));
  return word ?? fail('invalid-value', `${name} must be one of ${words.join(', ')}.`);
}

function dayIn(inputs: Inputs, name: string): string | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  return /^\d{4}-\d\d-\d\d$/.test(text) && intervalOf(text) !== undefined
    ? text
    : fail('invalid-value', `${name} must be a day, YYYY-MM-DD.`);
}

/** From today, unless another day is said. */
function periodOf(inputs: Inputs, { known }: Grant): { readonly from: string; readonly until?: string } {
  const until = dayIn(inputs, 'until');
  return { from: dayIn(inputs, 'from') ?? known.today, ...(until !== undefined && { until }) };
}

/**
 * Patient/$emergency-access: a person who treats opens the record of one named patient. The answer is the record; reads
 * by id of it go on for a short time (policy/emergency.ts). What is kept of it, the Task of its review and the notices to
 * the privacy officers are one transaction with its AuditEvent.
 */
import type { Bundle, Coding, Immunization, Patient } from '@medplum/fhirtypes';
import type { Entry } from '../../audit/record.ts';
import type { Answer, Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { sighted } from '../../interactions/sight.ts';
import { Denied, type Grant } from '../../policy/decide.ts';
import { emergencyDenial } from '../../policy/emergency.ts';
import { EMERGENCIES, type Emergency, type Opened } from '../../storage/emergencies.ts';
import type { Stored } from '../../storage/store.ts';
import { insert } from '../../storage/write.ts';
import { inputsOf } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { oneNamed, personNamed } from './named.ts';
import { reasonAsked } from './reasons.ts';
import { noticesOf, reviewTask } from './told.ts';

const MINUTE_MS = 60_000;
/** No jurisdiction's rule makes it longer. */
const MINUTES_MOST = 60;
/** Tries a day that found nobody: enough to mistype, too few to look for people. */
const MISSES_A_DAY = 20;
const DOSES_MOST = 1000;

export const emergencyAccess: Handler = async (rooms, ask, grant, entry) => {
  const denial = emergencyDenial(rooms.pack, ask.actor);
  if (denial !== undefined) throw new Denied(denial);
  const reason = reasonAsked(inputsOf(ask, ['resource', 'reason']).codings());
  const person = personNamed(rooms, ask);
  const tries = await triesOf(rooms, ask, grant);
  const found = await oneNamed(rooms, grant, person);
  if (found === undefined) return missed(rooms, tries);
  const doses = await rooms.store.find(grant, 'Immunization', {
    where: [{ op: 'in', field: 'patients', keys: [found._id] }],
    order: [{ field: '_id', descending: false }],
    limit: DOSES_MOST,
  });
  const until = await open(rooms, { grant, entry, tries, found, reason });
  return answerOf(rooms, until, [found, ...doses]);
};

/** What the account has tried today. */
interface Tries {
  readonly account: string;
  readonly day: string;
  readonly opened: number;
  readonly missed: number;
}

/** @throws Failure `throttled` where no more may be tried today, whoever is named */
async function triesOf({ store, pack }: Rooms, { actor }: Ask, { known }: Grant): Promise<Tries> {
  const [account, day] = [`account:${actor.user ?? ''}`, known.today];
  const count = async (result: Emergency['result'], most: number): Promise<number> => {
    const { length } = await store.notes<Emergency>(EMERGENCIES, { account, day, result }, most);
    return length < most ? length : fail('throttled', 'This account has no emergency access left today.');
  };
  return {
    account,
    day,
    opened: await count('opened', pack.emergency.perDay),
    missed: await count('missed', MISSES_A_DAY),
  };
}

/** Its id has the number of the try: of several at once that would be the same one, one counts. */
function noteOf<R extends Emergency['result']>({ now }: Rooms, tries: Tries, result: R) {
  const { account, day } = tries;
  return { _id: `${account} ${day} ${result} ${tries[result]}`, account, day, result, at: now() };
}

/** @throws Failure `not-found`, alike for whoever is not on file and whoever stays hidden */
async function missed(rooms: Rooms, tries: Tries): Promise<never> {
  const doc: Emergency = noteOf(rooms, tries, 'missed');
  const clash = await rooms.store.commit([{ do: 'insert', in: EMERGENCIES, doc }]);
  if (clash !== undefined) return atOnce();
  return fail('not-found', 'Nobody of this description can be opened: look at name, birth date, identifier.');
}

const atOnce = (): never =>
  fail('conflict', 'Another emergency access of this account came first; ask again.');

interface Opening {
  readonly grant: Grant;
  readonly entry: Entry;
  readonly tries: Tries;
  readonly found: Stored;
  readonly reason: Coding;
}

/** Opens the record; tells until when. */
async function open(rooms: Rooms, { grant, entry, tries, found, reason }: Opening): Promise<Date> {
  const note = noteOf(rooms, tries, 'opened');
  const minutes = Math.min(rooms.pack.emergency.minutes, MINUTES_MOST);
  const opened: Opened = {
    ...note,
    patient: found._id,
    reason: reason.code ?? '',
    until: new Date(note.at.getTime() + minutes * MINUTE_MS),
    task: rooms.newId(),
  };
  const version = { id: opened.task, version: 1, lastUpdated: note.at };
  const unit = await sighted(rooms, [
    { do: 'insert', in: EMERGENCIES, doc: opened },
    ...insert('Task', storedForm(rooms, reviewTask(opened, reason), version)),
    ...(await noticesOf(rooms, grant.known, opened)),
  ]);
  entry.concerns([found._id]);
  entry.wrote(versionedReference('Patient', found._id, found.version));
  entry.wrote(versionedReference('Task', opened.task, 1));
  const clash = await rooms.store.commit(unit, entry.draft(200));
  if (clash !== undefined) return atOnce();
  entry.committed();
  return opened.until;
}

function answerOf({ baseUrl }: Rooms, until: Date, all: readonly Stored[]): Answer {
  const record: Bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: all.map((stored) => {
      const resource = JSON.parse(stored.json) as Patient | Immunization;
      return { fullUrl: `${baseUrl}/${resource.resourceType}/${stored._id}`, resource };
    }),
  };
  return parametersAnswer([
    { name: 'until', valueInstant: until.toISOString() },
    { name: 'record', resource: record },
  ]);
}

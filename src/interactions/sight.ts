/**
 * What a write means for who may see the record: every document of a patient's record is stored with what directives
 * leave visible of it, and every write to the record passes by the patient's standing, so that none slips past a
 * directive that changes at the same moment.
 */
import type { Consent } from '@medplum/fhirtypes';
import { isSighted } from '../catalog/define.ts';
import { dayOf, isDuring } from '../consent/days.ts';
import { openedDays, type Person } from '../consent/standing.ts';
import { visibilityOf, type Facts, type Visibility } from '../consent/visibility.ts';
import { fail } from '../core/failure.ts';
import { silentSince } from '../status/rules.ts';
import { NO_STATUSES, withoutProviders, type Statuses } from '../status/status.ts';
import { MARKS } from '../storage/forecast-state.ts';
import { withStatusTokens } from '../storage/statuses.ts';
import type { Sight, StandingDocument, Stored } from '../storage/store.ts';
import { pastOf, STANDINGS, type Deed, type Unit, type Write } from '../storage/write.ts';
import { checkUnused, leavingOf, refuseOrphan } from './links.ts';
import { directivesAfter, nextStanding, personOf, type Subjected } from './standing-after.ts';
import { administeredIn, CURRENT_DOSES, isOf } from './written-in.ts';
import { packKey } from './pack-key.ts';
import { FORWARDS, mergingIn, touchedBefore, type Forward } from './forwards.ts';
import type { Rooms } from './rooms.ts';
import { changesOf, isShownOtherwise, STATUS_CHANGES, statusesAfter, type Told } from './statuses.ts';

/** A document that is to be stored in a record. */
type Recorded = Stored & Sight;

/** The collections of a record, past versions too. */
export const recordCollections = ({ catalog }: Pick<Rooms, 'catalog'>): string[] =>
  [...catalog.values()].filter(isSighted).flatMap(({ type }) => [type, pastOf(type)]);

/** The unit with what directives leave visible beside every document, and with what it does to the standings. */
export const sighted = async (rooms: Rooms, unit: Unit): Promise<readonly Deed[]> =>
  (await stated(rooms, unit)).deeds;

interface Stated {
  readonly deeds: readonly Deed[];
  /** What is left between people and providers, of those whom the unit is about. */
  readonly statuses: ReadonlyMap<string, Statuses>;
}

/** The same, with what is told of statuses beside it. */
export async function stated(rooms: Rooms, unit: Unit, told: readonly Told[] = []): Promise<Stated> {
  const collections = recordCollections(rooms);
  const inRecord = new Set(collections);
  const docs = unit.flatMap((write) => docIn(write, inRecord));
  if (docs.length === 0 && told.length === 0) return { deeds: unit, statuses: new Map() };
  const about = [...docs.flatMap(({ patients }) => patients), ...told.map(({ patient }) => patient)];
  const made = madeIn(unit);
  const isOnFile = (id: string): boolean => !made.has(id);
  const merged = await mergedAround(rooms, unit, [...new Set(about)].filter(isOnFile));
  const subjects = [...new Set([...about, ...merged.keys()])];
  const known = await rooms.store.standings(subjects.filter(isOnFile));
  const subjectOf = (id: string): Subject => {
    const [standing, survivor] = [known.get(id), merged.get(id)];
    return { id, unit, known: standing, collections, survivor, told, isNew: made.has(id) };
  };
  const changes = await Promise.all(subjects.map((id) => changeOf(rooms, subjectOf(id))));
  const after = new Map(changes.map(({ id, standing: next }) => [id, next]));
  const visible = unit.map((write) => (inRecord.has(write.in) ? visibleWrite(write, after) : write));
  return {
    deeds: [...visible, ...changes.flatMap(({ writes }) => [...writes])],
    statuses: new Map(
      changes.flatMap(({ id, standing: left }) => (left?.statuses ? [[id, left.statuses]] : [])),
    ),
  };
}

/** People whom the unit makes: of them only what it writes itself can be on file, and nothing need be looked up. */
const madeIn = (unit: Unit): ReadonlySet<string> =>
  new Set(
    unit.flatMap((write) =>
      write.do === 'insert' && write.in === 'Patient' && write.isNew === true ? [write.doc._id] : [],
    ),
  );

/**
 * Who was merged away, with the survivor: what is left under the old id stays as hidden as the survivor is. Asked only
 * where a unit bears on that: it merges, or changes what was said or who the person is.
 */
async function mergedAround(
  rooms: Rooms,
  unit: Unit,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (!unit.some((write) => BEARING.has(write.in))) return new Map();
  const stored = await Promise.all(
    subjects.map(async (to) =>
      (await rooms.store.notes<Forward>(FORWARDS, { to }, MOST_MERGED)).map(({ _id }) => [_id, to] as const),
    ),
  );
  const merged = new Map(stored.flat());
  for (const write of unit.filter((each) => each.in === FORWARDS)) {
    if (write.do === 'delete') merged.delete(write.match._id);
    else merged.set(write.doc._id, (write.doc as Forward).to);
  }
  return merged;
}
const BEARING: ReadonlySet<string> = new Set(['Patient', 'Consent', FORWARDS]);
const MOST_MERGED = 100;

const docIn = (write: Write, inRecord: ReadonlySet<string>): Recorded[] =>
  inRecord.has(write.in) && write.do !== 'delete' ? [write.doc as Recorded] : [];

function visibleWrite(write: Write, after: ReadonlyMap<string, StandingDocument | undefined>): Write {
  if (write.do === 'delete') return write;
  const doc = write.doc as Recorded;
  const visibility = doc.patients.flatMap((id) => entriesOf(id, after.get(id), doc.facts ?? []));
  const statuses = write.in === 'Patient' ? after.get(doc._id)?.statuses : undefined;
  // What was merged away is found by its id alone, and tells nothing of its own.
  if (statuses === undefined || doc.replacedBy !== undefined)
    return { ...write, doc: { ...doc, visibility } };
  const tokens = withStatusTokens(doc.tokens, statuses);
  return { ...write, doc: { ...doc, visibility, tokens, statuses } };
}

/** Of a person of whom there is no standing nothing is shown but to public health. */
function entriesOf(id: string, known: StandingDocument | undefined, facts: readonly Facts[]): Visibility[] {
  if (known !== undefined) return visibilityOf(id, known, facts);
  return [{ of: id, from: '0000-01-01', to: '9999-12-31', hits: ['*'], spares: ['public-health'] }];
}

interface Subject extends Subjected {
  readonly collections: readonly string[];
  readonly told: readonly Told[];
}

interface Change {
  readonly id: string;
  readonly standing: StandingDocument | undefined;
  readonly writes: readonly Deed[];
}

async function changeOf(rooms: Rooms, subject: Subject): Promise<Change> {
  const { id, known, unit } = subject;
  if (unit.some((write) => write.in === 'Patient' && write.do === 'delete' && write.match._id === id)) {
    return { id, standing: known, writes: known ? await leaving(rooms, unit, known) : [] };
  }
  const person = personIn(unit, id) ?? known?.person;
  if (person === undefined) {
    await checkNoOrphan(rooms, unit, id);
    return { id, standing: undefined, writes: [] };
  }
  const bears = bearingOf(rooms, subject, person);
  const visible =
    known !== undefined && bears === 'nothing' ? known : await nextStanding(rooms, subject, person);
  checkStoring(rooms, unit, visible);
  const statuses = await statusesAfter(rooms, subject, visible);
  const next = statuses === known?.statuses ? visible : withStatuses(visible, known, statuses);
  return { id, standing: next, writes: await changing(rooms, subject, { next, bears }) };
}

interface Next {
  readonly next: StandingDocument;
  readonly bears: Bearing;
}

/** What makes a standing the next one, with the facts of the statuses that change. */
async function changing(rooms: Rooms, subject: Subject, { next, bears }: Next): Promise<readonly Deed[]> {
  const { id, known } = subject;
  if (next === known) return [{ do: 'touch', in: STANDINGS, match: matchOf(known) }];
  const facts = changesOf(rooms, { patient: id, was: known?.statuses, is: next.statuses ?? NO_STATUSES });
  return known === undefined
    ? [{ do: 'insert', in: STANDINGS, doc: next }, ...facts]
    : [...(await restating(rooms, subject, known, { next, bears })), ...facts];
}

/** Of what another writer had seen of the statuses nothing holds any more: the generation says so. */
function withStatuses(
  { silentSince: _silentSince, ...visible }: StandingDocument,
  known: StandingDocument | undefined,
  statuses: Statuses,
): StandingDocument {
  const since = silentSince(statuses.all);
  const generation = (known?.generation ?? 0) + 1;
  return { ...visible, statuses, generation, ...(since !== undefined && { silentSince: since }) };
}

/**
 * Without a standing there is nothing to touch: the patient may have been deleted since the unit was planned. What is
 * only about something of a record, as a Provenance is, may outlast it.
 * @throws Failure `business-rule`
 */
async function checkNoOrphan(rooms: Rooms, unit: Unit, id: string): Promise<void> {
  const type = [...rooms.catalog.values()].find(
    ({ type: each, recordOf }) => recordOf === undefined && unit.some((write) => isOf(write, [each], id)),
  )?.type;
  if (type !== undefined && !(await rooms.store.holdsRecordOf('Patient', id))) refuseOrphan(rooms, type);
}

/**
 * The record is looked at again once the standing is known: what is written to it after that touches the standing, and
 * nothing of it is orphaned.
 */
async function leaving(rooms: Rooms, unit: Unit, known: StandingDocument): Promise<readonly Deed[]> {
  await checkUnused(rooms, known._id, leavingOf(rooms, unit));
  return [{ do: 'delete', in: STANDINGS, match: { ...matchOf(known), touched: known.touched } }];
}

/** The standing changes, and the record with it as far as that bears on it. */
async function restating(
  rooms: Rooms,
  subject: Subject,
  known: StandingDocument,
  { next, bears }: Next,
): Promise<readonly Deed[]> {
  const collections = collectionsUnder(subject, next, bears);
  const erases = await erasedBy(rooms, subject, next);
  const isTold = next.statuses !== undefined && isShownOtherwise(known.statuses, next.statuses);
  const restated = {
    ...({
      do: 'restate',
      in: STANDINGS,
      match: { ...matchOf(known), ...touchedBefore(subject.unit, subject.id) },
      doc: next,
      collections,
    } as const),
    ...(isTold && { statuses: next.statuses }),
  };
  if (erases === undefined) return [restated];
  // What is erased no forecast may remember, and no list of the providers that it was erased of.
  const mark = { do: 'insert', in: MARKS, doc: { _id: rooms.newId(), patient: subject.id } } as const;
  const statuses = withoutProviders(next.statuses ?? NO_STATUSES);
  return [
    {
      ...restated,
      doc: withStatuses(next, known, statuses),
      statuses,
      collections: [...collections, STATUS_CHANGES],
      erases: [...erases, STATUS_CHANGES],
    },
    mark,
  ];
}

function collectionsUnder(
  { collections }: Subject,
  next: StandingDocument,
  bears: Bearing,
): readonly string[] {
  if (bears === 'nothing') return [];
  return bears === 'everything' ? collections : collectionsOfIdentity(next);
}

const matchOf = ({ _id, generation }: StandingDocument) => ({ _id, generation });

/** Who administered a dose keeps knowing who the person is: only where something hides the person, that changes. */
const collectionsOfIdentity = ({ restrictions }: StandingDocument): string[] =>
  restrictions.some(({ sparesAdministering }) => sparesAdministering) ? ['Patient', pastOf('Patient')] : [];

type Bearing = 'nothing' | 'identity' | 'everything';

/** How far a unit bears on a standing. */
function bearingOf(rooms: Rooms, { id, unit, known, survivor }: Subject, person: Person): Bearing {
  if (known === undefined || known.pack !== packKey(rooms.pack)) return 'everything';
  if (JSON.stringify(person) !== JSON.stringify(known.person)) return 'everything';
  if (unit.some((write) => isOf(write, CONSENTS, id) || isOf(write, CONSENTS, survivor))) return 'everything';
  if (mergingIn(unit, id) !== undefined) return 'everything';
  const doses = unit.flatMap((write) => (isOf(write, DOSES, id) ? [...administeredIn(write)] : []));
  const current = new Set(
    unit.flatMap((write) => (isOf(write, CURRENT_DOSES, id) ? [...administeredIn(write)] : [])),
  );
  // A past version's organization that is not the next version's may have no dose left.
  const isSame = doses.every((org) => known.administering.includes(org) && current.has(org));
  return isSame ? 'nothing' : 'identity';
}

const CONSENTS: readonly string[] = ['Consent', pastOf('Consent')];
const DOSES: readonly string[] = [...CURRENT_DOSES, pastOf('Immunization')];

/** The person as a unit leaves it, where it writes the person. */
function personIn(unit: Unit, id: string): Person | undefined {
  const docs = unit.flatMap((each) => docIn(each, new Set(['Patient'])));
  const doc = docs.find(({ _id }) => _id === id);
  return doc && personOf(doc);
}

/**
 * Where the law stores nothing of people who have not said so.
 * @throws Failure `business-rule`, alike for everybody of whom nothing is on file
 */
function checkStoring(rooms: Rooms, unit: Unit, { _id, storing: days }: StandingDocument): void {
  if (days === undefined || !unit.some((write) => write.do === 'insert' && isOf(write, CURRENT_DOSES, _id)))
    return;
  const today = dayOf(rooms.now(), rooms.pack.timeZone);
  if (!days.some((each) => isDuring(each, today))) {
    fail(
      'business-rule',
      'This jurisdiction stores doses only of people who, or whose guardians, have said so; file that first.',
      ['Immunization.patient'],
    );
  }
}

/** What stays when a record is erased: who the person is, and what was said. */
const KEPT: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson', 'Consent', 'DocumentReference']);

/** What a withdrawal erases, where the law says that it does: of somebody who had opened the record, and no longer does. */
async function erasedBy(
  rooms: Rooms,
  { id, unit, collections }: Subject,
  { person }: StandingDocument,
): Promise<readonly string[] | undefined> {
  const isOfConsent = unit.some((write) => isOf(write, CONSENTS, id));
  if (rooms.pack.withdrawal.ofOpening !== 'erase' || !isOfConsent) return undefined;
  const stored = await rooms.store.directivesOf(id);
  const before = stored.map(({ json }) => JSON.parse(json) as Consent);
  const after = await directivesAfter(rooms.store, unit, id);
  const opened = (consents: readonly Consent[]): boolean =>
    openedDays(rooms.pack, person, consents).length > 0;
  if (!opened(before) || opened(after)) return undefined;
  return collections.filter((name) => !KEPT.has(name.replace(/_history$/, '')));
}

/**
 * What a unit of work means for the statuses of the people it is about (status/): read from what it writes, so that no
 * door can forget it, and from what its sender said of them. They stand with the standing, which every write to the
 * record passes by; each change is a fact of its own, in the same transaction.
 */
import type { Patient } from '@medplum/fhirtypes';
import { dayOf, isDuring } from '../consent/days.ts';
import type { Restriction } from '../consent/visibility.ts';
import type { Issue } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import type { Grant } from '../policy/decide.ts';
import { ownOrganization } from '../policy/known.ts';
import type { Sent } from '../status/extensions.ts';
import { homeOf } from '../status/home.ts';
import { nextStatuses, type Given, type Report } from '../status/rules.ts';
import { counting, JURISDICTION, NO_STATUSES, type Status, type Statuses } from '../status/status.ts';
import type { StandingDocument, Stored } from '../storage/store.ts';
import { pastOf, type Unit, type Write } from '../storage/write.ts';
import type { Rooms } from './rooms.ts';
import { isStaff } from './staff.ts';
import { giversOf } from './written-in.ts';

/** What is told of a person's statuses beside what is written of the record. */
export interface Told {
  readonly patient: string;
  readonly reports?: readonly Report[];
  /** What they become, where records were joined or parted. */
  readonly become?: Statuses;
}

/** What a plan has of reports, where there are any. */
export const toldOf = (patient: string, reports: readonly Report[]): { readonly told?: readonly Told[] } =>
  reports.length === 0 ? {} : { told: [{ patient, reports }] };

/** Where each change of a status is kept. */
export const STATUS_CHANGES = 'status_changes';

/** What was sent in a Patient as reports: of one's own organisation, and all of them by staff. */
export function reportsOf(
  { now, pack }: Pick<Rooms, 'now' | 'pack'>,
  { actor, known }: Grant,
  sent: readonly Sent[],
): { readonly reports: readonly Report[]; readonly warnings: readonly Issue[] } {
  const today = dayOf(now(), pack.timeZone);
  const own = ownOrganization(actor, known);
  const by = own === undefined ? actor.client : `Organization/${own}`;
  const whyOf = (holder: string): Report['why'] | undefined =>
    holder === own ? 'report' : isStaff(actor) ? 'staff' : undefined;
  // What is shown comes back with the next update: that it is not taken is only worth a word where it is not one's own.
  const isForeign = sent.some(({ with: holder }) => holder !== own && holder !== JURISDICTION);
  return {
    reports: sent.flatMap((each) => reportOf(each, { whyOf, by, today })),
    warnings: isForeign && !isStaff(actor) ? [NOT_YOURS] : [],
  };
}

interface Reporting {
  readonly whyOf: (holder: string) => Report['why'] | undefined;
  readonly by: string;
  readonly today: string;
}

function reportOf({ with: holder, is, since }: Sent, { whyOf, by, today }: Reporting): Report[] {
  const why = holder === undefined ? undefined : whyOf(holder);
  if (holder === undefined || is === undefined || why === undefined) return [];
  const day = since !== undefined && since > today ? today : since;
  return [{ with: holder, is, why, by, ...(day !== undefined && { since: day }) }];
}

const NOT_YOURS: Issue = {
  kind: 'business-rule',
  message: "A status with another organization is that organization's to report; it was not taken.",
  expression: ['Patient.extension'],
};

export interface Subject {
  readonly id: string;
  readonly unit: Unit;
  readonly known: StandingDocument | undefined;
  readonly survivor: string | undefined;
  readonly told: readonly Told[];
}

/** The statuses that a unit leaves; the same object where it bears on none. */
export async function statusesAfter(rooms: Rooms, subject: Subject, next: Next): Promise<Statuses> {
  const before = subject.known?.statuses ?? NO_STATUSES;
  // Who was merged away has the statuses of the survivor, and its own again when that is undone.
  if (subject.survivor !== undefined) return before;
  const bearing = bearingOn(subject);
  if (bearing === undefined) return before;
  const was = bearing.become ?? before;
  const today = dayOf(rooms.now(), rooms.pack.timeZone);
  const died = diedOn(next.person, bearing.person, was, today);
  const all = nextStatuses(rooms.pack.statuses, was.all, {
    today,
    home: bearing.person && homeOf(bearing.person, rooms.pack.statuses.jurisdiction.states, today),
    doses: bearing.doses.given,
    withoutDoses: bearing.doses.lost.filter((each) => !next.administering.includes(each)),
    reports: bearing.reports,
    isDeceased: died !== undefined,
    passing: await passingAmong(rooms, was.all, bearing.doses.given),
    isRestricted: next.restrictions.some((each) => isDuring(each, today) && keepsProvidersAway(each)),
  });
  const is: Statuses = { all, ...(died !== undefined && { died }) };
  return JSON.stringify(is) === JSON.stringify(before) ? before : is;
}

type Next = Pick<StandingDocument, 'restrictions' | 'administering' | 'person'>;

interface Bearing {
  readonly person: Patient | undefined;
  readonly doses: Doses;
  readonly reports: readonly Report[];
  readonly become: Statuses | undefined;
}

/** What of a unit bears on statuses; undefined where nothing does. */
function bearingOn({ id, unit, known, told }: Subject): Bearing | undefined {
  const own = told.filter(({ patient }) => patient === id);
  const become = own.find((each) => each.become !== undefined)?.become;
  const [person, doses] = [personIn(unit, id), dosesIn(unit, id)];
  const reports = own.flatMap((each) => each.reports ?? []);
  const some = [...reports, ...doses.given, ...doses.lost].length > 0;
  return some || person !== undefined || become !== undefined || known?.statuses === undefined
    ? { person, doses, reports, become }
    : undefined;
}

function diedOn(
  { deceased }: StandingDocument['person'],
  person: Patient | undefined,
  { died }: Statuses,
  today: string,
): string | undefined {
  if (!deceased) return undefined;
  return person?.deceasedDateTime?.slice(0, today.length) ?? died ?? today;
}

const CAUSES: ReadonlySet<string> = new Set(['directive', 'limits', 'nothing-on-file', 'other-submitter']);
const keepsProvidersAway = ({ cause, spares, data }: Restriction): boolean =>
  CAUSES.has(cause.why) && data?.directives !== true && !spares.includes('provider');

const docOf = (write: Write): Stored | undefined =>
  write.do === 'delete' ? undefined : (write.doc as Stored);

function personIn(unit: Unit, id: string): Patient | undefined {
  const doc = unit
    .filter((write) => write.in === 'Patient')
    .map(docOf)
    .find((each) => each?._id === id);
  return doc && (parseJson(doc.json) as Patient);
}

interface Doses {
  readonly given: readonly Given[];
  /** Organisations that a dose of the record no longer counts for. */
  readonly lost: readonly string[];
}

const IN_PAST = pastOf('Immunization');
const isOf = (id: string, doc: Pick<Stored, 'patients'> | undefined): boolean =>
  doc?.patients.includes(id) === true;

/** What a unit newly says, and takes back, of doses in a record; what only moves from record to record is neither. */
function dosesIn(unit: Unit, id: string): Doses {
  if (!unit.some((write) => write.in === 'Immunization')) return { given: [], lost: [] };
  const pasts = unit.filter((write) => write.in === IN_PAST).map(docOf);
  // The newest comes last: a deletion writes the version and then its mark.
  const before = new Map(
    pasts.flatMap((doc) => (doc?.json === undefined ? [] : [[idOfPast(doc), doc] as const])),
  );
  const given: Given[] = [];
  const lost: string[] = [];
  for (const write of unit.filter((each) => each.in === 'Immunization')) {
    const doc = docOf(write);
    const key = write.do === 'insert' ? write.doc._id : write.match._id;
    const was = before.get(key);
    if (doc !== undefined && isOf(id, doc)) given.push(...newIn(doc, was));
    if (isOf(id, was) && (doc === undefined || isOf(id, doc)))
      lost.push(...giversOf(was).filter((each) => !giversOf(doc).includes(each)));
  }
  return { given, lost };
}

const idOfPast = (doc: Stored): string => doc._id.split(' ')[0] ?? '';

function newIn(doc: Stored, was: Stored | undefined): Given[] {
  const known = giversOf(was);
  const [facts] = doc.facts ?? [];
  return giversOf(doc)
    .filter((organization) => !known.includes(organization))
    .map((organization) => ({ organization, day: facts?.day, dose: `Immunization/${doc._id}` }));
}

/** Those of the givers that take nobody over; who has the patient already need not be asked. */
async function passingAmong(
  { store, pack }: Rooms,
  was: readonly Status[],
  given: readonly Given[],
): Promise<ReadonlySet<string>> {
  const { passing } = pack.statuses.providers;
  const isKnown = (id: string): boolean => was.some((each) => each.with === id && each.is === 'active');
  const ids = [...new Set(given.map(({ organization }) => organization))].filter((id) => !isKnown(id));
  if (passing.length === 0 || ids.length === 0) return new Set();
  const found = await store.whole('Organization', ids);
  return new Set(found.filter(({ json }) => isOfType(json, passing)).map(({ _id }) => _id));
}

function isOfType(json: string, codes: readonly string[]): boolean {
  const { type = [] } = JSON.parse(json) as { type?: { coding?: { code?: string }[] }[] };
  return type.some(({ coding = [] }) => coding.some(({ code = '' }) => codes.includes(code)));
}

interface Change {
  readonly patient: string;
  readonly was: Statuses | undefined;
  readonly is: Statuses;
}

/** Whether a status that counts is another, so that what is shown and found must change. */
export const isShownOtherwise = (was: Statuses | undefined, is: Statuses): boolean =>
  was === undefined || JSON.stringify(counting(was).map(SHOWN)) !== JSON.stringify(counting(is).map(SHOWN));

const SHOWN = ({ with: holder, is, since, why }: Status): string => `${holder} ${is} ${since} ${why}`;

/** The facts of a change, one for each relationship. */
export function changesOf(rooms: Rooms, { patient, was, is }: Change): Unit {
  const before = new Map(counting(was ?? NO_STATUSES).map((each) => [each.with, each]));
  const after = new Map(counting(is).map((each) => [each.with, each]));
  const at = rooms.now();
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((holder): Unit => {
    const [old, now] = [before.get(holder), after.get(holder)];
    if (old !== undefined && now !== undefined && SHOWN(old) === SHOWN(now)) return [];
    const doc = {
      _id: rooms.newId(),
      // A list, as documents of a record have, so that what erases a record erases these.
      patients: [patient],
      with: holder,
      at,
      ...(old && { was: old.is }),
      ...(now && { is: now.is, since: now.since, why: now.why, ...(now.by !== undefined && { by: now.by }) }),
    };
    return [{ do: 'insert', in: STATUS_CHANGES, doc }];
  });
}

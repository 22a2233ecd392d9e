/**
 * How the statuses of a person change: by doses, reports, addresses and the word of staff, as the jurisdiction says
 * (`statuses` of its pack). Pure: what was and what happened in, what is now out. A death changes none of them; it lies
 * over them while it stands (status.ts).
 */
import type { StatusRules } from '../jurisdictions/pack.ts';
import { JURISDICTION, type Reason, type Status, type StatusName } from './status.ts';

/** A dose that an organisation administered, newly known to have. */
export interface Given {
  readonly organization: string;
  /** Civil day; undefined where it is not known to the day. */
  readonly day: string | undefined;
  /** `Immunization/id` */
  readonly dose: string;
}

/** What somebody says of one relationship. */
export interface Report {
  readonly with: string;
  readonly is: StatusName;
  /** Since which civil day, where that is said. */
  readonly since?: string;
  readonly why: Extract<Reason, 'report' | 'staff'>;
  readonly by: string;
}

export interface Happened {
  /** Civil day. */
  readonly today: string;
  /** Where the person lives now, where that is known. */
  readonly home: 'inside' | 'outside' | undefined;
  readonly doses: readonly Given[];
  /** Organisations of whose doses none is left. */
  readonly withoutDoses: readonly string[];
  readonly reports: readonly Report[];
  readonly isDeceased: boolean;
  /** Organisations that take no patients over, such as pharmacies that pass by. */
  readonly passing: ReadonlySet<string>;
  /** Whether a directive keeps providers from what others gave: no status may tell them of it. */
  readonly isRestricted: boolean;
}

type Step = (all: readonly Status[]) => readonly Status[];

/** The statuses once it has happened. */
export function nextStatuses(
  rules: StatusRules,
  was: readonly Status[],
  happened: Happened,
): readonly Status[] {
  const doses = [...happened.doses].sort((a, b) => (a.day ?? '').localeCompare(b.day ?? ''));
  const steps: Step[] = [
    (all) => begun(all, happened),
    (all) => rehomed(all, happened),
    (all) => all.filter((each) => !isUnfounded(each, happened)),
    ...doses.map(
      (dose): Step =>
        (all) =>
          afterDose(rules, all, dose, happened),
    ),
    ...happened.reports.map(
      (report): Step =>
        (all) =>
          afterReport(all, report, happened),
    ),
  ];
  return steps.reduce((all, step) => step(all), was);
}

const find = (all: readonly Status[], holder: string): Status | undefined =>
  all.find((each) => each.with === holder);

/** The list with one status in the place of that with the same holder. */
const put = (all: readonly Status[], status: Status): readonly Status[] =>
  find(all, status.with) === undefined
    ? [...all, status]
    : all.map((each) => (each.with === status.with ? status : each));

/** Whoever is in the registry has a status with the jurisdiction. */
const begun = (all: readonly Status[], { home, today }: Happened): readonly Status[] =>
  find(all, JURISDICTION) !== undefined
    ? all
    : put(all, {
        with: JURISDICTION,
        is: home === 'outside' ? 'outside' : 'active',
        since: today,
        why: 'record',
        ...(home !== undefined && { home }),
      });

/** A move across the border counts; what staff have said outlasts it until the next one. */
function rehomed(all: readonly Status[], { home, today }: Happened): readonly Status[] {
  const was = find(all, JURISDICTION);
  if (was === undefined || home === undefined || was.home === home) return all;
  const is = home === 'outside' ? 'outside' : 'active';
  const isNews = was.home !== undefined || home === 'outside';
  return put(
    all,
    isNews && was.is !== is
      ? { with: JURISDICTION, is, since: today, why: 'address', home }
      : { ...was, home },
  );
}

/** What rested on doses alone that were taken back. */
const isUnfounded = ({ with: holder, why }: Status, { withoutDoses }: Happened): boolean =>
  (why === 'dose' || why === 'taken-over') && withoutDoses.includes(holder);

function afterDose(
  rules: StatusRules,
  all: readonly Status[],
  dose: Given,
  happened: Happened,
): readonly Status[] {
  const { today, passing, isRestricted } = happened;
  // Of a dose whose day is not known nothing follows; one of tomorrow counts from today.
  if (dose.day === undefined) return all;
  const day = dose.day > today ? today : dose.day;
  const known = isRestricted ? all : reactivated(rules, all, { ...dose, day });
  if (passing.has(dose.organization)) return known;
  const mine = activated(find(known, dose.organization), { ...dose, day });
  return settled(rules, put(known, mine), mine, happened);
}

type Dated = Given & { readonly day: string };

/** A dose ends what was meant to end by itself: not that somebody is outside, and nothing that is permanent. */
function reactivated(rules: StatusRules, all: readonly Status[], { day, dose }: Dated): readonly Status[] {
  const was = find(all, JURISDICTION);
  const ended: readonly StatusName[] = rules.jurisdiction.endedByDoses;
  const isEnded = was !== undefined && ended.includes(was.is) && day >= was.since;
  return isEnded ? put(all, { ...was, is: 'active', since: day, why: 'dose', by: dose }) : all;
}

function activated(was: Status | undefined, { organization, day, dose }: Dated): Status {
  const heard = was?.heard !== undefined && was.heard > day ? was.heard : day;
  const isKept = was !== undefined && (was.is === 'active' || was.is === 'permanent' || day < was.since);
  return isKept
    ? { ...was, heard }
    : { with: organization, is: 'active', since: day, why: 'dose', by: dose, heard };
}

/** Where a person has one provider at a time, the last one that gave a dose is it. */
function settled(
  { providers }: StatusRules,
  all: readonly Status[],
  mine: Status,
  { isRestricted }: Happened,
): readonly Status[] {
  if (providers.doses !== 'one-to-one' || mine.is !== 'active' || isRestricted) return all;
  const active = all.filter((each) => each.with !== JURISDICTION && each.is === 'active');
  const last = active.reduce((a, b) => ((b.heard ?? b.since) > (a.heard ?? a.since) ? b : a), mine);
  const day = last.heard ?? last.since;
  return all.map((each) =>
    active.includes(each) && each !== last
      ? { ...each, is: providers.former, since: day, why: 'taken-over' }
      : each,
  );
}

/** The word of whom it concerns; of the dead nothing is said but that they are not. */
function afterReport(
  all: readonly Status[],
  report: Report,
  { today, isDeceased }: Happened,
): readonly Status[] {
  const was = find(all, report.with);
  if (isDeceased || isOldNews(was, report)) return all;
  const heard = report.why === 'report' ? { heard: today } : {};
  if (was !== undefined && isNoNews(was, report)) return put(all, { ...was, ...heard });
  const { with: holder, is, why, by, since = today } = report;
  const home = was?.home === undefined ? {} : { home: was.home };
  return put(all, { with: holder, is, since, why, by, ...heard, ...home });
}

const isNoNews = (was: Status, { is, since }: Report): boolean =>
  was.is === is && (since === undefined || since === was.since);

/** What was read and comes back, as a death does; that a record was begun says nothing of how it was before. */
const isOldNews = (was: Status | undefined, { is, since }: Report): boolean =>
  is === 'deceased' ||
  (was !== undefined && was.why !== 'record' && was.is !== is && since !== undefined && since < was.since);

/** Active ones of whom nothing was heard since before a civil day are inactive from today on. */
export const silenced = (all: readonly Status[], before: string, today: string): readonly Status[] =>
  all.map((each) =>
    each.is === 'active' && each.heard !== undefined && each.heard < before
      ? { ...each, is: 'inactive', since: today, why: 'silence' }
      : each,
  );

/** The day since which the longest silent of the active ones is silent. */
export const silentSince = (all: readonly Status[]): string | undefined =>
  all.flatMap(({ is, heard }) => (is === 'active' && heard !== undefined ? [heard] : [])).sort()[0];

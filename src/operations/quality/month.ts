/**
 * The month of a sender: its report is stored, what is beyond a limit is told to its contact, and what stays so for as many
 * months as the jurisdiction says is put before the staff, who decide.
 */
import type { MeasureReport } from '@medplum/fhirtypes';
import { ownAsk } from '../../interactions/own-ask.ts';
import { publish } from '../../interactions/publish.ts';
import { raiseOnce, type OnlyTask } from '../../interactions/raise-task.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Quality, QualityMeasure, Threshold } from '../../jurisdictions/pack.ts';
import { dayOf } from '../../consent/days.ts';
import type { Notice } from '../../participants/notices.ts';
import { concept } from '../../pending/codes.ts';
import { decide } from '../../policy/decide.ts';
import { monthBefore, type Period } from '../../quality/figures.ts';
import { reportId, reportOf, scoresIn } from '../../quality/report.ts';
import { crossed, MEASURES, scoresOf } from '../../quality/scores.ts';
import { figuresOf } from './reported.ts';

/** A sender of many millions is measured too; it is read in batches, and only numbers are kept. */
const MOST = 20_000_000;
/** Organisations looked at together. */
const PAGE = 100;

export interface Reporting {
  readonly rooms: Rooms;
  /** Ids of the organisations that take part, in order, after one. */
  readonly organizations: (after: string, limit: number) => Promise<readonly string[]>;
  /** Puts a notice into the outbox, once for its id. */
  readonly tell: (notice: Notice & { readonly _id: string }) => Promise<void>;
  /** Reports made in one run: other work waits its turn. */
  readonly most?: number;
}

/** Makes the reports of the last whole month that are missing; what is there already is left alone. */
export async function reportMonth({ rooms, organizations, tell, most = 200 }: Reporting): Promise<void> {
  const period = monthBefore(dayOf(rooms.now(), rooms.pack.timeZone));
  let [after, made] = ['', 0];
  for (;;) {
    const ids = await organizations(after, PAGE);
    const there = await reports(rooms, ids, period);
    for (const organization of ids) {
      if (there.has(reportId(organization, period))) continue;
      if (made === most) return;
      await reportOne({ rooms, tell, organization, period });
      made += 1;
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < PAGE) return;
    after = last;
  }
}

async function reports(
  { store }: Rooms,
  organizations: readonly string[],
  period: Period,
): Promise<ReadonlyMap<string, MeasureReport>> {
  const ids = organizations.map((each) => reportId(each, period));
  const found = await store.whole('MeasureReport', ids);
  return new Map(found.map(({ _id, json }) => [_id, JSON.parse(json) as MeasureReport]));
}

interface One {
  readonly rooms: Rooms;
  readonly tell: Reporting['tell'];
  readonly organization: string;
  readonly period: Period;
}

/** The report comes last: it says that the month is done, so that whatever ends this is begun again. */
async function reportOne(one: One): Promise<void> {
  const { rooms, organization, period } = one;
  // The registry counts for itself; numbers leave, and no record is shown to anybody.
  const ask = ownAsk(rooms, { interaction: 'search-type', type: 'Immunization' });
  const grant = decide(rooms.rules, ask, await rooms.know(ask));
  const figures = await figuresOf({ rooms, grant, organization, most: MOST }, period);
  const report = reportOf({ organization, period, scores: scoresOf(figures, rooms.pack), now: rooms.now() });
  const { quality } = rooms.pack;
  if (quality !== undefined) await judge(one, report, quality);
  await publish(rooms, report);
}

type Beyond = Threshold & { readonly score: number };

async function judge(
  { rooms, tell, organization, period }: One,
  report: MeasureReport & { readonly id: string },
  quality: Quality,
): Promise<void> {
  const beyond = crossed(scoresIn(report), quality);
  for (const each of beyond) {
    await tell({
      _id: `data quality ${organization} ${period.start} ${each.measure}`,
      to: `organization:${organization}`,
      subject: 'Immunization registry: data quality',
      text: [
        `Of ${period.start} to ${period.end}: ${said(each)}.`,
        `See MeasureReport/${report.id}, and for today Organization/${organization}/$data-quality.`,
        `If it stays so for ${quality.flagAfterMonths} months the registry considers a suspension.`,
      ].join('\n'),
    });
  }
  const lasting = await lastingOf(rooms, { organization, period, beyond, quality });
  if (lasting.length > 0) await raiseOnce(rooms, flagOf(rooms, { organization, period, report, lasting }));
}

const PERCENT = 100;

/** A score beside its limits, in words. */
function said({ measure, score, atLeast, atMost }: Beyond): string {
  const { title, unit } = MEASURES[measure];
  const number = (value: number): string =>
    unit === 'share'
      ? `${Math.round(value * PERCENT * 10) / 10} %`
      : `${value} ${unit === 'days' ? 'days' : 'times'}`;
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${number(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${number(atMost)}`]),
  ];
  return `${title}: ${number(score)}, expected ${limits.join(' and ')}`;
}

interface Lasting {
  readonly organization: string;
  readonly period: Period;
  readonly beyond: readonly Beyond[];
  readonly quality: Quality;
}

/** What was beyond its limit in every one of the last months. */
async function lastingOf(
  rooms: Rooms,
  { organization, period, beyond, quality }: Lasting,
): Promise<readonly Beyond[]> {
  let [left, month] = [beyond, period];
  for (let months = 1; months < quality.flagAfterMonths && left.length > 0; months += 1) {
    month = monthBefore(month.start);
    const [before] = (await reports(rooms, [organization], month)).values();
    const then = new Set<QualityMeasure>(
      before === undefined ? [] : crossed(scoresIn(before), quality).map(({ measure }) => measure),
    );
    left = left.filter(({ measure }) => then.has(measure));
  }
  return left;
}

const SYSTEM = 'https://fhir-iis.org/fhir/identifier/data-quality-flag';

interface Flag {
  readonly organization: string;
  readonly period: Period;
  readonly report: MeasureReport & { readonly id: string };
  readonly lasting: readonly Beyond[];
}

/** For the registry's staff alone: the sender learns of it when they have decided. */
function flagOf({ now }: Rooms, { organization, period, report, lasting }: Flag): OnlyTask {
  const at = now().toISOString();
  return {
    resourceType: 'Task',
    identifier: [{ system: SYSTEM, value: `${organization} ${period.start}` }],
    status: 'requested',
    intent: 'order',
    code: concept('data-quality'),
    description: `Data quality stays beyond a limit: ${lasting.map(said).join('; ')}. Staff decide: speak with the sender, or suspend it with this Task as the record of the investigation (Organization/${organization}/$suspend, investigation).`,
    focus: { reference: `Organization/${organization}` },
    authoredOn: at,
    lastModified: at,
    input: [
      { type: { text: 'report' }, valueReference: { reference: `MeasureReport/${report.id}` } },
      ...lasting.map(({ measure }) => ({ type: { text: 'measure' }, valueCode: measure })),
    ],
  };
}

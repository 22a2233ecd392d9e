/** What a server does beside answering: each piece of work is done by one of all processes, when it is due. */
import { checkpoint, cut } from './audit/keep.ts';
import { LOG } from './audit/ledger.ts';
import { openKeeping, type OpenKeeping } from './audit/open-keeping.ts';
import { watch } from './audit/watch.ts';
import type { Config } from './config.ts';
import { dayOf } from './consent/days.ts';
import { raiseTask } from './interactions/raise-task.ts';
import { silence } from './interactions/silence.ts';
import { startPeriodic, type Periodic, type PeriodicJob } from './jobs/periodic.ts';
import { deliveryOf, sendingOf, type NoticeSettings } from './notices.ts';
import { reviewPairs } from './operations/doses/review-pairs.ts';
import { escalate } from './operations/settle/escalate.ts';
import { remind, sendAll } from './participants/outbox.ts';
import { reportMonth } from './operations/quality/month.ts';
import { STAFF_ROLES } from './policy/roles.ts';
import type { Services } from './services.ts';
import { leasesOf } from './storage/leases.ts';
import { participantsOf } from './storage/participants.ts';
import { recentOf } from './storage/recent.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WATCH_MS = 10 * 60_000;

/** Starts the work in the background of one process. */
export async function startBackground(
  services: Services,
  { AUDIT_RETENTION_DAYS, ...settings }: Pick<Config, 'AUDIT_RETENTION_DAYS'> & NoticeSettings,
): Promise<Periodic> {
  const { connection, rooms } = services;
  const { secrets, now, log } = rooms;
  const sending = sendingOf(services, deliveryOf(settings));
  const keeping = await openKeeping({ connection, secrets, now, report: log });
  const jobs: PeriodicJob[] = [
    {
      name: 'audit checkpoint',
      everyMs: DAY_MS,
      leaseMs: HOUR_MS,
      work: async () => {
        await checkpoint(keeping);
        if (AUDIT_RETENTION_DAYS > 0) await cutOld(keeping, rooms, AUDIT_RETENTION_DAYS);
      },
    },
    {
      name: 'misuse watch',
      everyMs: WATCH_MS,
      leaseMs: WATCH_MS,
      work: () => watch({ recent: recentOf(connection, LOG), now, raise: (flag) => raiseTask(rooms, flag) }),
    },
    { name: 'silent patients', everyMs: DAY_MS, leaseMs: HOUR_MS, work: () => silence(rooms) },
    {
      name: 'notices',
      everyMs: MINUTE_MS,
      leaseMs: 10 * MINUTE_MS,
      work: async () => {
        await remind(sending.outbox, dayOf(now(), rooms.pack.timeZone));
        await sendAll(sending);
      },
    },
    {
      name: 'data quality',
      everyMs: HOUR_MS,
      leaseMs: HOUR_MS,
      work: () =>
        reportMonth({
          rooms,
          organizations: participantsOf(connection).organizations,
          tell: sending.outbox.put,
        }),
    },
    ...waitingJobs(services, () => sending.outbox.people(STAFF_ROLES)),
  ];
  return startPeriodic({ leases: leasesOf(connection), jobs, now, log });
}

/** What waits for the staff: it is put before them, and becomes urgent when it is overdue. */
const waitingJobs = (
  { rooms, keeping: { grant } }: Services,
  staff: () => Promise<readonly string[]>,
): readonly PeriodicJob[] => [
  { name: 'dose pairs', everyMs: MINUTE_MS, leaseMs: HOUR_MS, work: () => reviewPairs(rooms, grant) },
  {
    name: 'overdue tasks',
    everyMs: HOUR_MS,
    leaseMs: HOUR_MS,
    work: () => escalate(rooms, grant, staff),
  },
];

async function cutOld(
  keeping: OpenKeeping,
  { now, happened }: Services['rooms'],
  days: number,
): Promise<void> {
  const before = new Date(now().getTime() - days * DAY_MS);
  const done = await cut(keeping, before, keeping.remove);
  if (done === undefined || done.removed === 0) return;
  const detail = { before: before.toISOString(), checkpoint: String(done.to), removed: String(done.removed) };
  await happened({ what: 'cut', outcome: 'done', detail });
}

/** MSH: what kind of message it is, from whom, and whether this server takes it (the first stage of the guide). */
import { noFindings, type Finding, type Findings, type Report } from './findings.ts';
import { part } from './mapping/read.ts';
import type { Authority } from './mapping/systems.ts';
import type { Named } from './senders.ts';
import { segmentsOf, type Message, type Segment } from './message.ts';
import { dateOf, dayOf } from './time.ts';
import { isInFuture } from '../validation/registry/dates.ts';

export interface Header {
  readonly msh: Segment;
  /** `VXU`, `V04`. */
  readonly type: string;
  readonly trigger: string;
  readonly controlId: string;
  /** Where another message begins in what came. */
  readonly next?: Segment;
  readonly version: string;
  /** Whether it is a test: checked, answered, and not stored. */
  readonly isTest: boolean;
  /** The day on which it was made. */
  readonly sentOn?: string;
  /** The organisation that is responsible for it: MSH-22, else MSH-4. */
  readonly facility: Authority;
  /** Every facility that it says it comes from, the responsible one first. */
  readonly named: readonly Named[];
}

/** Reads MSH. */
export function headerOf(message: Message): Header {
  const [msh, next] = segmentsOf(message, 'MSH');
  if (msh === undefined) throw new Error('A parsed message begins with MSH');
  const sentOn = dayOf(msh.value(7));
  return {
    msh,
    type: msh.value(9).toUpperCase(),
    trigger: msh.value(9, 2).toUpperCase(),
    controlId: msh.value(10),
    ...(next !== undefined && { next }),
    version: msh.value(12),
    isTest: ['T', 'D'].includes(msh.value(11).toUpperCase()),
    ...(sentOn !== undefined && { sentOn }),
    facility: facilityOf(msh),
    named: namedIn(msh),
  };
}

/** MSH-22 is an XON: an id with its authority, or a name. MSH-4 is an HD. */
function namedIn(msh: Segment): readonly Named[] {
  const [organization] = msh.field(22);
  return [
    { where: 'MSH-22', name: part(organization, 10) || part(organization, 1) },
    { where: 'MSH-4', name: msh.value(4) || msh.value(4, 2) },
  ].filter(({ name }) => name !== '');
}

const facilityOf = (msh: Segment): Authority => ({
  namespace: namedIn(msh)[0]?.name ?? '',
  universal: '',
  type: '',
});

/** Which messages the registry takes, by type. */
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  VXU: ['V04'],
  QBP: ['Q11'],
  ADT: ['A04', 'A08', 'A28', 'A31', 'A34', 'A40'],
};
/** Types that the national guide has profiles of, which say what MSH holds beyond what the standard wants. */
const PROFILED: ReadonlySet<string> = new Set(['VXU', 'QBP']);

export interface Checked {
  /** The message is rejected at the first stage (AR). */
  readonly refused: readonly Finding[];
  /** It cannot be handled as an application message (AE). */
  readonly findings: Findings;
}

/** Checks what every message must say of itself. */
export function checkHeader(header: Header, versions: ReadonlySet<string>, now: Date): Checked {
  const first = noFindings();
  const { msh, type, trigger, version, next } = header;
  const triggers = Object.hasOwn(TRIGGERS, type) ? TRIGGERS[type] : undefined;
  if (!versions.has(version)) first.report('version-unsupported', msh, { field: 12 });
  if (triggers === undefined)
    first.report('type-unsupported', msh, { field: 9, repetition: 1, component: 1 });
  else if (!triggers.includes(trigger))
    first.report('trigger-unsupported', msh, { field: 9, repetition: 1, component: 2 });
  const processing = msh.value(11).toUpperCase();
  if (next !== undefined) first.report('msh-repeated', next);
  if (processing === '') first.report('processing-missing', msh, { field: 11 });
  else if (!['P', 'T', 'D'].includes(processing)) first.report('processing-unsupported', msh, { field: 11 });
  const findings = noFindings();
  if (first.all.length === 0) checkFields(header, findings, now);
  return { refused: first.all, findings };
}

/** MSH-21, where it names any, names the profile of the message. */
export function checkProfile(report: Report, msh: Segment, profile: string): void {
  const named = msh.field(21).map((each) => part(each, 1).toUpperCase());
  if (named.length > 0 && !named.includes(profile)) report('profile-unrecognized', msh, { field: 21 });
}

function checkFields({ msh, type, controlId }: Header, { report }: Findings, now: Date): void {
  const made = msh.value(7);
  const date = dateOf(made);
  if (made === '') report('message-date-missing', msh, { field: 7 });
  else if (date === undefined) report('message-date-invalid', msh, { field: 7 });
  else if (isInFuture(date, now)) report('message-date-future', msh, { field: 7 });
  if (controlId === '') report('control-id-missing', msh, { field: 10 });
  if (!PROFILED.has(type)) return;
  if (msh.value(15) === '') report('accept-ack-missing', msh, { field: 15 });
  if (msh.value(16) === '') report('app-ack-missing', msh, { field: 16 });
  if (msh.value(21) === '') report('profile-missing', msh, { field: 21 });
  if (type === 'VXU') checkProfile(report, msh, 'Z22');
}

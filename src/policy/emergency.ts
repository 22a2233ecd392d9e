/**
 * Emergency access: a person who treats opens the record of one named patient, and reads it by id for a short time. It
 * opens what gives way to an emergency (consent/standing.ts) and nothing else; searches never have it.
 */
import { recipientOf } from '../consent/recipients.ts';
import type { Actor, Ask } from '../core/context.ts';
import type { Pack } from '../jurisdictions/pack.ts';
import type { Denial } from './denials.ts';
import { PURPOSES, purposeNamed } from './purposes.ts';

/** The operation that opens a record. */
const EMERGENCY_ACCESS = 'emergency-access';
/** Operations on an opened record. */
const OF_OPENED: ReadonlySet<string> = new Set(['immds-forecast']);

/** Why the caller may open nothing in an emergency; undefined where it may. */
export function emergencyDenial({ emergency }: Pack, actor: Actor): Denial | undefined {
  if (!emergency.allowed) return 'no_emergency_access';
  const isTreating =
    actor.user !== undefined &&
    recipientOf(actor.role) === 'provider' &&
    purposeNamed(actor.purpose) === PURPOSES.ETREAT;
  return isTreating && actor.hasSecondFactor === true ? undefined : 'emergency_of_people';
}

/** Whether the ask is the one that opens: it looks for the person named to it among all whom an emergency opens. */
export const isOpening = ({ interaction, operation }: Ask): boolean =>
  interaction === 'operation' && operation === EMERGENCY_ACCESS;

/** Whether the ask is one that what was opened stays open to: it names by its id what it reads. */
export const isOfOpened = ({ interaction, operation = '' }: Ask): boolean =>
  interaction === 'read' ||
  interaction === 'vread' ||
  (interaction === 'operation' && OF_OPENED.has(operation));

/** What could not be stored, as a Task of its sender: which message, what was wrong where, and what to do. */
import type { Task } from '@medplum/fhirtypes';
import type { Message as KeptMessage } from '../core/context.ts';
import { DETECTIONS, labelOf } from '../quality/detections.ts';
import { concept } from '../pending/codes.ts';
import { REGISTRY_ACTOR } from '../interactions/own-ask.ts';
import { creates } from './corridor.ts';
import { locationParts, type Finding } from './findings.ts';
import type { VaccinationRecord } from './groups.ts';
import { coding } from './mapping/systems.ts';
import { OWN } from '../terminology/tables.ts';
import { earlierOf, orderNumbers, rejectionIds, type Earlier } from './resent.ts';
import type { Arrived } from './arrived.ts';

/** @param orders numbers of those that were not taken */
function rejectionOf({ corridor, header, findings, organization }: Arrived, orders: readonly string[]): Task {
  const identifier = rejectionIds(header, orders);
  const lost = findings.all.filter(({ severity }) => severity === 'E');
  return {
    resourceType: 'Task',
    status: 'rejected',
    intent: 'order',
    code: concept('message-rejected'),
    ...(identifier.length > 0 && { identifier }),
    description: 'Correct what is named here and send it again.',
    authoredOn: corridor.rooms.now().toISOString(),
    requester: { reference: organization },
    output: lost.map(({ name, location, says }) => {
      const { code, field, defect, says: usual } = DETECTIONS[name];
      const where = location === undefined ? '' : `${locationParts(location).join('^')}: `;
      return {
        type: { coding: [coding(`${OWN}CodeSystem/detection`, code, labelOf({ field, defect }))] },
        valueString: `${where}${says ?? usual}`,
      };
    }),
  };
}

/** The rejections of the sender that this message may be the correction of. */
export const rejectedBefore = (
  { corridor, header, organization }: Arrived,
  { orders }: VaccinationRecord,
): Promise<readonly Earlier[]> =>
  earlierOf(corridor, organization, rejectionIds(header, orderNumbers(orders)));

/**
 * The registry itself writes it down; its sender finds it, and may not make up such tasks.
 * @returns `Task/id`
 */
export async function keepRejection(arrived: Arrived, lost: readonly string[]): Promise<string> {
  const corridor = { ...arrived.corridor, actor: REGISTRY_ACTOR };
  const { location = '' } = await creates(corridor, rejectionOf(arrived, lost), keptMessage(arrived, []));
  return location.replace(/\/_history\/.*$/, '');
}

/** A message as it is kept, and what was found in it, with more that was found, and what is noted of it. */
export function keptMessage(
  { message, findings, organization, header, receipt }: Arrived,
  more: readonly Finding[],
  noted: readonly string[] = [],
): KeptMessage {
  const all = [...findings.all, ...more];
  return {
    text: message.text,
    facts: {
      organization: organization.replace('Organization/', ''),
      trigger: header.trigger,
      controlId: header.controlId,
      receipt,
      findings: all.map(({ name, severity }) => ({ code: DETECTIONS[name].code, severity })),
      ...(noted.length > 0 && { noted }),
    },
  };
}

/** What could not be stored, as a Task of its sender: which message, what was wrong where, and what to do. */
import type { Task } from '@medplum/fhirtypes';
import { DETECTIONS } from '../quality/detections.ts';
import { concept } from '../pending/codes.ts';
import { locationParts } from './findings.ts';
import { coding } from './mapping/systems.ts';
import { OWN } from '../terminology/tables.ts';
import type { Arrived } from './vxu.ts';

const MESSAGE_IDS = `${OWN}sid/v2-message`;

export function rejectionOf({ corridor, header, findings, organization }: Arrived): Task {
  const lost = findings.all.filter(({ severity }) => severity === 'E');
  return {
    resourceType: 'Task',
    status: 'rejected',
    intent: 'order',
    code: concept('message-rejected'),
    ...(header.controlId !== '' && { identifier: [{ system: MESSAGE_IDS, value: header.controlId }] }),
    description: 'Correct what is named here and send it again.',
    authoredOn: corridor.rooms.now().toISOString(),
    requester: { reference: organization },
    output: lost.map(({ name, location, says }) => {
      const { code, field, defect, says: usual } = DETECTIONS[name];
      const where = location === undefined ? '' : `${locationParts(location).join('^')}: `;
      return {
        type: { coding: [coding(`${OWN}CodeSystem/detection`, code, `${field} is ${defect}`)] },
        valueString: `${where}${says ?? usual}`,
      };
    }),
  };
}

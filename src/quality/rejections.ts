/** How the registry marks what it could not store, so that its sender finds it: `GET Task?code=…`. */
import type { CodeableConcept } from '@medplum/fhirtypes';
import { OWN } from '../terminology/tables.ts';

export const TASK_CODES = `${OWN}CodeSystem/task`;
export const REJECTED = 'hl7v2-rejection';

export const REJECTION: CodeableConcept = {
  coding: [{ system: TASK_CODES, code: REJECTED, display: 'Message or record that was rejected' }],
};

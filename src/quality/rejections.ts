/** How the registry marks what it could not store, so that its sender finds it: `GET Task?code=…`. */
import type { CodeableConcept } from '@medplum/fhirtypes';
import { OWN } from '../terminology/tables.ts';

export const REJECTION: CodeableConcept = {
  coding: [
    {
      system: `${OWN}CodeSystem/registry-task`,
      code: 'message-rejected',
      display: 'Correct what was rejected and send it again',
    },
  ],
};

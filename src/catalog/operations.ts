/** Every `$operation`: what it is asked of, and where it is defined (https://hl7.org/fhir/R4/operations.html). */
import type { ResourceEntry } from './define.ts';

export interface Operation {
  /** Without `$`. */
  readonly name: string;
  /** Canonical of its OperationDefinition. */
  readonly definition: string;
  readonly levels: readonly ('system' | 'type' | 'instance')[];
  /** The types that have it; none named: every type whose resources are stored. */
  readonly types?: readonly string[];
  /** Whether carrying it out changes anything: then it is asked by POST alone. */
  readonly changes: boolean;
}

const TELLING: ReadonlySet<string> = new Set(['participation', 'members', 'data-quality']);

/** What happens to a participant is asked of its organization. */
const ofOrganization = (name: string): Operation => ({
  name,
  definition: `https://fhir-iis.org/fhir/OperationDefinition/organization-${name}`,
  levels: ['instance'],
  types: ['Organization'],
  changes: !TELLING.has(name),
});

const PARTICIPATION = [
  'apply',
  'approve',
  'accept-agreement',
  'confirm-training',
  'renew',
  'suspend',
  'reinstate',
  'end-participation',
  'request-reactivation',
  'reactivate',
  'set-contact',
  'confirm-contact',
  'enroll-person',
  'enroll-client',
  'reset-second-factor',
  'link-identity',
  'unlink-identity',
  'add-sender',
  'remove-sender',
  'participation',
  'admit',
  'release',
  'members',
  'data-quality',
] as const;

export const OPERATIONS: readonly Operation[] = [
  ...PARTICIPATION.map(ofOrganization),
  {
    name: 'panel',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/organization-panel',
    levels: ['instance'],
    types: ['Organization'],
    changes: false,
  },
  {
    name: 'panel-counts',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/organization-panel-counts',
    levels: ['instance'],
    types: ['Organization'],
    changes: false,
  },
  {
    name: 'admit-person',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-admit-person',
    levels: ['instance'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'explain-access',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-explain-access',
    levels: ['instance'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'emergency-access',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-emergency-access',
    levels: ['type'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    levels: ['instance'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'accounting-of-disclosures',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/accounting-of-disclosures',
    levels: ['instance'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'immds-forecast',
    definition: 'http://hl7.org/fhir/us/immds/OperationDefinition/ImmDSForecastOperation',
    levels: ['system', 'instance'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'match',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
    levels: ['type'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'immunization-history',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-immunization-history',
    levels: ['instance'],
    types: ['Patient'],
    changes: false,
  },
  {
    name: 'settle-doses',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-settle-doses',
    levels: ['instance'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'merge',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-merge',
    levels: ['type'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'unmerge',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-unmerge',
    levels: ['type'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'request-amendment',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/patient-request-amendment',
    levels: ['instance'],
    types: ['Patient'],
    changes: true,
  },
  {
    name: 'answer-amendment',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/task-answer-amendment',
    levels: ['instance'],
    types: ['Task'],
    changes: true,
  },
  {
    name: 'review',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/task-review',
    levels: ['instance'],
    types: ['Task'],
    changes: false,
  },
  {
    name: 'original',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/task-original',
    levels: ['instance'],
    types: ['Task'],
    changes: false,
  },
  {
    name: 'resend',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/task-resend',
    levels: ['instance'],
    types: ['Task'],
    changes: true,
  },
  {
    name: 'settle',
    definition: 'https://fhir-iis.org/fhir/OperationDefinition/task-settle',
    levels: ['instance'],
    types: ['Task'],
    changes: true,
  },
  {
    name: 'meta',
    definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
    levels: ['instance'],
    changes: false,
  },
  {
    name: 'validate',
    definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
    levels: ['type', 'instance'],
    changes: false,
  },
  {
    name: 'lookup',
    definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
    levels: ['type'],
    types: ['CodeSystem'],
    changes: false,
  },
  {
    name: 'validate-code',
    definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
    levels: ['type', 'instance'],
    types: ['CodeSystem'],
    changes: false,
  },
  {
    name: 'validate-code',
    definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
    levels: ['type', 'instance'],
    types: ['ValueSet'],
    changes: false,
  },
  {
    name: 'expand',
    definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
    levels: ['type', 'instance'],
    types: ['ValueSet'],
    changes: false,
  },
  {
    name: 'translate',
    definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
    levels: ['type', 'instance'],
    types: ['ConceptMap'],
    changes: false,
  },
];

/** The operations that a type or its resources are asked. */
export function operationsOf({ type, source }: ResourceEntry): readonly Operation[] {
  const isStored = source !== 'files';
  return OPERATIONS.filter(
    ({ levels, types }) => levels.some((level) => level !== 'system') && (types?.includes(type) ?? isStored),
  );
}

export const SYSTEM_OPERATIONS: readonly Operation[] = OPERATIONS.filter(({ levels }) =>
  levels.includes('system'),
);

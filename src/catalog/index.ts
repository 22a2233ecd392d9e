/** The list of resource types that this server serves; everything that goes by type goes by this list. */
import type { ResourceEntry } from './define.ts';
import { allergyIntolerance } from './resources/allergy-intolerance.ts';
import { auditEvent } from './resources/audit-event.ts';
import { basic } from './resources/basic.ts';
import { binary } from './resources/binary.ts';
import { capabilityStatement } from './resources/capability-statement.ts';
import { codeSystem } from './resources/code-system.ts';
import { communication } from './resources/communication.ts';
import { conceptMap } from './resources/concept-map.ts';
import { condition } from './resources/condition.ts';
import { consent } from './resources/consent.ts';
import { documentReference } from './resources/document-reference.ts';
import { group } from './resources/group.ts';
import { immunizationEvaluation } from './resources/immunization-evaluation.ts';
import { immunizationRecommendation } from './resources/immunization-recommendation.ts';
import { immunization } from './resources/immunization.ts';
import { location } from './resources/location.ts';
import { measure } from './resources/measure.ts';
import { measureReport } from './resources/measure-report.ts';
import { observation } from './resources/observation.ts';
import { operationDefinition } from './resources/operation-definition.ts';
import { organization } from './resources/organization.ts';
import { patient } from './resources/patient.ts';
import { practitionerRole } from './resources/practitioner-role.ts';
import { practitioner } from './resources/practitioner.ts';
import { procedure } from './resources/procedure.ts';
import { provenance } from './resources/provenance.ts';
import { relatedPerson } from './resources/related-person.ts';
import { searchParameter } from './resources/search-parameter.ts';
import { structureDefinition } from './resources/structure-definition.ts';
import { task } from './resources/task.ts';
import { valueSet } from './resources/value-set.ts';

export type Catalog = ReadonlyMap<string, ResourceEntry>;
/** As much of it as reading a query takes. */
export type Types = Pick<Catalog, 'get'>;

const ENTRIES: readonly ResourceEntry[] = [
  allergyIntolerance,
  auditEvent,
  basic,
  binary,
  capabilityStatement,
  codeSystem,
  communication,
  conceptMap,
  condition,
  consent,
  documentReference,
  group,
  immunization,
  immunizationEvaluation,
  immunizationRecommendation,
  location,
  measure,
  measureReport,
  observation,
  operationDefinition,
  organization,
  patient,
  practitioner,
  practitionerRole,
  procedure,
  provenance,
  relatedPerson,
  searchParameter,
  structureDefinition,
  task,
  valueSet,
];

export const catalog: Catalog = new Map(ENTRIES.map((entry) => [entry.type, entry]));

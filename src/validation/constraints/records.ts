/** Constraints of the clinical and administrative resources that the registry keeps, under the keys of their R4 pages. */
import { isOrdered } from './data-types.ts';
import { isNode, nodesAt, type Node } from '../findings.ts';
import { excludes, has, hasChoice, needsOneOf, type Constraints } from './words.ts';

const isCoded = (concept: unknown, system: string, codes: readonly string[]): boolean =>
  isNode(concept) &&
  nodesAt(concept, 'coding').some(
    (coding) => coding['system'] === system && codes.includes(String(coding['code'])),
  );

const CONDITION_STATUS = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const CONDITION_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const ALLERGY_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
const isMistake = (node: Node, system: string): boolean =>
  isCoded(node['verificationStatus'], system, ['entered-in-error']);

const isObservedOnce = (node: Node): boolean => {
  if (!hasChoice(node, 'value') || node['component'] === undefined) return true;
  const keys = (concept: unknown) =>
    isNode(concept)
      ? nodesAt(concept, 'coding').map((each) => `${String(each['system'])}|${String(each['code'])}`)
      : [];
  const own = new Set(keys(node['code']));
  return !nodesAt(node, 'component').some((component) => keys(component['code']).some((key) => own.has(key)));
};

export const RECORDS: Constraints = {
  'Patient.contact': [needsOneOf('pat-1', 'name', 'telecom', 'address', 'organization')],
  'Immunization.education': [needsOneOf('imm-1', 'documentType', 'reference')],
  'ImmunizationRecommendation.recommendation': [needsOneOf('imr-1', 'vaccineCode', 'targetDisease')],
  Consent: [needsOneOf('ppc-1', 'policy', 'policyRule')],
  Organization: [
    needsOneOf('org-1', 'name', 'identifier'),
    {
      key: 'org-2',
      says: 'an address of an organization is nobody’s home',
      holds: (node) => nodesAt(node, 'address').every((each) => each['use'] !== 'home'),
    },
    {
      key: 'org-3',
      says: 'a telecom of an organization is nobody’s home',
      holds: (node) => nodesAt(node, 'telecom').every((each) => each['use'] !== 'home'),
    },
  ],
  Observation: [
    {
      key: 'obs-6',
      says: 'a reason for having no value must not be there beside a value',
      holds: (node) => !has(node, 'dataAbsentReason') || !hasChoice(node, 'value'),
    },
    {
      key: 'obs-7',
      says: 'a component must not repeat the code of an observation that has a value',
      holds: isObservedOnce,
    },
  ],
  'Observation.referenceRange': [needsOneOf('obs-3', 'low', 'high', 'text')],
  Condition: [
    {
      key: 'con-4',
      says: 'what is abated is inactive, resolved or in remission',
      holds: (node) =>
        !hasChoice(node, 'abatement') ||
        isCoded(node['clinicalStatus'], CONDITION_STATUS, ['resolved', 'remission', 'inactive']),
    },
    {
      key: 'con-5',
      says: 'what was entered in error has no clinical status',
      holds: (node) => !isMistake(node, CONDITION_VERIFICATION) || !has(node, 'clinicalStatus'),
    },
  ],
  'Condition.stage': [needsOneOf('con-1', 'summary', 'assessment')],
  'Condition.evidence': [needsOneOf('con-2', 'code', 'detail')],
  AllergyIntolerance: [
    {
      key: 'ait-1',
      says: 'an allergy has a clinical status unless it was entered in error',
      holds: (node) => isMistake(node, ALLERGY_VERIFICATION) || has(node, 'clinicalStatus'),
    },
    {
      key: 'ait-2',
      says: 'what was entered in error has no clinical status',
      holds: (node) => !isMistake(node, ALLERGY_VERIFICATION) || !has(node, 'clinicalStatus'),
    },
  ],
  'AuditEvent.entity': [excludes('sev-1', 'name', 'query')],
  Group: [
    {
      key: 'grp-1',
      says: 'only an actual group has members',
      holds: (node) => !has(node, 'member') || node['actual'] === true,
    },
  ],
  Task: [
    {
      key: 'inv-1',
      says: 'it must not be changed before it was written',
      holds: ({ authoredOn, lastModified }) => isOrdered(authoredOn, lastModified),
    },
  ],
  MeasureReport: [
    {
      key: 'mrp-1',
      says: 'a report for data collection has no groups',
      holds: (node) => node['type'] !== 'data-collection' || !has(node, 'group'),
    },
  ],
  'MeasureReport.group.stratifier.stratum': [
    {
      key: 'mrp-2',
      says: 'a stratum has a value or components, not both',
      holds: (node) => has(node, 'value') !== has(node, 'component'),
    },
  ],
};

/** What can be wrong with a report, as the CodeSystem under which Tasks of rejected records and messages name it. */
import type { CodeSystem } from '@medplum/fhirtypes';
import { DETECTIONS, labelOf } from '../../src/quality/detections.ts';
import { NOTED } from '../../src/quality/noted.ts';

/** The CodeSystem as text of its file in profiles/code-systems. */
export function detectionSystem(): string {
  const told = Object.values(DETECTIONS).map((each) => ({
    ...{ code: each.code, display: labelOf(each), definition: each.says },
  }));
  const noted = NOTED.map((each) => ({ code: each.code, display: labelOf(each) }));
  const concept = [...told, ...noted].toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const system: CodeSystem = {
    resourceType: 'CodeSystem',
    id: 'detection',
    url: 'https://fhir-iis.org/fhir/CodeSystem/detection',
    version: '0.1.0',
    name: 'Detection',
    title: 'What can be wrong with a report',
    status: 'active',
    experimental: false,
    date: '2026-11-27',
    publisher: 'fhir-iis',
    description:
      'A field and its defect, as acknowledgements (ERR-5) and reports of data quality name it. Codes that begin with DQA are those of AIRA’s Message Quality Evaluator (https://github.com/immregistries/codebase, Apache-2.0), of which these are the ones that a registry can decide; IIS are the registry’s own.',
    jurisdiction: [{ coding: [{ system: 'urn:iso:std:iso:3166', code: 'US' }] }],
    caseSensitive: true,
    content: 'complete',
    count: concept.length,
    concept,
  };
  return `${JSON.stringify(system, null, 2)}\n`;
}

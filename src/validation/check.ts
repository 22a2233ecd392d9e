/**
 * Whether a resource may be stored: the order of the checks. What is no FHIR is told first (HTTP 400), then what
 * breaks a rule of FHIR or of the registry (422): https://hl7.org/fhir/R4/http.html#create
 */
import { FAILURES, type Issue } from '../core/failure.ts';
import { checkBusiness } from './business.ts';
import { isNode, report, type Findings } from './findings.ts';
import { visitResource } from './walk.ts';

/** `envelope`: a Bundle or Parameters without the resources in it, which are judged one by one elsewhere. */
export type Extent = 'whole' | 'envelope';

function checkInto(findings: Findings, resource: unknown, extent: Extent): void {
  if (!isNode(resource) || typeof resource['resourceType'] !== 'string') {
    report(findings, 'malformed', 'A resource is a JSON object that names its resourceType.');
    return;
  }
  const type = resource['resourceType'];
  findings.place.push(type);
  visitResource({ ...findings, isWhole: extent === 'whole' }, resource);
  const isReadable = findings.issues.every((issue) => FAILURES[issue.kind].status !== 400);
  if (isReadable) checkBusiness(findings, type, resource);
}

/**
 * Everything wrong with a resource, at most fifty issues, unreadable things first; empty where all is well.
 * Pure and synchronous; safe on any value.
 */
export function check(resource: unknown, extent: Extent = 'whole'): readonly Issue[] {
  const findings: Findings = { place: [], issues: [] };
  checkInto(findings, resource, extent);
  return findings.issues.sort((a, b) => FAILURES[a.kind].status - FAILURES[b.kind].status);
}

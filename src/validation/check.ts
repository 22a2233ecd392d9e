/**
 * Whether a resource may be stored: the order of the checks. What is no FHIR is told first (HTTP 400), then what
 * breaks a rule of FHIR or of the registry (422): https://hl7.org/fhir/R4/http.html#create
 */
import { FAILURES, type Issue } from '../core/failure.ts';
import { isNode, noFindings, report, type Findings, type Node } from './findings.ts';
import { checkProfile } from './profile/check.ts';
import { completed, type Circumstances } from './registry/completion.ts';
import { checkRules } from './registry/rules.ts';
import { visitResource } from './walk.ts';

/** `envelope`: a Bundle or Parameters without the resources in it, which are judged one by one elsewhere. */
export type Extent = 'whole' | 'envelope';

const statusOf = ({ kind }: Issue): number => FAILURES[kind].status;
const isReadable = ({ issues }: Findings): boolean => issues.every((issue) => statusOf(issue) !== 400);
const sorted = (issues: readonly Issue[]): readonly Issue[] =>
  issues.toSorted((a, b) => statusOf(a) - statusOf(b));

/** @returns the resource, where it is one at all */
function visited(findings: Findings, resource: unknown, extent: Extent): Node | undefined {
  if (!isNode(resource) || typeof resource['resourceType'] !== 'string') {
    report(findings, 'malformed', 'A resource is a JSON object that names its resourceType.');
    return undefined;
  }
  findings.place.push(resource['resourceType']);
  visitResource({ ...findings, isWhole: extent === 'whole' }, resource);
  return resource;
}

/**
 * Everything in which a resource is not R4, at most fifty issues, unreadable things first; empty where all is well.
 * Pure and synchronous; safe on any value.
 */
export function check(resource: unknown, extent: Extent = 'whole'): readonly Issue[] {
  const findings = noFindings();
  visited(findings, resource, extent);
  return sorted(findings.issues);
}

/** What is to be said of a resource, and the resource as the registry keeps it. */
export interface Judgement {
  /** What refuses it. */
  readonly issues: readonly Issue[];
  /** What its sender should know, though it is stored. */
  readonly warnings: readonly Issue[];
  /** With what the registry adds; as it was sent where it cannot be read. */
  readonly kept: unknown;
}

/**
 * Judges a resource by R4 and by the registry. Pure and synchronous; safe on any value.
 *
 * @param asked canonicals of profiles that it must meet beside those it claims
 */
export function judge(sent: unknown, circumstances: Circumstances, asked: readonly string[] = []): Judgement {
  const findings = noFindings();
  const resource = visited(findings, sent, 'whole');
  if (resource === undefined || !isReadable(findings))
    return { issues: sorted(findings.issues), warnings: [], kept: sent };
  const type = String(resource['resourceType']);
  const kept = completed(findings, type, resource, circumstances);
  checkRules(findings, type, kept, circumstances.now);
  checkProfile(findings, type, kept, asked);
  return { issues: sorted(findings.issues), warnings: findings.warnings, kept };
}

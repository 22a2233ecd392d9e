/**
 * Which constraints of R4 an object breaks, of those that it can be judged by alone. Constraints of narrative are
 * in narrative.ts, of references and contained resources in links.ts.
 */
import { BUNDLES } from './constraints/bundles.ts';
import { DATA_TYPES } from './constraints/data-types.ts';
import { RECORDS } from './constraints/records.ts';
import { report, type Findings, type Node } from './findings.ts';

const constraints = new Map(Object.entries({ ...DATA_TYPES, ...RECORDS, ...BUNDLES }));

/** Notes the constraints of the type that the object breaks. */
export function checkInvariants(findings: Findings, type: string, node: Node): void {
  const invariants = constraints.get(type);
  if (invariants === undefined) return;
  for (const { key, says, holds } of invariants) {
    if (!holds(node)) report(findings, 'invariant', `${key}: ${says}.`);
  }
}

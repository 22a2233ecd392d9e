/**
 * What no patch may change: which resource it is, and what the server alone says about its versions
 * (https://hl7.org/fhir/R4/http.html#patch, https://hl7.org/fhir/R4/resource.html#Meta).
 */
import { fail } from '../../core/failure.ts';
import { same } from './same.ts';
import { isBranch, type Tree } from './tree.ts';

const FIXED = [['resourceType'], ['id'], ['meta', 'versionId'], ['meta', 'lastUpdated']] as const;

function at(tree: Tree, path: readonly string[]): Tree {
  return path.reduce<Tree>((part, name) => {
    const own = isBranch(part) && Object.hasOwn(part, name);
    return own ? ((part as Record<string, Tree>)[name] ?? null) : null;
  }, tree);
}

/** Throws a Failure (invalid) where the patch touched what is fixed, or left no resource at all. */
export function keepsIdentity(before: Tree, after: Tree): void {
  if (!isBranch(after) || Array.isArray(after))
    fail('invalid', 'The patch leaves no resource; to delete it, send DELETE.');
  const changed = FIXED.find((path) => !same(at(before, path), at(after, path)));
  if (changed === undefined) return;
  const path = changed.join('.');
  fail('invalid', `A patch may not change ${path}: leave it as it is.`, [path]);
}

/**
 * What the SMART scopes of a token leave of an ask (SMART App Launch 2.2, "Scopes for requesting FHIR
 * Resources"): the permission for the interaction, the patient of the launch, the constraints of the scope.
 */
import type { Catalog } from '../../catalog/index.ts';
import type { Interaction } from '../../core/context.ts';
import { Failure } from '../../core/failure.ts';
import { opens, type Permission, type Scope } from '../../core/scopes.ts';
import { allOf, anyOf, NOTHING, type Clause } from '../../search/clause.ts';
import { parseCondition } from '../../search/parse.ts';
import type { Leaves, Rule } from '../decide.ts';
import { isOfParts, permissionFor } from '../opened.ts';

/** Interactions that also look at versions which are no longer current, and have no keys any more. */
const OF_THE_PAST: ReadonlySet<Interaction> = new Set([
  'vread',
  'history-instance',
  'history-type',
  'history-system',
]);

const CHANGES: ReadonlySet<Permission> = new Set<Permission>(['c', 'u', 'd']);

/** What the rule needs to turn a scope's constraint into clauses. */
export interface Reading {
  readonly catalog: Catalog;
  readonly base: string;
  readonly now: () => Date;
}

/** Makes the rule. An actor without scopes is one that no token speaks for; other rules judge it. */
export function scopes(reading: Reading): Rule {
  return ({ ask: { actor }, interaction, type }) => {
    if (actor.scopes === undefined || isOfParts(interaction, type)) return {};
    const permission = permissionFor(interaction);
    if (permission === undefined || type === undefined) return { deny: 'insufficient_scope' };
    const opening = actor.scopes.filter((scope) => isOpen(reading, scope, type, permission));
    if (opening.length === 0) return { deny: 'insufficient_scope' };
    const asked = { type, patient: actor.patient, past: OF_THE_PAST.has(interaction) };
    return limitsOf(opening.map((scope) => clauseOf(reading, scope, asked)));
  };
}

/** A patient's own token changes nothing that is in no patient's record: an organisation, a code system. */
const isOpen = ({ catalog }: Reading, scope: Scope, type: string, permission: Permission): boolean =>
  opens(scope, type, permission) &&
  (scope.level !== 'patient' || isOfPatients(catalog, type) || !CHANGES.has(permission));

/** Each scope opens what it opens; one that opens everything makes the others superfluous. */
function limitsOf(clauses: readonly (Clause | undefined)[]): Leaves {
  const narrow = clauses.filter((clause) => clause !== undefined);
  return { filter: narrow.length < clauses.length ? [] : [anyOf(narrow)] };
}

interface Asked {
  readonly type: string;
  readonly patient: string | undefined;
  readonly past: boolean;
}

/** What a scope opens of a type, undefined for all of it. */
function clauseOf(reading: Reading, scope: Scope, { type, patient, past }: Asked): Clause | undefined {
  const clauses: Clause[] = constraintsOf(reading, scope, type);
  // Of a version without keys a constraint that excludes would seem to hold.
  if (past && !clauses.every(isPositive)) return NOTHING;
  if (scope.level === 'patient' && isOfPatients(reading.catalog, type)) clauses.push(inRecordOf(patient));
  return clauses.length === 0 ? undefined : allOf(clauses);
}

/**
 * In this patient's record and in nobody else's: a list of several people is not one person's to see. Without the
 * patient of a launch it opens nobody's record.
 */
const inRecordOf = (patient: string | undefined): Clause =>
  patient === undefined
    ? NOTHING
    : allOf([
        { op: 'in', field: 'patients', keys: [patient] },
        { op: 'exists', field: 'patients.1', exists: false },
      ]);

/** Whether a clause is true only of what has something, and never of what lacks it. */
function isPositive(clause: Clause): boolean {
  if (clause.op === 'not' || clause.op === 'not-in') return false;
  if (clause.op === 'exists') return clause.exists;
  return clause.op === 'and' || clause.op === 'or' ? clause.of.every(isPositive) : true;
}

const isOfPatients = (catalog: Catalog, type: string): boolean =>
  (catalog.get(type)?.patient.length ?? 0) > 0;

/** A constraint that this server cannot read opens nothing. */
function constraintsOf({ catalog, base, now }: Reading, { query }: Scope, type: string): Clause[] {
  if (query.length === 0) return [];
  try {
    return [...parseCondition(type, query, { catalog, base, now: now(), blind: () => [] })];
  } catch (error) {
    if (error instanceof Failure) return [NOTHING];
    throw error;
  }
}

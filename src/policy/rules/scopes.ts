/**
 * What the SMART scopes of a token leave of an ask (SMART App Launch 2.2, "Scopes for requesting FHIR
 * Resources"): the permission for the interaction, the patient of the launch, the constraints of the scope.
 */
import type { Catalog } from '../../catalog/index.ts';
import type { Ask, Interaction } from '../../core/context.ts';
import { Failure } from '../../core/failure.ts';
import { allOf, anyOf, NOTHING, type Clause } from '../../search/clause.ts';
import { parseCondition } from '../../search/parse.ts';
import type { Limits, Rule } from '../decide.ts';
import { opens, type Permission, type Scope } from '../../core/scopes.ts';

/** Reading does not imply searching: a history of a type is a search of it. */
const PERMISSIONS: Readonly<Partial<Record<Interaction, Permission>>> = {
  read: 'r',
  vread: 'r',
  'history-instance': 'r',
  create: 'c',
  update: 'u',
  patch: 'u',
  delete: 'd',
  'search-type': 's',
  'history-type': 's',
};

/** Interactions whose parts are judged one by one. */
const OF_PARTS: ReadonlySet<Interaction> = new Set(['batch', 'transaction', 'operation', 'history-system']);

/** What the rule needs to turn a scope's constraint into clauses. */
export interface Reading {
  readonly catalog: Catalog;
  readonly base: string;
  readonly now: () => Date;
}

/** Makes the rule. An actor without scopes is one that no token speaks for; other rules judge it. */
export function scopes(reading: Reading): Rule {
  return ({ actor }: Ask, interaction, type) => {
    if (actor.scopes === undefined || OF_PARTS.has(interaction)) return { filter: [] };
    const permission = PERMISSIONS[interaction];
    if (permission === undefined || type === undefined) return { deny: 'insufficient_scope' };
    const opening = actor.scopes.filter((scope) => opens(scope, type, permission));
    if (opening.length === 0) return { deny: 'insufficient_scope' };
    return limitsOf(opening.map((scope) => clauseOf(reading, scope, { type, patient: actor.patient })));
  };
}

/** Each scope opens what it opens; one that opens everything makes the others superfluous. */
function limitsOf(clauses: readonly (Clause | undefined)[]): Limits {
  const narrow = clauses.filter((clause) => clause !== undefined);
  return { filter: narrow.length < clauses.length ? [] : [anyOf(narrow)] };
}

interface Asked {
  readonly type: string;
  readonly patient: string | undefined;
}

/** What a scope opens of a type, undefined for all of it. */
function clauseOf(reading: Reading, scope: Scope, { type, patient }: Asked): Clause | undefined {
  const clauses: Clause[] = constraintsOf(reading, scope, type);
  if (scope.level === 'patient' && isOfPatients(reading.catalog, type)) {
    // A patient scope without the patient of a launch opens nobody's record.
    clauses.push(patient === undefined ? NOTHING : { op: 'in', field: 'patients', keys: [patient] });
  }
  return clauses.length === 0 ? undefined : allOf(clauses);
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

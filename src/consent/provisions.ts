/**
 * The provisions of a Consent. R4 has one root, and what is nested in a provision is an exception to it, so that permit
 * and deny take turns (https://hl7.org/fhir/R4/consent.html#6.2.4). Every deny, at whatever depth, is one restriction
 * whose exceptions are the permits right below it; restrictions add up, so that a deny within a permit counts again.
 */
import type { Consent, ConsentProvision } from '@medplum/fhirtypes';
import type { Directive, Pack } from '../jurisdictions/pack.ts';
import { openScope, refuse, scopeOf, type Scope } from './criteria.ts';
import { ALWAYS, isEmpty, overlap, parts, type Stretch } from './days.ts';
import { EVERYBODY, withPurpose } from './keys.ts';
import type { DataLimit } from './visibility.ts';

/** What one deny closes. */
export interface Denied extends Stretch {
  readonly hits: readonly string[];
  readonly spares: readonly string[];
  readonly sparesAdministering: boolean;
  readonly sparesFor: readonly { readonly keys: readonly string[]; readonly data: DataLimit }[];
  readonly data?: DataLimit;
}

const MOST = 100;

/**
 * What the provisions of a Consent close.
 * @throws Failure `business-rule` that says which provision cannot be honoured, and why
 */
export function denialsOf(
  pack: Pack,
  { provision }: Consent,
  directive: Directive,
  during: Stretch,
): Denied[] {
  if (provision === undefined) return [];
  const place = 'Consent.provision';
  const root = scopeOf(pack, provision, openScope(during), place);
  if (provision.type !== 'deny') {
    checkOpenRoot(provision, directive);
    return (provision.provision ?? []).flatMap((each, at) =>
      denied(pack, each, root, `${place}.provision[${at}]`),
    );
  }
  if (directive.effect === 'limits') return denied(pack, provision, openScope(during), place);
  checkPermits(pack, provision, directive);
  // Without criteria it says what the directive says anyway.
  if (isBare(provision)) return [];
  const own = (directive.sees ?? []).filter((who) => who === 'patient' || who === 'guardian');
  return denied(pack, provision, openScope(during), place).map((each) => ({
    ...each,
    spares: [...each.spares, ...own],
  }));
}

const isBare = ({ provision = [], ...criteria }: ConsentProvision): boolean =>
  provision.length === 0 &&
  Object.keys(criteria).every((name) => ['type', 'period', 'action'].includes(name));

/** A permission at the root has nothing to be an exception from. */
function checkOpenRoot(
  { actor, purpose, code, data, dataPeriod, ...more }: ConsentProvision,
  { effect }: Directive,
): void {
  const criteria = [actor, purpose, code, data, dataPeriod, more['class']];
  if (criteria.some((each) => each !== undefined)) {
    refuse(
      'Consent.provision',
      'a permission at the root takes a period only; what is closed to some is a nested deny',
    );
  }
  if (effect === 'restricts' && more.type === 'permit') {
    refuse('Consent.provision.type', 'this directive closes the record, and its root provision is a deny');
  }
}

/** Who is promised sight must have it by the directive as well. */
function checkPermits(
  pack: Pack,
  { provision = [] }: ConsentProvision,
  { effect, sees = [], administering }: Directive,
): void {
  if (effect === 'opens')
    refuse('Consent.provision.type', 'this directive opens the record, and its root provision is a permit');
  for (const [at, each] of provision.entries()) {
    const place = `Consent.provision.provision[${at}]`;
    const scope = scopeOf(pack, each, openScope(ALWAYS), place);
    const allowed = (scope.actors ?? [EVERYBODY]).every((key) => (sees as readonly string[]).includes(key));
    if (!allowed || (scope.administering && administering !== true)) {
      refuse(place, `the directive shows the record to nobody else than ${sees.join(', ')}`);
    }
  }
}

/** A deny and everything below it. */
function denied(pack: Pack, node: ConsentProvision, above: Scope, place: string): Denied[] {
  if (node.type !== 'deny')
    return refuse(`${place}.type`, 'an exception is the opposite of what it is an exception to');
  const scope = scopeOf(pack, node, above, place);
  checkHit(scope, place);
  const permits = (node.provision ?? []).map((each, at) =>
    permitOf(pack, each, scope, `${place}.provision[${at}]`),
  );
  const within = permits.flatMap(({ node: permit, scope: inner, place: at }) =>
    (permit.provision ?? []).flatMap((each, index) => denied(pack, each, inner, `${at}.provision[${index}]`)),
  );
  const own = restrictionsOf(
    scope,
    permits.map((each) => each.scope),
  );
  const all = [...own, ...within];
  return all.length > MOST ? refuse(place, 'it has too many exceptions') : all;
}

/** Whom no directive can keep away. */
function checkHit({ actors = [], administering }: Scope, place: string): void {
  if (administering) refuse(`${place}.actor`, 'the administering provider can be an exception only');
  if (actors.includes('public-health'))
    refuse(`${place}.actor`, 'what public health sees is for the law to decide, not for a directive');
}

interface Permit {
  readonly node: ConsentProvision;
  readonly scope: Scope;
  readonly place: string;
}

function permitOf(pack: Pack, node: ConsentProvision, above: Scope, place: string): Permit {
  if (node.type !== 'permit')
    refuse(`${place}.type`, 'an exception is the opposite of what it is an exception to');
  return { node, scope: scopeOf(pack, node, above, place), place };
}

/** One restriction for each part of the time in which other exceptions hold. */
function restrictionsOf(scope: Scope, permits: readonly Scope[]): Denied[] {
  if (isEmpty(scope.during)) return [];
  return parts(
    scope.during,
    permits.map(({ during }) => during),
  ).map((part) => {
    const holding = permits.filter(({ during }) => !isEmpty(overlap(during, part)));
    const whole = holding.filter(({ data }) => data === scope.data);
    const some = holding.filter(({ data }) => data !== scope.data);
    return {
      ...part,
      hits: keysOf(scope),
      spares: whole.flatMap(keysOf),
      sparesAdministering: holding.some(({ administering }) => administering),
      sparesFor: some.map((each) => ({ keys: keysOf(each), data: each.data ?? {} })),
      ...(scope.data && { data: scope.data }),
    };
  });
}

function keysOf({ actors = [EVERYBODY], purposes }: Scope): string[] {
  if (purposes === undefined) return [...actors];
  return actors.flatMap((actor) => purposes.map((purpose) => withPurpose(actor, purpose)));
}

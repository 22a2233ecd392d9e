/** The criteria of one provision: who, for what, of which documents, when; each as far as the registry can tell. */
import type { ConsentProvision } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import { RECIPIENTS, type Pack, type Recipient } from '../jurisdictions/pack.ts';
import { overlap, stretchOf, type Stretch } from './days.ts';
import { organizationKey } from './keys.ts';
import type { DataLimit } from './visibility.ts';

/** Criteria of one provision and of all above it. */
export interface Scope {
  readonly during: Stretch;
  readonly depth: number;
  /** Undefined: everybody. */
  readonly actors: readonly string[] | undefined;
  readonly administering: boolean;
  /** Undefined: every purpose. */
  readonly purposes: readonly string[] | undefined;
  readonly data: DataLimit | undefined;
}

const RECIPIENT_SYSTEM = 'https://fhir-iis.org/fhir/CodeSystem/recipient';
const ADMINISTERING = 'administering-provider';
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
const CVX = 'http://hl7.org/fhir/sid/cvx';
/** Acts that show a record to somebody; what is collected or corrected no directive of a registry decides. */
const SHOWING: ReadonlySet<string> = new Set(['access', 'use', 'disclose']);
const DEEPEST = 8;

/** No criteria but a time. */
export const openScope = (during: Stretch): Scope => ({
  during,
  depth: 0,
  administering: false,
  actors: undefined,
  purposes: undefined,
  data: undefined,
});

/** The criteria of a provision within those above it. */
export function scopeOf(pack: Pack, node: ConsentProvision, above: Scope, place: string): Scope {
  if (above.depth >= DEEPEST) refuse(place, 'it is nested too deeply');
  checkAction(node, place);
  if (node.securityLabel !== undefined) refuse(`${place}.securityLabel`, 'no record here carries labels');
  const { actors, administering } = actorsOf(node, place);
  const purposes = purposesOf(node, place);
  const data = dataOf(pack, node, place);
  // Of one organization it is not known here of which kind it is.
  const kinds = actors?.filter((key) => Object.hasOwn(RECIPIENTS, key));
  checkWithin(kinds, above.actors, `${place}.actor`);
  checkWithin(purposes, above.purposes, `${place}.purpose`);
  if (data !== undefined && above.data !== undefined)
    refuse(place, 'documents are limited once only on the way down');
  return {
    during: overlap(above.during, stretchOf(node.period ?? {}, pack.timeZone)),
    depth: above.depth + 1,
    administering,
    actors: actors ?? above.actors,
    purposes: purposes ?? above.purposes,
    data: data ?? above.data,
  };
}

function checkWithin(
  some: readonly string[] = [],
  above: readonly string[] | undefined,
  place: string,
): void {
  if (above !== undefined && !some.every((each) => above.includes(each)))
    refuse(place, 'an exception must lie within what it is an exception to');
}

function checkAction({ action = [] }: ConsentProvision, place: string): void {
  const codes = action.flatMap(({ coding = [] }) => coding).map(({ code }) => code ?? '');
  if (codes.some((code) => !SHOWING.has(code))) {
    refuse(`${place}.action`, 'a directive decides about access, use and disclosure only');
  }
}

interface Actors {
  readonly actors: readonly string[] | undefined;
  readonly administering: boolean;
}

function actorsOf({ actor }: ConsentProvision, place: string): Actors {
  if (actor === undefined) return { actors: undefined, administering: false };
  const keys = actor.map((each, at) => {
    const role = (each.role.coding ?? []).find(({ system }) => system === RECIPIENT_SYSTEM)?.code;
    if (role === ADMINISTERING) return ADMINISTERING;
    if (role !== undefined) return recipientKey(role, `${place}.actor[${at}].role`);
    const organization = /^Organization\/([A-Za-z0-9.-]{1,64})$/.exec(each.reference.reference ?? '')?.[1];
    if (organization !== undefined) return organizationKey(organization);
    return refuse(
      `${place}.actor[${at}]`,
      `name an Organization of this registry, or a kind of recipients (system ${RECIPIENT_SYSTEM})`,
    );
  });
  const administering = keys.includes(ADMINISTERING);
  return { actors: keys.filter((key) => key !== ADMINISTERING), administering };
}

function recipientKey(code: string, place: string): Recipient {
  if (!Object.hasOwn(RECIPIENTS, code))
    return refuse(place, `kinds of recipients are ${Object.keys(RECIPIENTS).join(', ')}`);
  return code as Recipient;
}

function purposesOf({ purpose }: ConsentProvision, place: string): readonly string[] | undefined {
  return purpose?.map(({ system, code }) => {
    if (system === ACT_REASON && code !== undefined) return code;
    return refuse(`${place}.purpose`, `purposes are codes of ${ACT_REASON}`);
  });
}

function dataOf(pack: Pack, node: ConsentProvision, place: string): DataLimit | undefined {
  const types = node.class?.map(({ system, code }) =>
    system === RESOURCE_TYPES && code !== undefined
      ? code
      : refuse(`${place}.class`, `classes are codes of ${RESOURCE_TYPES}`),
  );
  const codes = node.code?.flatMap(({ coding = [] }) => {
    const cvx = coding.filter(({ system }) => system === CVX).map(({ code }) => code ?? '');
    return cvx.length > 0 ? cvx : refuse(`${place}.code`, `vaccines are named by codes of ${CVX}`);
  });
  const ids = node.data?.map(({ meaning, reference }) =>
    meaning === 'instance' && reference.reference !== undefined
      ? reference.reference
      : refuse(`${place}.data`, 'data are named one by one (meaning "instance")'),
  );
  const during = node.dataPeriod && stretchOf(node.dataPeriod, pack.timeZone);
  const limit: DataLimit = {
    ...(types && { types }),
    ...(codes && { codes }),
    ...(ids && { ids }),
    ...(during && { during }),
  };
  return Object.keys(limit).length === 0 ? undefined : limit;
}

/** @throws Failure `business-rule` that says which provision cannot be honoured, and why */
export const refuse = (place: string, why: string): never =>
  fail('business-rule', `The provision cannot be honoured: ${why}.`, [place]);

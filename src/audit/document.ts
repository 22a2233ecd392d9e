/**
 * An AuditEvent as it is stored. One is written for every access, so that its keys are told here instead of read
 * out of the resource; a test holds them equal to what search/index-of.ts would find.
 */
import type { AuditEvent, AuditEventEntity, Reference } from '@medplum/fhirtypes';
import { auditEvent } from '../catalog/resources/audit-event.ts';
import { indexedOf } from '../search/named.ts';
import { rulesOf } from '../search/rules.ts';
import { usualKeys } from '../search/usual.ts';
import type { Stored } from '../storage/store.ts';

/** The rules by which the keys of events are told. */
const LOG_RULES = rulesOf(auditEvent).all;
/** Keys that no index has. */
const USUAL: ReadonlySet<string> = new Set(indexedOf(auditEvent).flatMap((named) => [...usualKeys(named)]));

/** The stored form of an event that this server made: nothing in it is secret, nothing is left to check. */
export function documentOf(event: AuditEvent & { readonly id: string }): Stored {
  const recorded = new Date(event.recorded);
  const instant = recorded.getTime();
  const { tokens, patients, custodians } = keysOf(event);
  const [indexed, beside] = [false, true].map((usual) =>
    [...tokens].filter((key) => USUAL.has(key) === usual),
  );
  return {
    _id: event.id,
    version: 1,
    lastUpdated: recorded,
    json: JSON.stringify(event),
    tokens: indexed ?? [],
    ...(beside !== undefined && beside.length > 0 && { beside }),
    index: { date: { lo: instant, hi: instant } },
    sort: { date: instant },
    patients: [...patients],
    custodians: [...custodians],
    rules: LOG_RULES,
  };
}

interface Keys {
  readonly tokens: Set<string>;
  readonly patients: Set<string>;
  readonly custodians: Set<string>;
}

function keysOf({ action = 'E', agent, entity = [], outcome = '0', subtype = [] }: AuditEvent): Keys {
  const keys: Keys = {
    tokens: new Set([`action=${action}`, `outcome=${outcome}`]),
    patients: new Set(),
    custodians: new Set(),
  };
  for (const { who } of agent) {
    addIdentifier(keys, 'agent', who?.identifier?.value);
    addReference(keys, 'agent', who);
  }
  for (const { what } of entity) addReference(keys, 'entity', what);
  for (const { system, code } of subtype) addSubtype(keys, system, String(code));
  addPresence(keys, agent, entity);
  return keys;
}

/** That somebody or something is there, though nothing that could be asked for. */
function addPresence(
  { tokens, patients }: Keys,
  agent: AuditEvent['agent'],
  entity: readonly AuditEventEntity[],
): void {
  const whats = entity.flatMap(({ what }) => (what === undefined ? [] : [what]));
  if (!agent.some(({ who }) => isNamed(who))) tokens.add('agent=');
  if (whats.length > 0 && whats.every(({ reference }) => reference === undefined)) tokens.add('entity=');
  // There always is an agent, who might have been the patient.
  if (patients.size === 0) tokens.add('patient=');
}

const isNamed = (who: Reference | undefined): boolean =>
  who?.reference !== undefined || who?.identifier?.value !== undefined;

function addSubtype({ tokens }: Keys, system: string | undefined, code: string): void {
  const keys = system === undefined ? [code, `|${code}`] : [code, `${system}|`, `${system}|${code}`];
  for (const key of keys) tokens.add(`subtype=${key}`);
}

/** Whoever is named may also be the patient, by reference. */
function addReference(keys: Keys, name: string, to: Reference | undefined): void {
  const [type, id] = to?.reference?.split('/') ?? [];
  if (type !== undefined && id !== undefined) addResource(keys, name, type, id);
}

function addResource(keys: Keys, name: string, type: string, id: string): void {
  keys.tokens.add(`${name}=${type}/${id}`);
  if (type === 'Patient') addPatient(keys, id);
  if (type === 'Organization') keys.custodians.add(id);
}

function addIdentifier({ tokens }: Keys, name: string, value: string | undefined): void {
  if (value !== undefined) tokens.add(`${name}:identifier=${value}`).add(`${name}:identifier=|${value}`);
}

function addPatient({ tokens, patients }: Keys, id: string): void {
  tokens.add(`patient=Patient/${id}`);
  patients.add(id);
}

/** The numbers that facilities give to doses, and the authority that ORC-3 names beside them. */
import type { Identifier } from '@medplum/fhirtypes';
import { OWN } from '../../terminology/tables.ts';
import { authorityOf, isNobody, systemOf, type Authority } from './systems.ts';

const DOSES = `${OWN}sid/v2-dose/`;

/** Under which system a facility numbers its doses with an authority: no two facilities share one. */
export function doseSystem(facility: Authority, authority: Authority): string {
  const named = isNobody(authority) ? '' : `/${encodeURIComponent(systemOf(authority))}`;
  return `${DOSES}${encodeURIComponent(facility.namespace || facility.universal)}${named}`;
}

/** The parts of EI after the number. */
export function doseAuthorityOf({ system, assigner }: Identifier): readonly string[] {
  const [facility = '', named] =
    system?.startsWith(DOSES) === true ? system.slice(DOSES.length).split('/') : [];
  const isOurs = facility !== '';
  const authority =
    isOurs && named === undefined
      ? { namespace: decodeURIComponent(facility), universal: '', type: '' }
      : authorityOf(isOurs ? decodeURIComponent(named ?? '') : system, assigner?.display);
  return [authority.namespace, authority.universal, authority.type];
}

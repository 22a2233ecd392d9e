/**
 * PD1-12 as a Consent: Y is an objection to sharing, filed as the directive of the pack that a provider may file; N
 * ends what the same sender filed, where the pack lets it; nothing says nothing. One for each organisation and person.
 */
import type { Consent, Patient } from '@medplum/fhirtypes';
import { dayOf, isDuring } from '../consent/days.ts';
import { standing } from '../consent/standing.ts';
import { DIRECTIVE_SYSTEM, type Directive as PackDirective, type Pack } from '../jurisdictions/pack.ts';
import { OWN } from '../terminology/tables.ts';
import type { EventNumber } from './mapping/order.ts';
import type { Reading } from './mapping/patient.ts';
import { pd1Date } from './mapping/pd1.ts';
import { coding } from './mapping/systems.ts';
import type { Segment } from './message.ts';

const PROTECTION_NUMBERS = `${OWN}sid/v2-protection`;
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';

export type Directive = Omit<Consent, 'patient' | 'identifier'>;

/** What a provider may file for a person that closes the record. */
const objectionOf = (pack: Pack): PackDirective | undefined =>
  pack.directives.find(({ effect, filedBy }) => effect === 'restricts' && filedBy.includes('provider'));

function isTakable(
  { findings }: Reading,
  pd1: Segment,
  sent: string,
  directive: PackDirective | undefined,
): directive is PackDirective {
  const isKnown = sent === 'Y' || sent === 'N';
  if (!isKnown) findings.report('protection-unrecognized', pd1, { field: 12 });
  else if (directive === undefined && sent === 'Y')
    findings.report('protection-unsupported', pd1, { field: 12 });
  return isKnown && directive !== undefined;
}

/**
 * The directive that a PD1 brings; undefined where it says nothing.
 * @param sentOn the day of the message, for a PD1 that does not say since when it holds
 */
export function directiveOf(
  reading: Reading,
  pack: Pack,
  pd1: Segment,
  sentOn: string,
): Directive | undefined {
  const sent = pd1.value(12).toUpperCase();
  const directive = objectionOf(pack);
  if (sent === '' || !isTakable(reading, pd1, sent, directive)) return undefined;
  return {
    resourceType: 'Consent',
    status: sent === 'Y' ? 'active' : 'inactive',
    scope: { coding: [coding(SCOPE, 'patient-privacy', 'Privacy Consent')] },
    category: [{ coding: [coding(DIRECTIVE_SYSTEM, directive.code, directive.title)] }],
    dateTime: pd1Date(reading, pd1, 13) ?? sentOn,
    organization: [{ reference: reading.organization }],
    policy: [{ uri: directive.policy }],
    policyRule: { coding: [coding(ACT_CODE, 'OPTOUT', 'opt-out')] },
  };
}

/** Those of a person's Consents that close the record to somebody today: PD1-12 says Y for them, and not for what opens it. */
export function protecting(
  pack: Pack,
  { birthDate }: Patient,
  consents: readonly Consent[],
  now: Date,
): readonly Consent[] {
  const today = dayOf(now, pack.timeZone);
  const person = { deceased: false, ...(birthDate !== undefined && { birthDate }) };
  const closing = new Set(
    standing(pack, person, consents).flatMap((each) =>
      'consent' in each.cause && isDuring(each, today) ? [each.cause.consent] : [],
    ),
  );
  return consents.filter(({ id = '' }) => closing.has(id));
}

export const protectionNumber = (organization: string, person: string): EventNumber => ({
  system: PROTECTION_NUMBERS,
  value: `${organization.replace('Organization/', '')}.${person}`,
});

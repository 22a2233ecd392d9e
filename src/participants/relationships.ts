/**
 * Relationships that open records: who holds them, from which sources they are taken, how long they last. They are
 * facts with a source, admitted only where the person was told from all others by a full demographic match.
 */
import { dayAfter } from '../core/civil-day.ts';
import type { OrganizationKind } from '../policy/roles.ts';
import type { Relationship } from '../storage/participants.ts';

interface Admitting {
  readonly kind: Relationship['kind'];
  /** Where the fact may come from. */
  readonly sources: readonly string[];
}

/** What organisations of a kind hold; those that are not named hold none. */
export const HELD_BY: Readonly<Partial<Record<OrganizationKind, Admitting>>> = {
  'health-plan': { kind: 'member', sources: ['enrollment-file', 'claim'] },
  school: { kind: 'enrolled', sources: ['school-enrollment'] },
  'child-care': { kind: 'enrolled', sources: ['child-care-enrollment'] },
};

/** Where it may come from that somebody acts for a person, or is the person. */
export const OF_PEOPLE: Readonly<Record<'guardian' | 'self', readonly string[]>> = {
  guardian: ['birth-record', 'court-order', 'identity-proofing'],
  self: ['identity-proofing'],
};

/** A relationship as it is stored: one of a holder and a patient that begins on a day. */
export const relationshipOf = (
  facts: Omit<Relationship, '_id' | 'revision'> & { readonly revision?: number },
): Relationship => ({
  ...facts,
  _id: `${facts.holder} ${facts.patient} ${facts.from}`,
  revision: facts.revision ?? 1,
});

/** The day before somebody reaches an age in years: the last one of what ends with it. */
export function lastDayBefore(age: number, birthDate: string): string {
  const [year = '', month = '01', day = '01'] = birthDate.split('-');
  const birthday = new Date(Date.UTC(Number(year) + age, Number(month) - 1, Number(day)));
  return dayAfter(birthday.toISOString().slice(0, 10), -1);
}

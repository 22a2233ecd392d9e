/**
 * What a caller may ask for at all, whoever the person is: written down once more from docs/participants.md and SMART's
 * scopes, without a line of the server's.
 */
import type { Kind } from './law.ts';

export type Letter = 'c' | 'r' | 'u' | 'd' | 's';
export type Type = 'Patient' | 'Immunization' | 'Consent' | 'AuditEvent' | 'Provenance';

/** Whose records a purpose opens, before the law is asked. */
type Reach = 'all' | 'named' | 'related' | 'own' | 'none';

interface Right {
  readonly kind: Kind;
  readonly reach: Reach;
  /** Letters by type. */
  readonly opens: Readonly<Partial<Record<Type, string>>>;
  /** Whether only a person may claim it. */
  readonly personal?: true;
  /** Whether nothing may be searched for: only operations look for what is part of a record. */
  readonly unsearched?: true;
}

const STATUS = { Patient: 'rs', Immunization: 'rs' };
const CLAIMS = { Patient: 'crs', Immunization: 'crs' };
const OWN = { Patient: 'rs', Immunization: 'rs', Consent: 'crs', Provenance: 'rs' };
const LOGS = { AuditEvent: 'rs', Provenance: 'rs' };

/** By role and purpose; what is not here is refused whatever is asked. */
export const RIGHTS: Readonly<Record<string, Right>> = {
  'provider TREAT': {
    kind: 'provider',
    reach: 'named',
    opens: { Patient: 'crus', Immunization: 'cruds', Consent: 'crs', Provenance: 'crs' },
  },
  'provider ETREAT': {
    ...{ kind: 'provider', reach: 'named', personal: true, unsearched: true },
    opens: { Patient: 'r', Immunization: 'rs' },
  },
  'provider HOPERAT': { kind: 'provider', reach: 'none', opens: { Provenance: 'rs' } },
  'provider-read-only TREAT': {
    ...{ kind: 'provider', reach: 'named' },
    opens: { Patient: 'rs', Immunization: 'rs', Consent: 'rs', Provenance: 'rs' },
  },
  'provider-read-only ETREAT': {
    ...{ kind: 'provider', reach: 'named', personal: true, unsearched: true },
    opens: { Patient: 'r', Immunization: 'rs' },
  },
  'school SCHOOL': { kind: 'school', reach: 'related', opens: STATUS },
  'child-care SCHOOL': { kind: 'child-care', reach: 'related', opens: STATUS },
  'organization-administrator HOPERAT': { kind: 'provider', reach: 'none', opens: {} },
  'health-plan HPAYMT': { kind: 'health-plan', reach: 'related', opens: CLAIMS },
  'health-plan COVERAGE': { kind: 'health-plan', reach: 'related', opens: CLAIMS },
  'exchange-partner IISEXCH': {
    ...{ kind: 'other-registry', reach: 'named' },
    opens: { ...CLAIMS, Provenance: 'crs' },
  },
  'registry-staff PUBHLTH': {
    ...{ kind: 'public-health', reach: 'all' },
    opens: { Patient: 'crus', Immunization: 'cruds', Consent: 'crus', Provenance: 'crs' },
  },
  'registry-staff REGOPER': {
    ...{ kind: 'public-health', reach: 'named' },
    opens: { Patient: 'r', Consent: 'crus', Provenance: 'rs' },
  },
  'registry-manager PUBHLTH': {
    ...{ kind: 'public-health', reach: 'all' },
    opens: {
      ...{ Patient: 'cruds', Immunization: 'cruds', Consent: 'cruds' },
      ...{ AuditEvent: 'rs', Provenance: 'cruds' },
    },
  },
  'registry-manager REGOPER': {
    ...{ kind: 'public-health', reach: 'named' },
    opens: { Patient: 'r', Consent: 'crus', AuditEvent: 'rs', Provenance: 'rs' },
  },
  'registry-manager HOPERAT': { kind: 'public-health', reach: 'none', opens: LOGS },
  'vital-records VITALREC': {
    ...{ kind: 'public-health', reach: 'named' },
    opens: { Patient: 'crus', Immunization: 'crs' },
  },
  'auditor HOPERAT': { kind: 'privacy', reach: 'none', opens: LOGS },
  'privacy-officer REGOPER': {
    ...{ kind: 'privacy', reach: 'named' },
    opens: { Patient: 'r', Consent: 'rs', AuditEvent: 'rs', Provenance: 'rs' },
  },
  'privacy-officer HOPERAT': { kind: 'privacy', reach: 'none', opens: LOGS },
  'researcher HRESCH': { kind: 'researcher', reach: 'none', opens: {} },
  'patient PATRQT': { kind: 'patient', reach: 'own', personal: true, opens: OWN },
  'guardian FAMRQT': { kind: 'guardian', reach: 'own', personal: true, opens: OWN },
};

/** A scope of a token, in the parts that SMART writes it in. */
export interface Word {
  readonly level: 'patient' | 'user' | 'system';
  readonly type: Type | '*';
  readonly letters: string;
  /** Of doses: of this vaccine only. */
  readonly vaccine?: string;
}

/** A relationship to a person: first and last day. */
export interface Tie {
  readonly person: string;
  readonly from: string;
  readonly until?: string;
}

export interface Holder {
  readonly role: string;
  readonly purpose: string;
  readonly isPerson: boolean;
  /** None where no token speaks for the caller. */
  readonly words?: readonly Word[];
  /** The person of the launch. */
  readonly launched?: string;
  readonly ties: readonly Tie[];
}

/** A thing that is asked for: whose record it is of, and of a dose the vaccine. */
interface Wanted {
  readonly type: Type;
  readonly letter: Letter;
  readonly person?: string;
  readonly vaccine?: string;
  readonly day: string;
  readonly isPart?: boolean;
}

/** Whether a caller may ask for things of a type at all; `isPart`: as part of an operation on one record. */
export function mayAsk({ words, ...holder }: Holder, type: Type, letter: Letter, isPart = false): boolean {
  if (!takesPart(holder)) return false;
  const { opens: letters, unsearched } = RIGHTS[`${holder.role} ${holder.purpose}`] as Right;
  if (unsearched === true && letter === 's' && !isPart) return false;
  return letters[type]?.includes(letter) === true && (words?.some(opens(type, letter)) ?? true);
}

const opens =
  (type: Type, letter: Letter) =>
  (word: Word): boolean =>
    (word.type === '*' || word.type === type) && word.letters.includes(letter);

/** Whether role, purpose, token and relationship leave a thing. */
export function rightLeaves(holder: Holder, { type, letter, person, vaccine, day, isPart }: Wanted): boolean {
  if (!mayAsk(holder, type, letter, isPart)) return false;
  const { words, launched, ties } = holder;
  const isInWords =
    words?.some(
      (word) =>
        opens(type, letter)(word) &&
        (word.level !== 'patient' || person === launched) &&
        (word.vaccine === undefined || word.vaccine === vaccine),
    ) ?? true;
  const reach = RIGHTS[`${holder.role} ${holder.purpose}`]?.reach;
  const isTied = ties.some(
    ({ person: of, from, until = '9999' }) => of === person && from <= day && day <= until,
  );
  return isInWords && (reach === 'all' || reach === 'named' || isTied);
}

/** Whether the role may claim the purpose. */
export function takesPart({ role, purpose, isPerson }: Holder): boolean {
  const right = RIGHTS[`${role} ${purpose}`];
  return right !== undefined && (right.personal !== true || isPerson);
}

/** Whether the caller may look through what it cannot name: who was launched for a person has named one. */
export function mayBrowse({ role, purpose, words, launched }: Holder): boolean {
  const { reach = 'none', unsearched } = RIGHTS[`${role} ${purpose}`] ?? {};
  const isOfOne = launched !== undefined && words?.every(({ level }) => level === 'patient') === true;
  return unsearched !== true && (reach === 'all' || reach === 'own' || (reach === 'named' && isOfOne));
}

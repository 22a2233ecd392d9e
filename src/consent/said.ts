/**
 * What a Consent says in the terms of a pack: which directive it is, from when to when, and what its provisions add.
 * What the registry cannot honour is refused when it is written, so that nobody relies on it.
 * https://hl7.org/fhir/R4/consent.html
 */
import type { Consent } from '@medplum/fhirtypes';
import { Failure, fail } from '../core/failure.ts';
import {
  directiveOf,
  DIRECTIVE_SYSTEM,
  WITHDRAWAL,
  type Directive,
  type Pack,
} from '../jurisdictions/pack.ts';
import { ALWAYS, stretchOf, type Stretch } from './days.ts';
import { filersOf } from './facts.ts';
import { denialsOf, type Denied } from './provisions.ts';

/** A directive as one Consent says it. */
export interface Said {
  readonly consent: string;
  readonly directive: Directive;
  readonly during: Stretch;
  /** Ids of the organizations that took it down. */
  readonly filers: readonly string[];
  /** What its provisions close, beside what the directive does. */
  readonly denials: readonly Denied[];
}

/** What a Consent is in the eyes of a pack; undefined for one that is about something else than sharing. */
export type Kind =
  | { readonly is: 'directive'; readonly directive: Directive }
  | { readonly is: 'withdrawal'; readonly ends: string };

const SCOPE = 'patient-privacy';

/**
 * Reads the category.
 * @throws Failure `business-rule` or `code-invalid` for a privacy consent that names no directive of the pack
 */
export function kindOf(pack: Pack, consent: Consent): Kind | undefined {
  if ((consent.scope.coding ?? []).every(({ code }) => code !== SCOPE)) return undefined;
  const codes = consent.category
    .flatMap(({ coding = [] }) => coding)
    .filter(({ system }) => system === DIRECTIVE_SYSTEM)
    .map(({ code }) => code ?? '');
  const [code, ...more] = codes;
  if (code === undefined || more.length > 0) {
    return fail(
      'business-rule',
      `A privacy consent names one directive in its category (system ${DIRECTIVE_SYSTEM}): ${codesOf(pack)}.`,
      ['Consent.category'],
    );
  }
  if (code === WITHDRAWAL) return { is: 'withdrawal', ends: endedBy(consent) };
  const directive = directiveOf(pack, code);
  if (directive !== undefined) return { is: 'directive', directive };
  return fail('code-invalid', `This registry has no such directive. It has: ${codesOf(pack)}.`, [
    'Consent.category',
  ]);
}

const codesOf = (pack: Pack): string => [...pack.directives.map(({ code }) => code), WITHDRAWAL].join(', ');

/** A withdrawal names the directive that it ends as the data it is about. */
function endedBy({ provision }: Consent): string {
  const named = (provision?.data ?? []).flatMap(({ reference }) => {
    const match = /^Consent\/([A-Za-z0-9.-]{1,64})$/.exec(reference.reference ?? '');
    return match?.[1] === undefined ? [] : [match[1]];
  });
  const [only, ...more] = named;
  if (only !== undefined && more.length === 0) return only;
  return fail(
    'business-rule',
    'A withdrawal names the one directive that it ends: provision.data with the meaning "instance" and a reference to Consent/[id].',
    ['Consent.provision.data'],
  );
}

/**
 * What a directive says, its provisions included.
 * @throws Failure for what cannot be honoured
 */
export function saidBy(pack: Pack, consent: Consent, directive: Directive): Said {
  const period = consent.provision?.period ?? {};
  const during = stretchOf(period, pack.timeZone);
  return {
    consent: consent.id ?? '',
    directive,
    during,
    filers: filersOf(consent),
    denials: denialsOf(pack, consent, directive, during),
  };
}

/** What stored Consents say that count: those that are active. */
export function allSaid(pack: Pack, consents: readonly Consent[]): Said[] {
  return consents.filter(({ status }) => status === 'active').flatMap((consent) => storedSaid(pack, consent));
}

/** What was stored under other rules and cannot be read under these closes the record: somebody wanted it closed. */
function storedSaid(pack: Pack, consent: Consent): Said[] {
  try {
    const kind = kindOf(pack, consent);
    return kind?.is === 'directive' ? [saidBy(pack, consent, kind.directive)] : [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ consent: consent.id ?? '', directive: UNREADABLE, during: ALWAYS, filers: [], denials: [] }];
  }
}

export const UNREADABLE: Directive = {
  code: 'unreadable',
  title: 'A directive of another jurisdiction',
  effect: 'restricts',
  text: 'What cannot be read closes the record.',
  sources: [],
  sees: [],
  administering: false,
  policy: '',
  for: ['child', 'adult'],
  filedBy: [],
  withdrawnBy: ['public-health'],
};

/**
 * The standing of a person: the sum of the directives, of what holds where nothing is on file, of age and death, as
 * restrictions in civil days. Pure: Consents, the person and the pack in, restrictions out.
 */
import type { Consent } from '@medplum/fhirtypes';
import type { Band, Pack, Recipient } from '../jurisdictions/pack.ts';
import { ALWAYS, birthday, daysOf, isEmpty, overlap, without, type Stretch } from './days.ts';
import { EMERGENCY, EVERYBODY, organizationKey } from './keys.ts';
import { allSaid, type Said } from './said.ts';
import type { Restriction } from './visibility.ts';

/** What of a person bears on who may see the record. */
export interface Person {
  readonly birthDate?: string;
  readonly deceased: boolean;
  /**
   * Of a person that a submitter reported without being allowed to see the one it is: who that was. Only it and
   * public health see what it reported.
   */
  readonly submitter?: string;
}

const PUBLIC_HEALTH: Recipient = 'public-health';
/** Public health's sight holds in every pack; statutory duties are outside what a person may say. */
const spared = (sees: readonly Recipient[]): string[] => [...new Set<string>([PUBLIC_HEALTH, ...sees])];

/** All restrictions on a record, of all days. */
export function standing(pack: Pack, person: Person, consents: readonly Consent[]): Restriction[] {
  const said = allSaid(pack, consents);
  return [
    ...said.flatMap((each) => ofDirective(pack, person, each)),
    ...ofNothingOnFile(pack, person, said),
    ...ofDeath(pack, person),
    ...ofAge(pack, person),
    ofMinors(pack),
    ofConsents(pack),
    ...ofSubmitter(person),
  ].filter((each) => !isEmpty(each));
}

/** The days on which doses may be stored; undefined where nothing stands against it. */
export function storing(pack: Pack, person: Person, consents: readonly Consent[]): Stretch[] | undefined {
  const { child, adult } = pack.nothingOnFile;
  if (child.stores && adult.stores) return undefined;
  const free = (['child', 'adult'] as const)
    .filter((band) => pack.nothingOnFile[band].stores)
    .map((band) => bandOf(pack, person, band));
  return [...free, ...openedDays(pack, person, consents)];
}

/** The days on which some directive opens the record. */
export const openedDays = (pack: Pack, person: Person, consents: readonly Consent[]): Stretch[] =>
  allSaid(pack, consents)
    .filter(({ directive }) => directive.effect === 'opens')
    .flatMap((each) => daysOfSaid(pack, person, each));

/** The days of a band. A birth date that is not known to the day leaves days that are in both bands. */
function bandOf(pack: Pack, { birthDate }: Person, band: Band): Stretch {
  if (birthDate === undefined) return ALWAYS;
  const { first, last } = daysOf(birthDate, pack.timeZone);
  const { years } = pack.ages.adultRules;
  return band === 'child'
    ? { from: ALWAYS.from, to: birthday(last, years) }
    : { from: birthday(first, years), to: ALWAYS.to };
}

/** The days on which a directive counts: those of its Consent, of its bands, before the age at which it ends. */
function daysOfSaid(pack: Pack, person: Person, { directive, during }: Said): Stretch[] {
  const { endsAtAge } = directive;
  const end =
    endsAtAge === undefined || person.birthDate === undefined
      ? ALWAYS.to
      : birthday(daysOf(person.birthDate, pack.timeZone).first, endsAtAge);
  const whole = overlap(during, { from: ALWAYS.from, to: end });
  if (directive.for.length > 1) return isEmpty(whole) ? [] : [whole];
  return directive.for
    .map((band) => overlap(whole, bandOf(pack, person, band)))
    .filter((each) => !isEmpty(each));
}

function ofDirective(pack: Pack, person: Person, said: Said): Restriction[] {
  const { directive, consent, denials } = said;
  const days = daysOfSaid(pack, person, said);
  const emergency =
    pack.emergency.allowed && pack.emergency.opens.includes(directive.code) ? [EMERGENCY] : [];
  const cause = { code: directive.code, consent };
  const limits = days.flatMap((part) =>
    denials.map((denial): Restriction => ({
      ...denial,
      ...overlap(part, denial),
      spares: [...spared([]), ...denial.spares, ...emergency],
      data: { ...denial.data, ...RECORD },
      cause: { why: 'limits', ...cause },
    })),
  );
  if (directive.effect !== 'restricts') return limits;
  const closed = days.map((part): Restriction => ({
    ...part,
    hits: [EVERYBODY],
    spares: [...spared(directive.sees ?? []), ...emergency],
    sparesAdministering: directive.administering === true,
    ...(directive.administering === true && said.filers.length > 0 && { knownTo: said.filers }),
    data: RECORD,
    cause: { why: 'directive', ...cause },
  }));
  return [...closed, ...limits];
}

/** The directives themselves have a rule of their own (ofConsents). */
const RECORD = { directives: false } as const;

/** Closed until opened: to each recipient, but for the days on which somebody has opened the record to it. */
function ofNothingOnFile(pack: Pack, person: Person, said: readonly Said[]): Restriction[] {
  return (['child', 'adult'] as const).flatMap((band) => {
    const days = bandOf(pack, person, band);
    return pack.nothingOnFile[band].closedTo
      .filter((who) => who !== PUBLIC_HEALTH)
      .flatMap((who) =>
        without(days, openings(pack, person, said, who)).map((part): Restriction => ({
          ...part,
          hits: [who],
          spares: [],
          sparesAdministering: true,
          cause: { why: 'nothing-on-file', code: band },
        })),
      );
  });
}

const openings = (pack: Pack, person: Person, said: readonly Said[], who: Recipient): Stretch[] =>
  said
    .filter(({ directive: { effect, opensTo } }) => effect === 'opens' && (opensTo?.includes(who) ?? true))
    .flatMap((each) => daysOfSaid(pack, person, each));

function ofDeath({ death }: Pack, { deceased }: Person): Restriction[] {
  if (!deceased) return [];
  const spares = spared(death.sees);
  return [{ ...ALWAYS, hits: [EVERYBODY], spares, sparesAdministering: false, cause: { why: 'death' } }];
}

/** A guardian of whose charge the age is not known is kept away. */
function ofAge(pack: Pack, { birthDate }: Person): Restriction[] {
  const { years } = pack.ages.guardianAccessEnds;
  const from =
    birthDate === undefined ? ALWAYS.from : birthday(daysOf(birthDate, pack.timeZone).first, years);
  return [
    {
      from,
      to: ALWAYS.to,
      hits: ['guardian'],
      spares: [],
      sparesAdministering: false,
      cause: { why: 'guardian-age' },
    },
  ];
}

function ofMinors({ minorsOwn: { vaccines } }: Pack): Restriction {
  const data = { minorsOwn: true, ...(vaccines.length > 0 && { codes: vaccines }) } as const;
  return {
    ...ALWAYS,
    hits: ['guardian'],
    spares: [],
    sparesAdministering: false,
    data,
    cause: { why: 'minors-own' },
  };
}

/** Who may read a directive and its form. */
function ofConsents({ consents: { readBy } }: Pack): Restriction {
  return {
    ...ALWAYS,
    hits: [EVERYBODY],
    spares: spared(readBy),
    sparesAdministering: false,
    sparesFilers: true,
    data: { directives: true },
    cause: { why: 'directives-themselves' },
  };
}

function ofSubmitter({ submitter }: Person): Restriction[] {
  if (submitter === undefined) return [];
  const spares = [...spared([]), organizationKey(submitter)];
  return [
    { ...ALWAYS, hits: [EVERYBODY], spares, sparesAdministering: false, cause: { why: 'other-submitter' } },
  ];
}

/** Who sees what of a record under each directive: worked out by the code that decides it, for the pages of jurisdictions. */
import type { Consent } from '@medplum/fhirtypes';
import { keysOf, organizationKey } from '../../src/consent/keys.ts';
import { standing, type Person } from '../../src/consent/standing.ts';
import { keepsAway, visibilityOf, type Facts } from '../../src/consent/visibility.ts';
import {
  DIRECTIVE_SYSTEM,
  RECIPIENTS,
  type Band,
  type Pack,
  type Recipient,
} from '../../src/jurisdictions/pack.ts';

const DAY = '2026-06-15';
const BORN: Readonly<Record<Band, string>> = { child: '2018-01-01', adult: '1980-01-01' };
const GIVER = 'giver';

/** A column: what was said, and of whom. */
interface Case {
  readonly title: string;
  readonly code?: string;
  readonly person: Person;
}

function casesOf(pack: Pack): Case[] {
  const bands = (['child', 'adult'] as const).flatMap((band): Case[] => {
    const person = { birthDate: BORN[band], deceased: false };
    const said = pack.directives
      .filter((each) => each.effect !== 'limits' && each.for.includes(band))
      .map(({ title, code }) => ({ title: `${title} (${band})`, code, person }));
    return [{ title: `Nothing on file (${band})`, person }, ...said];
  });
  return [...bands, { title: 'After death', person: { birthDate: BORN.adult, deceased: true } }];
}

const consentOf = (code: string): Consent => ({
  resourceType: 'Consent',
  id: 'said',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ system: DIRECTIVE_SYSTEM, code }] }],
});

interface Row {
  readonly title: string;
  readonly recipient: Recipient;
  readonly isGiver?: true;
}

const NAMES = RECIPIENTS as Readonly<Record<Recipient, string>>;
const ROWS: readonly Row[] = [
  ...(Object.keys(NAMES) as Recipient[]).map((recipient) => ({ title: NAMES[recipient], recipient })),
  { title: 'the provider who administered some of the doses', recipient: 'provider', isGiver: true },
];

const FACTS: readonly (readonly [name: string, facts: Facts])[] = [
  ['who it is', { type: 'Patient', id: 'person' }],
  [
    'its own doses',
    { type: 'Immunization', id: 'own', administered: [GIVER], codes: ['140'], day: '2020-01-01' },
  ],
  [
    'other doses',
    { type: 'Immunization', id: 'other', administered: ['other'], codes: ['140'], day: '2020-01-01' },
  ],
];

function cell(pack: Pack, { recipient, isGiver }: Row, { code, person }: Case): string {
  if (pack.recipients[recipient]?.access === 'none') return 'nothing';
  const restrictions = standing(pack, person, code === undefined ? [] : [consentOf(code)]);
  const known = { restrictions, administering: [GIVER] };
  const keys = [
    ...keysOf({ recipient, organizations: [], purposes: [] }),
    ...(isGiver ? [organizationKey(GIVER)] : []),
  ];
  const seen = FACTS.filter(([, facts]) =>
    visibilityOf('person', known, [facts]).every((entry) => !keepsAway(entry, keys, DAY)),
  ).map(([name]) => name);
  if (seen.length === FACTS.length) return 'all';
  return seen.length === 0 ? 'nothing' : seen.join(', ');
}

/** The table in Markdown. */
export function sightTable(pack: Pack): string {
  const cases = casesOf(pack);
  const rows = ROWS.map((each) => [each.title, ...cases.map((some) => cell(pack, each, some))]);
  const lines = [['', ...cases.map(({ title }) => title)], ['---', ...cases.map(() => '---')], ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

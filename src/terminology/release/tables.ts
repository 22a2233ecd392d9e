/** The code tables: what each is, where it is from, its columns, and how a record of the source becomes a row. */
import { codesOf } from './message-sets.ts';
import { list, of, text, type Row, type Source } from './row.ts';

export interface Table {
  readonly file: string;
  readonly from: string;
  readonly about: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** How many of the first columns name a row. */
  readonly key: number;
  rows(source: Source): readonly Row[];
}

const CDC = 'Work of the United States government (CDC), public domain in the USA.';
const AIRA = 'AIRA codebase (https://github.com/immregistries/codebase), Apache-2.0';

function vaccineOf(source: Source): Row {
  const date = of(source['useDate']);
  const months = of(source['useAgeMonths']);
  return [
    text(source['code']),
    text(source['short']),
    text(source['full']),
    text(source['status']),
    list(source['groups']),
    text(source['conceptType']),
    text(date['notBefore']),
    text(date['notAfter']),
    text(months['notBefore']),
    text(months['notAfter']),
    text(source['updated']),
  ];
}

const productOf = (s: Source): Row => [
  text(s['ndc']),
  text(s['kind']),
  text(s['cvx']),
  list(text(s['mvx'])?.split('/')),
  text(s['product']),
  text(s['start']),
  text(s['end']),
  text(s['gtin']),
  list(s['kind'] === 'use' ? s['sale'] : s['use']),
  text(s['updated']),
];

export const TABLES: readonly Table[] = [
  {
    file: 'cvx.json',
    from: 'cvx.json',
    key: 1,
    about: {
      title: 'Vaccines administered (CVX)',
      system: 'http://hl7.org/fhir/sid/cvx',
      origin: `CDC cvx and vax2vg tables; kind and limits of use: ${AIRA}`,
      licence: CDC,
      note: 'The limits of use are hints; some follow the date a row was edited. Warn at most, never refuse.',
    },
    columns: [
      'code',
      'short',
      'full',
      'status',
      'groups',
      'kind',
      'usedFrom',
      'usedUntil',
      'minMonths',
      'maxMonths',
      'updated',
    ],
    rows: (s) => [vaccineOf(s)],
  },
  {
    file: 'mvx.json',
    from: 'mvx.json',
    key: 1,
    about: {
      title: 'Manufacturers of vaccines (MVX)',
      system: 'http://hl7.org/fhir/sid/mvx',
      origin: 'CDC mvx table',
      licence: CDC,
    },
    columns: ['code', 'name', 'status', 'updated'],
    rows: (s) => [[text(s['code']), text(s['name']), text(s['status']), text(s['updated'])]],
  },
  {
    file: 'ndc.json',
    from: 'ndc-cvx.json',
    key: 2,
    about: {
      title: 'Packages (NDC, 5-4-2): units of use and of sale, their CVX and MVX',
      system: 'http://hl7.org/fhir/sid/ndc',
      origin: 'CDC NDC unit-of-use, unit-of-sale and linker tables',
      licence: CDC,
    },
    columns: ['ndc', 'kind', 'cvx', 'mvx', 'product', 'start', 'end', 'gtin', 'linked', 'updated'],
    rows: (s) => [productOf(s)],
  },
  {
    file: 'cpt-cvx.json',
    from: 'cpt-cvx.json',
    key: 2,
    about: {
      title: 'CPT to CVX',
      system: 'http://www.ama-assn.org/go/cpt',
      origin: 'CDC cpt table',
      licence: `Pairs of codes only. CPT codes are the American Medical Association's. ${CDC}`,
    },
    columns: ['cpt', 'cvx', 'updated'],
    rows: (s) => [[text(s['cpt']), text(s['cvx']), text(s['updated'])]],
  },
  {
    file: 'trade-names.json',
    from: 'tradename.json',
    key: 3,
    about: { title: 'Trade names, their CVX and MVX', origin: 'CDC tradename table', licence: CDC },
    columns: ['product', 'cvx', 'mvx', 'status', 'updated'],
    rows: (s) => [
      [text(s['product']), text(s['cvx']), text(s['mvx']), text(s['status']), text(s['updated'])],
    ],
  },
  {
    file: 'vaccine-groups.json',
    from: 'vaccine-groups.json',
    key: 1,
    about: {
      title: 'Vaccine groups: the code that stands for the group, and its members',
      origin: 'CDC vax2vg table',
      licence: CDC,
    },
    columns: ['group', 'cvx', 'members'],
    rows: (s) => [[text(s['group']), text(s['groupCvx']), list(s['cvx'])]],
  },
  {
    file: 'vis.json',
    from: 'vis.json',
    key: 2,
    about: {
      title: 'Vaccine Information Statements: editions and the vaccines each is for',
      origin: 'CDC vis, cvxvis and visurl tables',
      licence: CDC,
    },
    columns: ['gdti', 'edition', 'document', 'encoded', 'status', 'cvx', 'pdf', 'updated'],
    rows: (s) => [
      [
        text(s['gdti']),
        text(s['edition']),
        text(s['doc']),
        text(s['barcode']),
        text(s['status']),
        list(s['cvx']),
        text(s['pdf']),
        text(s['updated']),
      ],
    ],
  },
  {
    file: 'v2-code-sets.json',
    from: 'v2-code-sets.json',
    key: 2,
    about: { title: 'Value sets of immunization messages (HL7 v2)', origin: AIRA, licence: 'Apache-2.0' },
    columns: ['set', 'code', 'label', 'status', 'system', 'table'],
    rows: codesOf,
  },
];

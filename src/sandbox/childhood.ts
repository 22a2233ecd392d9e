/** The series of childhood and youth, as offered in the United States over the years, and what practices stock. */
import { dayOf } from './calendar.ts';
import type { Weighted } from './dice.ts';
import { months, steps, years, type Series } from './series.ts';

/** Series of childhood and youth, offered at well-child visits. */
export const CHILDHOOD: readonly Series[] = [
  {
    name: 'HEPB',
    since: dayOf('1991-11-21'),
    until: years(19),
    taken: 0.97,
    steps: steps([0, 0], [months(1), 28], [months(6), 56]),
    uses: [{ cvx: '08', weight: 1 }],
  },
  {
    name: 'RSVMAB',
    since: dayOf('2023-10-01'),
    until: months(8),
    taken: 0.5,
    steps: steps([0, 0]),
    uses: [
      { cvx: '306', weight: 0.9, ages: [0, 75] },
      { cvx: '307', weight: 1, ages: [76, 260] },
      { cvx: '332', weight: 0.3, from: dayOf('2025-09-01') },
    ],
  },
  {
    name: 'DTAP',
    since: dayOf('1949-01-01'),
    until: years(7) - 1,
    taken: 0.98,
    steps: steps([months(2), 0], [months(4), 28], [months(6), 28], [months(15), 183], [years(4), 183]),
    uses: [
      { cvx: '01', weight: 1, until: dayOf('1997-12-31') },
      { cvx: '20', weight: 0.55, from: dayOf('1997-01-01') },
      { cvx: '106', weight: 0.45, from: dayOf('2002-07-01') },
    ],
  },
  {
    name: 'POLIO',
    since: dayOf('1963-01-01'),
    until: years(18) - 1,
    taken: 0.98,
    steps: steps([months(2), 0], [months(4), 28], [months(6), 28], [years(4), 183]),
    uses: [
      { cvx: '02', weight: 1, until: dayOf('1999-12-31') },
      { cvx: '10', weight: 1, from: dayOf('1997-01-01') },
    ],
  },
  {
    name: 'HIB',
    since: dayOf('1990-10-01'),
    until: years(5) - 1,
    onceFrom: months(15),
    taken: 0.96,
    steps: steps([months(2), 0], [months(4), 28], [months(6), 28], [366, 56]),
    uses: [
      { cvx: '47', weight: 1, until: dayOf('1996-12-31') },
      { cvx: '48', weight: 1, from: dayOf('1993-04-01') },
    ],
  },
  {
    name: 'PCV',
    since: dayOf('2000-06-01'),
    until: years(5) - 1,
    onceFrom: years(2),
    taken: 0.96,
    steps: steps([months(2), 0], [months(4), 28], [months(6), 28], [366, 56]),
    uses: [
      { cvx: '100', weight: 1, until: dayOf('2010-04-30') },
      { cvx: '133', weight: 1, from: dayOf('2010-04-01'), until: dayOf('2023-05-31') },
      { cvx: '215', weight: 0.4, from: dayOf('2022-09-01') },
      { cvx: '216', weight: 1, from: dayOf('2023-07-01') },
    ],
  },
  {
    name: 'ROTAVIRUS',
    since: dayOf('2006-03-01'),
    until: months(8) - 1,
    startBy: 104,
    taken: 0.87,
    steps: steps([months(2), 0], [months(4), 28], [months(6), 28]),
    uses: [
      { cvx: '116', weight: 0.7 },
      { cvx: '119', weight: 0.3, doses: 2, from: dayOf('2008-07-01') },
    ],
  },
  {
    name: 'MMR',
    since: dayOf('1971-05-01'),
    until: years(19),
    taken: 0.97,
    steps: steps([366, 0], [years(4), 28, '1990-01-01']),
    uses: [{ cvx: '03', weight: 1 }],
  },
  {
    name: 'VARICELLA',
    since: dayOf('1995-06-01'),
    until: years(19),
    taken: 0.95,
    steps: steps([366, 0], [years(4), 84, '2006-07-01']),
    uses: [{ cvx: '21', weight: 1 }],
  },
  {
    name: 'HEPA',
    since: dayOf('2006-05-01'),
    until: years(19),
    taken: 0.88,
    steps: steps([366, 0], [months(18), 183]),
    uses: [{ cvx: '83', weight: 1 }],
  },
  {
    name: 'TDAP',
    since: dayOf('2005-07-01'),
    until: years(19),
    taken: 0.93,
    steps: steps([years(11), 0]),
    uses: [{ cvx: '115', weight: 1 }],
  },
  {
    name: 'MENACWY',
    since: dayOf('2005-03-01'),
    until: years(19),
    taken: 0.9,
    steps: steps([years(11), 0], [years(16), 56, '2011-01-01']),
    uses: [
      { cvx: '114', weight: 0.6, until: dayOf('2022-09-30') },
      { cvx: '136', weight: 0.4, from: dayOf('2010-03-01') },
      { cvx: '203', weight: 0.6, from: dayOf('2021-01-01') },
    ],
  },
  {
    name: 'HPV',
    since: dayOf('2006-07-01'),
    boysSince: dayOf('2011-11-01'),
    until: years(27),
    taken: 0.76,
    steps: steps([years(11), 0], [years(11), 160]),
    uses: [
      { cvx: '62', weight: 1, until: dayOf('2016-06-30') },
      { cvx: '165', weight: 1, from: dayOf('2015-04-01') },
    ],
  },
  {
    name: 'MENB',
    since: dayOf('2015-07-01'),
    until: years(19),
    taken: 0.3,
    steps: steps([years(16), 0], [years(16), 183]),
    uses: [
      { cvx: '163', weight: 0.65 },
      { cvx: '162', weight: 0.35 },
    ],
  },
];

/** A combination, given where its first series and one more are due. */
export interface Combination {
  readonly cvx: string;
  readonly covers: readonly string[];
  readonly from: number;
  readonly until?: number;
  /** Which doses of its first series it is for, counted from 0. */
  readonly doses: readonly [first: number, last: number];
}

/** What a practice stocks: practices differ, and keep to theirs. */
export const STOCKS: readonly Weighted<readonly Combination[]>[] = [
  [
    [
      { cvx: '110', covers: ['DTAP', 'HEPB', 'POLIO'], from: dayOf('2003-01-01'), doses: [0, 2] },
      { cvx: '130', covers: ['DTAP', 'POLIO'], from: dayOf('2008-08-01'), doses: [4, 4] },
      { cvx: '94', covers: ['MMR', 'VARICELLA'], from: dayOf('2006-01-01'), doses: [1, 1] },
    ],
    40,
  ],
  [
    [
      { cvx: '146', covers: ['DTAP', 'HEPB', 'HIB', 'POLIO'], from: dayOf('2021-06-01'), doses: [0, 2] },
      { cvx: '120', covers: ['DTAP', 'HIB', 'POLIO'], from: dayOf('2008-08-01'), doses: [0, 3] },
      { cvx: '130', covers: ['DTAP', 'POLIO'], from: dayOf('2008-08-01'), doses: [4, 4] },
    ],
    40,
  ],
  [
    [
      {
        cvx: '22',
        covers: ['DTAP', 'HIB'],
        from: dayOf('1993-04-01'),
        until: dayOf('2000-12-31'),
        doses: [0, 3],
      },
    ],
    20,
  ],
];

/** Ages of well-child visits. */
export const VISITS: readonly number[] = [
  months(1),
  months(2),
  months(4),
  months(6),
  months(9),
  366,
  months(15),
  months(18),
  years(2),
  years(3),
  years(4),
  years(5),
  years(6),
  years(7),
  years(8),
  years(9),
  years(10),
  years(11),
  years(12),
  years(13),
  years(14),
  years(15),
  years(16),
  years(17),
  years(18),
];

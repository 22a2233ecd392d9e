/** The series of grown people, as offered in the United States over the years. */
import { dayOf } from './calendar.ts';
import { steps, years, type Series } from './series.ts';

/** Series of grown people, offered at the doctor's and the pharmacy. */
export const ADULTHOOD: readonly Series[] = [
  {
    name: 'TDAP',
    since: dayOf('2006-01-01'),
    until: years(90),
    taken: 0.6,
    steps: steps([years(19), 0]),
    uses: [{ cvx: '115', weight: 1 }],
  },
  {
    name: 'TD',
    since: dayOf('2005-01-01'),
    until: years(95),
    taken: 0.55,
    steps: steps([years(21), 3650], [years(31), 3650], [years(41), 3650], [years(51), 3650]),
    uses: [
      { cvx: '113', weight: 0.5 },
      { cvx: '09', weight: 0.2, until: dayOf('2024-12-31') },
      { cvx: '115', weight: 0.4, from: dayOf('2019-10-01') },
    ],
  },
  {
    name: 'PNEUMOCOCCAL',
    since: dayOf('2000-01-01'),
    until: years(95),
    taken: 0.66,
    steps: steps([years(65), 0], [years(66), 366, '2014-10-01']),
    uses: [
      { cvx: '33', weight: 1, until: dayOf('2021-12-31') },
      { cvx: '133', weight: 1, from: dayOf('2014-10-01'), until: dayOf('2021-12-31') },
      { cvx: '216', weight: 1, from: dayOf('2022-02-01'), doses: 1 },
      { cvx: '327', weight: 0.8, from: dayOf('2024-10-01'), doses: 1 },
    ],
  },
  {
    name: 'ZOSTERLIVE',
    since: dayOf('2008-05-01'),
    until: years(80),
    taken: 0.25,
    steps: steps([years(60), 0]),
    uses: [{ cvx: '121', weight: 1, until: dayOf('2018-06-30') }],
  },
  {
    name: 'ZOSTER',
    since: dayOf('2018-02-01'),
    until: years(95),
    taken: 0.48,
    steps: steps([years(50), 0], [years(50), 61]),
    uses: [{ cvx: '187', weight: 1 }],
  },
  {
    name: 'RSV',
    since: dayOf('2023-08-01'),
    until: years(100),
    taken: 0.3,
    steps: steps([years(65), 0]),
    uses: [
      { cvx: '303', weight: 0.6 },
      { cvx: '305', weight: 0.4 },
      { cvx: '326', weight: 0.1, from: dayOf('2024-08-01') },
    ],
  },
  {
    name: 'HEPBADULT',
    since: dayOf('2010-01-01'),
    until: years(60),
    taken: 0.14,
    steps: steps([years(20), 0], [years(20), 28]),
    uses: [
      { cvx: '43', weight: 1, until: dayOf('2020-12-31') },
      { cvx: '189', weight: 1, from: dayOf('2019-01-01') },
    ],
  },
  {
    name: 'HEPAADULT',
    since: dayOf('2000-01-01'),
    until: years(80),
    taken: 0.07,
    steps: steps([years(20), 0], [years(20), 183]),
    uses: [
      { cvx: '52', weight: 0.8 },
      { cvx: '104', weight: 0.2 },
    ],
  },
  {
    name: 'TYPHOID',
    since: dayOf('2005-01-01'),
    until: years(80),
    taken: 0.025,
    steps: steps([years(20), 0]),
    uses: [
      { cvx: '101', weight: 0.8 },
      { cvx: '25', weight: 0.2 },
    ],
  },
  {
    name: 'YELLOWFEVER',
    since: dayOf('2005-01-01'),
    until: years(60),
    taken: 0.01,
    steps: steps([years(20), 0]),
    uses: [{ cvx: '37', weight: 1 }],
  },
  {
    name: 'MPOX',
    since: dayOf('2022-08-01'),
    until: years(60),
    taken: 0.012,
    steps: steps([years(20), 0], [years(20), 28]),
    uses: [{ cvx: '206', weight: 1 }],
  },
  {
    name: 'RABIES',
    since: dayOf('2005-01-01'),
    until: years(80),
    taken: 0.008,
    steps: steps([years(20), 0]),
    uses: [
      { cvx: '175', weight: 0.5 },
      { cvx: '176', weight: 0.5 },
    ],
  },
];

/** Vaccines that come by the season or came with the pandemic: influenza and COVID-19, with the products of each year. */
import { dayOf } from './calendar.ts';
import { years, type Use } from './series.ts';

const EVER = years(130);

/** Influenza products, by season and age: trivalent until 2013, quadrivalent until 2024, trivalent again. */
export const INFLUENZA: readonly Use[] = [
  { cvx: '141', weight: 0.5, until: dayOf('2014-06-30'), ages: [183, EVER] },
  { cvx: '140', weight: 0.4, until: dayOf('2014-06-30'), ages: [183, EVER] },
  { cvx: '111', weight: 0.3, until: dayOf('2013-06-30'), ages: [years(2), years(18)] },
  { cvx: '135', weight: 1.2, until: dayOf('2020-06-30'), ages: [years(65), EVER] },
  {
    cvx: '150',
    weight: 0.5,
    from: dayOf('2013-07-01'),
    until: dayOf('2024-06-30'),
    ages: [183, years(65) - 1],
  },
  {
    cvx: '158',
    weight: 0.25,
    from: dayOf('2013-08-20'),
    until: dayOf('2024-06-30'),
    ages: [183, years(65) - 1],
  },
  {
    cvx: '161',
    weight: 0.6,
    from: dayOf('2014-07-01'),
    until: dayOf('2022-06-30'),
    ages: [183, years(3) - 1],
  },
  {
    cvx: '149',
    weight: 0.15,
    from: dayOf('2018-08-15'),
    until: dayOf('2024-06-30'),
    ages: [years(2), years(18)],
  },
  {
    cvx: '171',
    weight: 0.2,
    from: dayOf('2021-08-01'),
    until: dayOf('2024-06-30'),
    ages: [183, years(65) - 1],
  },
  {
    cvx: '185',
    weight: 0.12,
    from: dayOf('2018-07-01'),
    until: dayOf('2024-06-30'),
    ages: [years(18), EVER],
  },
  { cvx: '197', weight: 1.2, from: dayOf('2020-07-01'), until: dayOf('2024-06-30'), ages: [years(65), EVER] },
  { cvx: '205', weight: 0.5, from: dayOf('2020-07-22'), until: dayOf('2024-06-30'), ages: [years(65), EVER] },
  { cvx: '140', weight: 0.7, from: dayOf('2024-07-01'), ages: [183, years(65) - 1] },
  { cvx: '141', weight: 0.15, from: dayOf('2024-07-01'), ages: [183, years(65) - 1] },
  { cvx: '111', weight: 0.12, from: dayOf('2024-08-06'), ages: [years(2), years(18)] },
  { cvx: '153', weight: 0.15, from: dayOf('2024-07-01'), ages: [183, years(65) - 1] },
  { cvx: '155', weight: 0.15, from: dayOf('2024-07-01'), ages: [years(18), EVER] },
  { cvx: '135', weight: 1.2, from: dayOf('2024-07-01'), ages: [years(65), EVER] },
  { cvx: '168', weight: 0.5, from: dayOf('2015-12-10'), until: dayOf('2020-06-30'), ages: [years(65), EVER] },
  { cvx: '168', weight: 0.5, from: dayOf('2024-07-01'), ages: [years(65), EVER] },
];

/** COVID-19 products: first series and boosters as they were authorised. */
export const COVID: readonly Use[] = [
  {
    cvx: '208',
    weight: 0.56,
    from: dayOf('2020-12-14'),
    until: dayOf('2022-08-31'),
    ages: [years(12), EVER],
  },
  {
    cvx: '207',
    weight: 0.38,
    from: dayOf('2020-12-21'),
    until: dayOf('2022-08-31'),
    ages: [years(18), EVER],
  },
  {
    cvx: '212',
    weight: 0.06,
    from: dayOf('2021-03-01'),
    until: dayOf('2022-05-05'),
    ages: [years(18), EVER],
  },
  {
    cvx: '218',
    weight: 1,
    from: dayOf('2021-11-03'),
    until: dayOf('2022-10-11'),
    ages: [years(5), years(12) - 1],
  },
  {
    cvx: '219',
    weight: 0.5,
    from: dayOf('2022-06-18'),
    until: dayOf('2023-04-17'),
    ages: [183, years(5) - 1],
  },
  {
    cvx: '228',
    weight: 0.5,
    from: dayOf('2022-06-18'),
    until: dayOf('2023-04-17'),
    ages: [183, years(6) - 1],
  },
  {
    cvx: '300',
    weight: 0.65,
    from: dayOf('2022-09-02'),
    until: dayOf('2023-09-10'),
    ages: [years(12), EVER],
  },
  {
    cvx: '229',
    weight: 0.35,
    from: dayOf('2022-09-02'),
    until: dayOf('2023-09-10'),
    ages: [years(18), EVER],
  },
  {
    cvx: '301',
    weight: 1,
    from: dayOf('2022-10-13'),
    until: dayOf('2023-09-10'),
    ages: [years(5), years(12) - 1],
  },
  { cvx: '309', weight: 0.6, from: dayOf('2023-09-13'), ages: [years(12), EVER] },
  { cvx: '312', weight: 0.34, from: dayOf('2023-09-13'), ages: [years(12), EVER] },
  { cvx: '313', weight: 0.05, from: dayOf('2023-10-04'), ages: [years(12), EVER] },
  { cvx: '310', weight: 0.7, from: dayOf('2023-09-13'), ages: [years(5), years(12) - 1] },
  { cvx: '311', weight: 0.3, from: dayOf('2023-09-13'), ages: [183, years(12) - 1] },
  {
    cvx: '308',
    weight: 0.4,
    from: dayOf('2023-09-13'),
    until: dayOf('2025-08-27'),
    ages: [183, years(5) - 1],
  },
  { cvx: '334', weight: 0.15, from: dayOf('2025-09-01'), ages: [years(65), EVER] },
];

/** From when on an age could get its first dose against COVID-19, and how many did. */
export const COVID_ROLLOUT: readonly {
  readonly minAge: number;
  readonly from: number;
  readonly taken: number;
}[] = [
  { minAge: years(65), from: dayOf('2021-01-11'), taken: 0.92 },
  { minAge: years(40), from: dayOf('2021-03-15'), taken: 0.8 },
  { minAge: years(18), from: dayOf('2021-04-05'), taken: 0.68 },
  { minAge: years(12), from: dayOf('2021-05-13'), taken: 0.55 },
  { minAge: years(5), from: dayOf('2021-11-05'), taken: 0.34 },
  { minAge: 183, from: dayOf('2022-06-21'), taken: 0.1 },
];

/** Seasons kept on file before the present one: what happened earlier is mostly lost. */
export const SEASONS_KEPT = 12;

/** What belongs to a dose given on a day to somebody of an age: package, lot, place on the body, who pays. */
import type { Product, Terminology } from '../terminology/load.ts';
import { productsOf } from '../terminology/lookup.ts';
import { dateOf, dayOf, YEAR } from './calendar.ts';
import type { Dice, Weighted } from './dice.ts';
import type { Given } from './dose-body.ts';
import { formOf, sitesFor } from './dose-forms.ts';
import type { Lots } from './lots.ts';
import type { Cover } from './person.ts';

const ELIGIBILITY: Readonly<Record<Cover, readonly Weighted<string>[]>> = {
  private: [['V01', 1]],
  medicaid: [['V02', 1]],
  uninsured: [['V03', 1]],
  underinsured: [
    ['V05', 4],
    ['V08', 6],
  ],
  chip: [['V06', 1]],
  military: [
    ['V01', 7],
    ['V07', 3],
  ],
};

const VFC_BEGAN = dayOf('1994-10-01');

/** The eligibility that is reported with a dose; of grown people mostly none is. */
export function eligibilityOf(
  chance: Dice,
  day: number,
  child: { readonly birthDay: number; readonly cover: Cover; readonly native: boolean },
): string | undefined {
  if (day < VFC_BEGAN) return undefined;
  if (day - child.birthDay >= 19 * YEAR) return chance.chance(0.3) ? 'V01' : undefined;
  return child.native ? 'V04' : chance.weigh(ELIGIBILITY[child.cover]);
}

/** The package of a vaccine that was on the market that day, and its maker. */
function packageOf(
  chance: Dice,
  terms: Terminology,
  cvx: string,
  date: string,
): { readonly product?: Product; readonly mvx?: string } {
  const sold = productsOf(terms, cvx, date);
  if (sold.length === 0) return {};
  const product = chance.favor(sold);
  const mvx = product.mvx[0];
  return { product, ...(mvx !== undefined && { mvx }) };
}

type Facts = Pick<Given, 'product' | 'mvx' | 'lot' | 'form' | 'bodySite' | 'recorded' | 'withStatement'>;

/** Days from giving to reporting: most at once, some late. */
const DELAYS: readonly Weighted<readonly [low: number, high: number]>[] = [
  [[0, 0], 62],
  [[1, 2], 26],
  [[3, 14], 9],
  [[15, 90], 3],
];

/** What the giver of a dose knows of it. */
export function factsOf(
  chance: Dice,
  terms: Terminology,
  dose: { readonly cvx: string; readonly day: number; readonly birthDay: number },
  world: { readonly lots: Lots; readonly today: number },
): Facts {
  const { cvx, day, birthDay } = dose;
  const pack = packageOf(chance, terms, cvx, dateOf(day));
  const form = formOf(cvx);
  const sites = sitesFor(form.route, day - birthDay);
  const [low, high] = chance.weigh(DELAYS);
  return {
    ...pack,
    lot: world.lots.lotOf({ cvx, mvx: pack.mvx ?? '' }, day, chance.pick([0, 1, 2] as const)),
    form,
    ...(sites.length > 0 && { bodySite: chance.pick(sites) }),
    recorded: dateOf(Math.min(world.today, day + chance.between(low, high))),
    withStatement: chance.chance(0.3),
  };
}

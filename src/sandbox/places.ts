/**
 * Where the people of the sandbox live: invented cities and streets of a state that is written VA, telephone
 * numbers 555-0100 to 555-0199, which are kept for fiction.
 */
import type { Dice } from './dice.ts';

export interface Place {
  readonly line: readonly string[];
  readonly city: string;
  readonly county: string;
  readonly state: string;
  readonly zip: string;
}

/** A part of the state with people and organisations of its own. */
export interface District {
  readonly at: number;
  readonly county: string;
  readonly cities: readonly { readonly name: string; readonly zips: readonly string[] }[];
}

export const STATE = 'VA';
/** Where people come from who were not born in the state. */
export const OTHER_STATES = ['MD', 'NC', 'PA', 'NY', 'TX', 'CA', 'FL', 'OH', 'GA', 'NJ', 'TN', 'WV'];
export const COUNTRIES = ['MX', 'SV', 'IN', 'PH', 'VN', 'CN', 'KR', 'ET', 'DE', 'UA', 'GH', 'BO'];

const words = (text: string): readonly string[] => text.split(' ');
const FIRST = words(
  'Alder Amber Ash Bell Birch Bram Briar Calder Cedar Clay Coral Dell Elder Fallow Fern Flint Gale Glen Hazel Heron Holly Iron Juniper Lark Laurel Linden Maple Marsh Meadow Mill Moss Oak Orchard Otter Pine Quarry Raven Reed River Rowan Sable Sage Silver Sorrel Stone Tamar Thorn Timber Vale Walnut Willow Wren',
);
const LAST = words(
  'bridge brook burg bury dale field ford gate ham haven hill hurst land ley mere mont port ridge side stead ton view ville water well wick wood worth',
);
const STREETS = words(
  'Acorn Aspen Barley Beacon Bluebird Bracken Candle Cardinal Chapel Chestnut Clover Copper Cottage Creekside Dogwood Drover Falcon Ferry Foxglove Garnet Granary Hawthorn Hearth Hollow Kestrel Lantern Larkspur Lilac Mallard Meridian Mulberry Nettle Orchard Partridge Pebble Poplar Primrose Quail Saddle Sandpiper Sparrow Spindle Sycamore Tannery Thistle Violet Wagon Weaver Whistler Windmill',
);
const KINDS = words('Street Avenue Road Lane Drive Court Way Place Circle Terrace');
const HOME_AREAS = words('276 434 540 571 703 757 804');
/** Mobile numbers come with people from anywhere. */
const MOBILE_AREAS = words(
  '202 205 212 213 215 228 240 252 276 301 304 312 314 321 336 347 352 386 404 407 410 412 423 434 443 484 502 504 510 513 540 561 571 585 602 614 615 617 631 646 667 678 681 702 703 704 706 713 716 717 718 724 727 732 740 757 765 773 786 803 804 813 814 817 828 832 843 856 864 865 904 910 914 917 919 941 973 980',
);

/** The district of a number: its county, cities and ZIP codes. */
export function districtOf(chance: Dice, at: number): District {
  const county = `${chance.pick(FIRST)}${chance.pick(LAST)} County`;
  const names = Array.from({ length: 4 }, () => `${chance.pick(FIRST)}${chance.pick(LAST)}`);
  const cities = names.map((name, nth) => {
    const first = 22000 + ((at * 12 + nth * 3) % 2500);
    return { name, zips: [String(first), String(first + 1), String(first + 2)] };
  });
  return { at, county, cities };
}

/** An address in a district; most have no second line. */
export function placeIn(chance: Dice, district: District): Place {
  const city = chance.pick(district.cities);
  const street = `${chance.between(1, 9899)} ${chance.pick(STREETS)} ${chance.pick(KINDS)}`;
  const unit = `${chance.pick(['Apt', 'Unit', '#'])} ${chance.between(1, 48)}${chance.pick(['', '', 'A', 'B', 'C'])}`;
  return {
    line: chance.chance(0.24) ? [street, unit] : [street],
    city: city.name,
    county: district.county,
    state: STATE,
    zip: chance.pick(city.zips),
  };
}

const write = (chance: Dice, area: string): string => {
  const line = `555-01${String(chance.between(0, 99)).padStart(2, '0')}`;
  return chance.pick([`(${area}) ${line}`, `${area}-${line}`, `+1-${area}-${line}`]);
};

/** A telephone at home or at work in the state. */
export function landline(chance: Dice): string {
  return write(chance, chance.pick(HOME_AREAS));
}

/** A mobile telephone. */
export function mobile(chance: Dice): string {
  return write(chance, chance.pick(MOBILE_AREAS));
}

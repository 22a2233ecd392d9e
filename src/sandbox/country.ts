/**
 * The organisations of a sandbox, drawn: state-wide ones once and local ones for each district, with their
 * sites and the people who work there. About forty at the default size.
 */
import { dice, PURPOSE, type Dice } from './dice.ts';
import { CULTURES, type Sex } from './names.ts';
import {
  BRANCHES,
  KINDS,
  LOCAL,
  STATEWIDE,
  type Organization,
  type Site,
  type Worker,
} from './organizations.ts';
import { districtOf, landline, placeIn, type District } from './places.ts';

/** Completes nine digits with the check digit of a national provider identifier (Luhn, with the prefix 80840). */
function npiOf(chance: Dice): string {
  const nine = `9${String(chance.between(0, 99_999_999)).padStart(8, '0')}`;
  const sum = Array.from(nine).reduce((total, digit, at) => {
    const weighted = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 24);
  return nine + String((10 - (sum % 10)) % 10);
}

function workerOf(chance: Dice, key: string, profession: Worker['profession']): Worker {
  const culture = chance.weigh(CULTURES);
  const sex: Sex = chance.chance(0.7) ? 'female' : 'male';
  return {
    key,
    given: chance.pick(culture.given[sex]),
    family: chance.favor(culture.families),
    sex,
    profession,
    npi: npiOf(chance),
  };
}

type Owner = Pick<Organization, 'key' | 'kind' | 'name'>;

function siteOf(chance: Dice, owner: Owner, district: District, at: number): Site {
  const key = `${owner.key}-D${district.at}S${at}`;
  const place = placeIn(chance, district);
  const staff = KINDS[owner.kind].staff;
  return {
    key,
    organization: owner.key,
    kind: owner.kind,
    name: `${owner.name}, ${place.city}`,
    place,
    phone: landline(chance),
    workers: staff.map((profession, nth) => workerOf(chance, `${key}-${nth}`, profession)),
  };
}

function stateOrganization(seed: number, at: number, home: District): Organization {
  const chance = dice(seed, PURPOSE.organization, 0, at);
  const [kind, name] = STATEWIDE[at] ?? ['public-health', ''];
  return {
    key: `S${at}`,
    kind,
    name,
    place: placeIn(chance, home),
    phone: landline(chance),
    npi: npiOf(chance),
    sites: [],
  };
}

function localOrganization(seed: number, at: number, district: District): Organization {
  const chance = dice(seed, PURPOSE.organization, district.at + 1, at);
  const [kind, suffix, count] = LOCAL[at] ?? ['family-practice', 'Family Medicine', 1];
  const name =
    kind === 'local-health-department'
      ? `${district.county} ${suffix}`
      : `${chance.pick(district.cities).name} ${suffix}`;
  const owner = { key: `D${district.at}N${at}`, kind, name };
  return {
    ...owner,
    place: placeIn(chance, district),
    phone: landline(chance),
    npi: npiOf(chance),
    ...(kind === 'local-health-department' && { partOf: 'S0' }),
    sites: Array.from({ length: count }, (_, site) => siteOf(chance, owner, district, site)),
  };
}

/** A district with what is in it. */
export interface Community {
  readonly district: District;
  readonly organizations: readonly Organization[];
  /** Branches of state-wide organisations. */
  readonly branches: readonly Site[];
}

/** Draws the communities of a world, each once. */
export interface Country {
  readonly statewide: readonly Organization[];
  community(at: number): Community;
}

/** The organisations of a world. Communities are drawn when first asked for and kept: there are few even for a million people. */
export function countryOf(seed: number): Country {
  const drawn = new Map<number, Community>();
  const draw = (at: number): Community => {
    const district = districtOf(dice(seed, PURPOSE.district, at), at);
    const chance = dice(seed, PURPOSE.district, at, 1);
    const owners = statewide.filter((organization) => BRANCHES.includes(organization.kind));
    return {
      district,
      organizations: LOCAL.map((_, nth) => localOrganization(seed, nth, district)),
      branches: owners.flatMap((owner) => [0, 1].map((site) => siteOf(chance, owner, district, site))),
    };
  };
  const home = districtOf(dice(seed, PURPOSE.district, 0), 0);
  const statewide = STATEWIDE.map((_, at) => stateOrganization(seed, at, home));
  return {
    statewide,
    community: (at) => {
      const community = drawn.get(at) ?? draw(at);
      drawn.set(at, community);
      return community;
    },
  };
}

const FIRST_DISTRICT = 1000;
const LARGEST_DISTRICT = 64_000;

/** The district of a person's number: the first has a thousand people, each next twice as many, up to 64,000. */
export function districtFor(n: number): number {
  let at = 0;
  let size = FIRST_DISTRICT;
  for (let end = size; n >= end; end += size) {
    at += 1;
    size = Math.min(size * 2, LARGEST_DISTRICT);
  }
  return at;
}

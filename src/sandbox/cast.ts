/** Who serves a person: the practice, pharmacy, hospital and others of the community, the same for the whole household. */
import type { Community, Country } from './country.ts';
import { dice, PURPOSE, type Dice, type Weighted } from './dice.ts';
import { YEAR } from './calendar.ts';
import type { Kind, Organization, Site } from './organizations.ts';
import type { Person } from './person.ts';
import type { Venue } from './tale.ts';

export interface Cast {
  readonly sites: Readonly<Record<Venue, Site>>;
  /** Keys of organisations that report what others gave. */
  readonly plan: string;
  readonly registry: string;
}

const FOR_CHILDREN: readonly Weighted<Kind>[] = [
  ['pediatrics', 62],
  ['family-practice', 26],
  ['community-health-center', 9],
  ['local-health-department', 3],
];
const FOR_ADULTS: readonly Weighted<Kind>[] = [
  ['family-practice', 58],
  ['internal-medicine', 28],
  ['community-health-center', 12],
  ['local-health-department', 2],
];
const PHARMACIES: readonly Weighted<Kind>[] = [
  ['pharmacy-chain', 85],
  ['pharmacy', 15],
];

function sitesIn({ organizations, branches }: Community): readonly Site[] {
  return [...organizations.flatMap((organization) => organization.sites), ...branches];
}

/** Sites of a community by kind, worked out once for each. */
const byCommunity = new WeakMap<Community, ReadonlyMap<Kind, readonly Site[]>>();

function sitesByKind(community: Community): ReadonlyMap<Kind, readonly Site[]> {
  const known = byCommunity.get(community) ?? Map.groupBy(sitesIn(community), (site) => site.kind);
  byCommunity.set(community, known);
  return known;
}

function siteOf(chance: Dice, community: Community, kind: Kind): Site {
  return chance.pick(sitesByKind(community).get(kind) ?? []);
}

const keyOf = (chance: Dice, organizations: readonly Organization[], kind: Kind): string =>
  chance.pick(organizations.filter((organization) => organization.kind === kind)).key;

/** The cast of a person: children of a household go to one practice, grown people to another. */
export function castOf(
  seed: number,
  person: Person,
  where: { readonly country: Country; readonly community: Community; readonly today: number },
): Cast {
  const { country, community, today } = where;
  const chance = dice(seed, PURPOSE.report, person.household);
  const forChildren = siteOf(chance, community, chance.weigh(FOR_CHILDREN));
  const forAdults = siteOf(chance, community, chance.weigh(FOR_ADULTS));
  const child = today - person.birthDay < 20 * YEAR;
  return {
    sites: {
      home: child ? forChildren : forAdults,
      'birth-hospital': siteOf(chance, community, 'hospital'),
      pharmacy: siteOf(chance, community, chance.weigh(PHARMACIES)),
      'health-department': siteOf(chance, community, 'local-health-department'),
      school: siteOf(chance, community, 'school'),
      'urgent-care': siteOf(chance, community, 'urgent-care'),
    },
    plan: keyOf(chance, country.statewide, 'health-plan'),
    registry: keyOf(chance, country.statewide, 'other-registry'),
  };
}

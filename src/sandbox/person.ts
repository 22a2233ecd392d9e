/** A person of the sandbox as he or she truly is; what organisations write of a person is an Identity, mistakes included. */
import type { Culture, Sex } from './names.ts';
import type { Place } from './places.ts';

/** What an organisation writes down to know a person by. */
export interface Identity {
  readonly given: readonly string[];
  readonly family: string;
  readonly suffix?: string;
  readonly nickname?: string;
  /** The family name before marriage, divorce or adoption. */
  readonly formerFamily?: string;
  readonly sex: Sex;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly mothersMaidenName?: string;
  readonly place?: Place;
  /** Where the person lived before, and the day of the move. */
  readonly former?: { readonly place: Place; readonly until: number };
  readonly phone?: string;
  readonly mobile?: string;
  readonly email?: string;
  /** Place among twins and triplets, from 1. */
  readonly birthOrder?: number;
}

export type Role = 'mother' | 'father' | 'adult' | 'child' | 'grandparent';

/** How a person keeps to the schedule. */
export type Habit = 'prompt' | 'usual' | 'late' | 'rare' | 'refuses';

/** Who pays for a child's vaccines: decides the eligibility that is reported with a dose. */
export type Cover = 'private' | 'medicaid' | 'uninsured' | 'underinsured' | 'chip' | 'military';

export interface Guardian {
  readonly relationship: 'MTH' | 'FTH' | 'GRPRN' | 'GUARD';
  readonly given: string;
  readonly family: string;
}

export interface Person extends Identity {
  /** Number of the person in the world, from 0. */
  readonly n: number;
  /** Number of the household: that of its first person. */
  readonly household: number;
  readonly role: Role;
  readonly culture: Culture;
  /** Key of RACES, several joined by `+`, or `none`. */
  readonly race: string;
  readonly hispanic: boolean;
  readonly language: readonly [code: string, display: string];
  readonly birthDay: number;
  readonly deathDay?: number;
  /** Day of the move into the state, for those not born here. */
  readonly arrivedDay?: number;
  readonly birthState?: string;
  readonly birthCountry?: string;
  readonly birthCity?: string;
  readonly habit: Habit;
  readonly cover: Cover;
  readonly guardians: readonly Guardian[];
  readonly ssn?: string;
}

const IDENTITY: readonly (keyof Identity)[] = [
  'given',
  'family',
  'suffix',
  'nickname',
  'formerFamily',
  'sex',
  'birthDate',
  'mothersMaidenName',
  'place',
  'former',
  'phone',
  'mobile',
  'email',
  'birthOrder',
];

/** What an organisation that makes no mistake writes of a person. */
export function identityOf(person: Person): Identity {
  const known = IDENTITY.filter((key) => person[key] !== undefined);
  return Object.fromEntries(known.map((key) => [key, person[key]])) as unknown as Identity;
}

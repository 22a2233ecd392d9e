/** The messages of HL7 v2 that the benchmark sends: with all that the guide wants, each different, the same for the same seed. */
import { dice, type Dice } from '../../sandbox/dice.ts';
import { day, TOWN, whoFrom, type Who } from './bodies.ts';

export interface Messages {
  /** A VXU of one dose that the sender gave: of somebody new, or of one who was there before. */
  vxu(): string;
  /** A Z44 query that tells somebody by name, birth date, sex and address. */
  query(who: Who): string;
}

const FACILITY = 'BENCH';
const SENT = '20260101080000+0000';
/** CVX and MVX codes of what a child gets. */
const GIVEN = [
  ['20', 'PMC'],
  ['10', 'PMC'],
  ['08', 'MSD'],
  ['03', 'MSD'],
  ['21', 'MSD'],
  ['83', 'MSD'],
  ['133', 'PFR'],
  ['110', 'SKB'],
] as const;
/** Beginnings of family names that nobody in the store has: who is new shares ZIP code, given name and year of birth with many, and is none of them. */
const LETTERS = 'b c d f g h k l m n p r s t v z'.split(' ');
/** Visits of those who have been there before, for one of somebody new. */
const VISITS = [
  ['first', 1],
  ['later', 2],
] as const;
/** Those of the past who come again. */
const REMEMBERED = 1000;

interface Visitor {
  readonly who: Who;
  readonly number: string;
}

const nameFrom = (chance: Dice): string =>
  `${chance.pick(LETTERS).toUpperCase()}o${chance.pick(LETTERS)}a${chance.pick(LETTERS)}u`;

const plain = (date: string): string => date.replaceAll('-', '');
const sexOf = ({ gender }: Who): string => gender.slice(0, 1).toUpperCase();
const addressOf = ({ line, postalCode }: Who): string => `${line}^^${TOWN}^^${postalCode}^USA`;
const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\r`).join('');

const headOf = (type: string, profile: string, id: string): string =>
  `MSH|^~\\&|EHR|${FACILITY}|IIS|STATE|${SENT}||${type}|${id}|P|2.5.1|||ER|AL|||||${profile}^CDCPHINVS|${FACILITY}|STATE`;

/** `run` tells the numbers of one run from those of another on the same store. */
export function messagesFrom(seed: number, run: string): Messages {
  const chance = dice(seed);
  const visitors: Visitor[] = [];
  let count = 0;
  const next = (): string => `${run}-${seed}-${(count += 1)}`;
  const visitor = (): Visitor => {
    if (visitors.length > 0 && chance.weigh(VISITS) === 'later') return chance.pick(visitors);
    const who = whoFrom(chance);
    const made = { who: { ...who, family: nameFrom(chance) + who.family.toLowerCase() }, number: next() };
    if (visitors.length < REMEMBERED) visitors.push(made);
    else visitors[chance.between(0, REMEMBERED - 1)] = made;
    return made;
  };
  return {
    vxu: () => vxuOf(visitor(), next(), chance),
    query: (who) => {
      const id = next();
      const name = `${who.family}^${who.given}^^^^^L`;
      return text(
        headOf('QBP^Q11^QBP_Q11', 'Z44', id),
        `QPD|Z44^Request Evaluated History and Forecast^CDCPHINVS|${id}||${name}||${plain(who.birthDate)}|${sexOf(who)}|${addressOf(who)}`,
        'RCP|I|5^RD',
      );
    },
  };
}

function vxuOf({ who, number }: Visitor, id: string, chance: Dice): string {
  const [cvx, mvx] = chance.pick(GIVEN);
  const date = plain(day(chance, 2024, 2025));
  return text(
    headOf('VXU^V04^VXU_V04', 'Z22', id),
    `PID|1||${number}^^^${FACILITY}^MR||${who.family}^${who.given}^^^^^L||${plain(who.birthDate)}|${sexOf(who)}|||${addressOf(who)}`,
    `ORC|RE||${id}^${FACILITY}|||||||1^Clerk^Myron||2^Ode^Mary^^^^^^${FACILITY}`,
    `RXA|0|1|${date}||${cvx}^^CVX|0.5|mL^milliliter^UCUM||00^New immunization record^NIP001|3^Nurse^Nina^^^^^^${FACILITY}|^^^${FACILITY}||||L${chance.between(1000, 9999)}|20291231|${mvx}^^MVX|||CP|A`,
    'RXR|C28161^Intramuscular^NCIT|LT^Left Thigh^HL70163',
    'OBX|1|CE|64994-7^Vaccine funding program eligibility category^LN|1|V01^Not VFC eligible^HL70064||||||F',
  );
}

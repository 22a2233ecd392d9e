/** What can be odd of a value alone: a name, an address, a telephone, a code of a small table. */
import { isPlaceholder } from '../../matching/normalize.ts';
import { folded } from '../../search/fold.ts';
import type { Look } from './look.ts';

/** Whose names nobody has. */
const TEST_NAME =
  /^(?:z*test\w*|demo|dummy|fake|sample|mickey mouse|minnie mouse|donald duck|john q public)$/;

function namesIn({ segment, number }: Look): { readonly family: string; readonly given: string } {
  const value = (component: number): string => folded(segment?.value(number, component) ?? '');
  return { family: value(1), given: value(2) };
}

/** USPS Publication 28, appendix B: states, territories, and the armed forces. */
const STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC ' +
    'SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP'
  ).split(' '),
);
const HERE: ReadonlySet<string> = new Set(['', 'US', 'USA']);
/** What an American address has to be like; of others nothing is known. */
const isAbroad = ({ segment, number }: Look): boolean =>
  !HERE.has((segment?.value(number, 6) ?? '').toUpperCase());

/** HL7 tables 0155, 0202 and 0354. */
const ACK_CONDITIONS: ReadonlySet<string> = new Set(['AL', 'NE', 'ER', 'SU']);
const EQUIPMENT: ReadonlySet<string> = new Set('PH FX MD CP BP INTERNET X.400 TDD TTY SAT'.split(' '));
const STRUCTURES: ReadonlySet<string> = new Set('VXU_V04 QBP_Q11 ADT_A01 ADT_A05 ADT_A30 ADT_A39'.split(' '));

function phoneDigits({ segment, number }: Look): string {
  const part = (component: number): string => segment?.value(number, component) ?? '';
  return `${part(6)}${part(7)}`.replace(/\D/g, '') || part(1).replace(/\D/g, '');
}
const PHONE_DIGITS = 10;

const addressOf = (look: Look): string =>
  [1, 3, 4, 5].map((component) => folded(look.segment?.value(look.number, component) ?? '')).join('|');

export const VALUE_TESTS = {
  'too-short': ({ value }: Look) => value.length === 1,
  short: ({ value }: Look) => value.length === 2,
  long: ({ value }: Look) => value.length > 25 && value.length <= 50,
  'too-long': ({ value }: Look) => value.length > 50,
  'no-name': ({ value }: Look) => value !== '' && (/\d/.test(value) || !/\p{L}/u.test(value)),
  initial: ({ value }: Look) => /^\p{L}\.?$/u.test(value),
  'ends-in-initial': ({ value }: Look) => /\p{L} \p{L}\.?$/u.test(value),
  'test-name': (look: Look) => {
    const { family, given } = namesIn(look);
    return [family, given, `${given} ${family}`].some((name) => TEST_NAME.test(name));
  },
  'junk-name': (look: Look) =>
    Object.values(namesIn(look)).some((name) => name !== '' && isPlaceholder(name)),
  'not-legal': ({ value }: Look) => value !== '' && value !== 'L',
  'no-state': (look: Look) => look.value !== '' && !isAbroad(look) && !STATES.has(look.value.toUpperCase()),
  'no-zip': (look: Look) => look.value !== '' && !isAbroad(look) && !/^\d{5}(?:-?\d{4})?$/.test(look.value),
  'short-phone': (look: Look) => {
    const { length } = phoneDigits(look);
    return length > 0 && length < PHONE_DIGITS;
  },
  'no-equipment': ({ value }: Look) => value !== '' && !EQUIPMENT.has(value.toUpperCase()),
  'bad-address': ({ value }: Look) => value === 'BA',
  'no-ack-condition': ({ value }: Look) => value !== '' && !ACK_CONDITIONS.has(value),
  'no-structure': ({ value }: Look) => value !== '' && !STRUCTURES.has(value),
  'without-time': ({ value }: Look) => value !== '' && !/^\d{12}/.test(value),
  'without-zone': ({ value }: Look) => value !== '' && !/[+-]\d{4}$/.test(value),
  'name-of-patient': (look: Look) => {
    const { pid } = look.about.record;
    const [one, other] = [namesIn(look), namesIn({ ...look, segment: pid, number: 5 })];
    return one.family !== '' && one.family === other.family && one.given === other.given;
  },
  'other-address': (look: Look) => {
    const own = addressOf({ ...look, segment: look.about.record.pid, number: 11 });
    return look.value !== '' && own !== '|||' && addressOf(look) !== own;
  },
} as const;

/** What is odd about a dose that is stored as it was sent: remarks for the sender's staff, each once, as a table. */
import type { DetectionName } from '../../quality/detections.ts';
import { terminology } from '../../terminology/load.ts';
import {
  manufacturerOf,
  productOf,
  sharesGroup,
  vaccineOf,
  vaccinesOfCpt,
} from '../../terminology/lookup.ts';
import { CPT, NDC } from '../../terminology/tables.ts';
import type { Segment } from '../message.ts';
import { dateOf } from '../time.ts';
import { ROUTES } from './administration.ts';
import type { About, OrderReading } from './order.ts';
import { tripletsOf } from './read.ts';
import type { VaccineRead } from './vaccine.ts';

interface Looked {
  readonly reading: OrderReading;
  readonly about: About;
  readonly vaccine: VaccineRead;
}

type Remark = readonly [
  name: DetectionName,
  segment: 'RXA' | 'RXR',
  field: number,
  isOdd: (looked: Looked) => boolean,
];

/** What senders put where they know no lot. */
const NO_LOT = /^(n[/.]?a\.?|none|no ?lot|unk|unknown|unspecified|test|[0x*?.-]+)$/i;
const BY_MOUTH_OR_NOSE: ReadonlySet<string> = new Set(['PO', 'NS', ROUTES['PO'] ?? '', ROUTES['NS'] ?? '']);

const codesOf = (segment: Segment | undefined, field: number): readonly string[] =>
  tripletsOf(segment?.field(field)[0]).map(({ code }) => code.toUpperCase());

const codesIn = ({ vaccine }: Looked, system: string): readonly string[] =>
  (vaccine.concept.coding ?? []).flatMap((each) => (each.system === system ? (each.code ?? []) : []));

/** Full months from one civil day to another. */
function monthsBetween(from: string, to: string): number {
  const [year = 0, month = 0, day = 0] = from.split('-').map(Number);
  const [atYear = 0, atMonth = 0, atDay = 0] = to.split('-').map(Number);
  return (atYear - year) * 12 + atMonth - month - (atDay < day ? 1 : 0);
}

function isOutOfAge({ reading, about, vaccine }: Looked): boolean {
  const day = about.date.slice(0, 10);
  const { minMonths = null, maxMonths = null } = vaccineOf(terminology(), vaccine.cvx) ?? {};
  if (day.length < 10 || !about.isGiven) return false;
  const age = monthsBetween(reading.person.birthDate, day);
  return age < Number(minMonths ?? 0) || age > Number(maxMonths ?? Infinity);
}

const isOfOtherCpt = (looked: Looked): boolean =>
  codesIn(looked, CPT).some((cpt) => {
    const meant = vaccinesOfCpt(terminology(), cpt);
    return (
      meant.length > 0 && meant.every(({ code }) => !sharesGroup(terminology(), code, looked.vaccine.cvx))
    );
  });

/** MVX of nobody in particular. */
const ANY_MAKER: ReadonlySet<string> = new Set(['UNK', 'OTH']);

function isOfOtherMaker(looked: Looked): boolean {
  const sent = codesOf(looked.about.rxa, 17).filter(
    (code) => manufacturerOf(terminology(), code) !== undefined && !ANY_MAKER.has(code),
  );
  const makers = codesIn(looked, NDC).flatMap((ndc) => productOf(terminology(), ndc)?.mvx ?? []);
  return sent.length > 0 && makers.length > 0 && !makers.some((maker) => sent.includes(maker));
}

function isEnteredBefore({ about }: Looked): boolean {
  const entered = dateOf(about.rxa.value(22));
  return entered?.length === 10 && entered < about.date.slice(0, 10);
}

const REMARKS: readonly Remark[] = [
  ['admin-date-age', 'RXA', 3, isOutOfAge],
  [
    'vaccine-unspecific',
    'RXA',
    5,
    ({ about, vaccine }) => about.isOwn && vaccineOf(terminology(), vaccine.cvx)?.kind === 'unspecified',
  ],
  ['vaccine-cpt-inconsistent', 'RXA', 5, isOfOtherCpt],
  ['amount-zero', 'RXA', 6, ({ about }) => about.isGiven && Number(about.rxa.value(6)) === 0],
  ['lot-invalid', 'RXA', 15, ({ about }) => about.isGiven && NO_LOT.test(about.rxa.value(15))],
  ['manufacturer-inconsistent', 'RXA', 17, isOfOtherMaker],
  ['entry-time-early', 'RXA', 22, isEnteredBefore],
  [
    'route-site',
    'RXR',
    2,
    ({ about: { group } }) =>
      group.rxr?.value(2) !== '' && codesOf(group.rxr, 1).some((code) => BY_MOUTH_OR_NOSE.has(code)),
  ],
];

/** Reports what is odd about a dose that is neither withdrawn nor refused. */
export function remarkDose(looked: Looked): void {
  const { about, reading } = looked;
  if (about.action === 'D') return;
  const segments = { RXA: about.rxa, RXR: about.group.rxr ?? 'RXR' };
  for (const [name, segment, field, isOdd] of REMARKS)
    if (isOdd(looked)) reading.findings.report(name, segments[segment], { field });
}

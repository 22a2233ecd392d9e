/** What of a message is counted for its sender without a word in the answer (quality/noted.ts). */
import { NOTED, type Noted, type NotedOf } from '../../quality/noted.ts';
import type { OrderGroup } from '../groups.ts';
import { isOwnIn } from '../mapping/source.ts';
import type { Segment } from '../message.ts';
import { DOSE_TESTS } from './dose-tests.ts';
import { isChild, type About, type Look } from './look.ts';
import { VALUE_TESTS } from './value-tests.ts';

/** What is not there: a segment, a field, or a component of a field that is. */
const MISSING_TESTS = {
  missing: ({ value }: Look) => value === '',
  'missing-of-multiple': ({ value, segment }: Look) => value === '' && segment?.value(24) === 'Y',
  'missing-of-dead': ({ value, segment }: Look) => value === '' && segment?.value(30) === 'Y',
  'missing-with-date': ({ value, segment }: Look) => value === '' && segment?.value(29) !== '',
} as const;

/** What decides each defect, by the name that the table has for it. */
export const TESTS: Readonly<Record<string, (look: Look) => boolean>> = {
  ...MISSING_TESTS,
  ...VALUE_TESTS,
  ...DOSE_TESTS,
};

/** What rows of the table are judged of, once for each. */
interface Subject {
  readonly segments: Readonly<Record<string, Segment | undefined>>;
  readonly group?: OrderGroup;
}

const byWhat: ReadonlyMap<NotedOf, readonly Noted[]> = Map.groupBy(NOTED, ({ of }) => of);

/** Codes of what is noted, each as often as it is there. */
export function notedIn(about: About): readonly string[] {
  return [...subjectsOf(about)].flatMap(([of, subjects]) =>
    subjects.flatMap((subject) =>
      (byWhat.get(of) ?? []).filter((row) => isSo(row, subject, about)).map(({ code }) => code),
    ),
  );
}

function* subjectsOf(about: About): Generator<readonly [NotedOf, readonly Subject[]]> {
  const { header, record } = about;
  const { pid: PID, pd1: PD1, nk1, orders, observations } = record;
  const done = orders.filter(({ rxa }) => rxa !== undefined && !REFUSED.has(rxa.value(20)));
  const isGiven = ({ rxa }: OrderGroup): boolean => rxa !== undefined && isOwnIn(rxa);
  yield ['message', [{ segments: { MSH: header.msh, PD1 } }]];
  yield ['person', [{ segments: { PID, PD1 } }]];
  if (isChild(about)) yield ['child', [{ segments: { NK1: nk1[0] } }]];
  yield ['guardian', nk1.map((NK1) => ({ segments: { NK1 } }))];
  yield ['order', orders.map(ofOrder)];
  yield ['given', done.filter(isGiven).map(ofOrder)];
  yield ['historical', done.filter((each) => !isGiven(each)).map(ofOrder)];
  const all = [...observations, ...orders.flatMap((each) => each.observations)];
  yield ['observation', all.map((OBX) => ({ segments: { OBX } }))];
}

/** HL7 table 0322: refused, and not administered. */
const REFUSED: ReadonlySet<string> = new Set(['RE', 'NA']);

const ofOrder = (group: OrderGroup): Subject => ({
  segments: { ORC: group.orc, RXA: group.rxa, RXR: group.rxr, OBX: group.observations[0] },
  group,
});

function isSo(row: Noted, subject: Subject, about: About): boolean {
  const segment = subject.segments[row.segment];
  if (!isMeant(row, segment)) return false;
  const look: Look = {
    value: valueIn(row, segment),
    segment,
    number: row.number ?? 0,
    ...(subject.group && { group: subject.group }),
    about,
  };
  return TESTS[row.test]?.(look) ?? false;
}

/** Of a segment that is not there its fields are not missed as well, nor of a field its components. */
function isMeant({ number, component }: Noted, segment: Segment | undefined): boolean {
  if (number === undefined) return true;
  return segment !== undefined && (component === undefined || segment.field(number).length > 0);
}

function valueIn({ number, component }: Noted, segment: Segment | undefined): string {
  if (segment === undefined) return '';
  if (number === undefined) return segment.name;
  if (component !== undefined) return segment.value(number, component);
  return (
    segment
      .field(number)[0]
      ?.flat()
      .find((part) => part !== '') ?? ''
  );
}

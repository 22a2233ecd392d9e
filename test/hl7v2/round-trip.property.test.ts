/** What the registry holds and messages carry goes out as a history (Z32) and is read again: nothing of it is lost. */
import { expect, test } from '@jest/globals';
import type {
  Consent,
  Immunization,
  Observation,
  Patient,
  RelatedPerson,
  Resource,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { readAnswer, type Named } from '../../src/hl7v2/answers/read.ts';
import { headerOf } from '../../src/hl7v2/header.ts';
import { parseMessage, segmentsOf } from '../../src/hl7v2/message.ts';
import { history, type WholeRecord } from '../../src/hl7v2/rsp.ts';
import { DIRECTIVE_SYSTEM } from '../../src/jurisdictions/pack.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import { dose, observation } from './records/doses.ts';
import { guardian, patient } from './records/people.ts';
import { ORGANIZATION } from './records/values.ts';

const now = new Date('2026-11-27T12:00:00Z');
const pack = loadPack('sandbox');
const QUERY = parseMessage(
  [
    'MSH|^~\\&|EHR|RIVER|IIS|RIVER|20261122110000-0500||QBP^Q11^QBP_Q11|Q1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS|RIVER|RIVER',
    'QPD|Z34^Request Immunization History^CDCPHINVS|T1|A^^^RIVER^MR',
  ].join('\r'),
);
const [qpd] = segmentsOf(QUERY, 'QPD');

const objection = pack.directives.find(
  ({ effect, filedBy }) => effect === 'restricts' && filedBy.includes('provider'),
);
const directive: Consent = {
  resourceType: 'Consent',
  status: 'active',
  scope: {},
  category: [{ coding: [{ system: DIRECTIVE_SYSTEM, code: objection?.code ?? '' }] }],
  dateTime: '2026-04-01',
};

type Held = Omit<WholeRecord, 'known'>;
const record: fc.Arbitrary<Held> = fc.record({
  patient,
  guardians: fc.array(guardian, { maxLength: 2 }),
  directives: fc.constantFrom<readonly Consent[]>([], [directive]),
  doses: fc.array(dose, { maxLength: 3 }),
  observations: fc.array(observation, { maxLength: 3 }),
  organization: fc.constant(ORGANIZATION),
});

function written(held: Held): string {
  if (qpd === undefined) throw new Error('The query has a QPD');
  const doses = held.doses.map((each, at) => ({ ...each, id: `dose-${at}` }));
  const writing = { newId: () => 'R1', now };
  return history({ header: headerOf(QUERY), qpd, writing }, { ...held, doses, known: new Map() }, []);
}

function read(text: string): Held & { readonly faults: unknown } {
  let count = 0;
  const newId = (): string => `id-${(count += 1)}`;
  const { told, reading } = readAnswer(parseMessage(text), { newId, now, pack });
  const [answerer, ...others] = told;
  const own = others.map((each) => referring(each, answerer?.fullUrl ?? ''));
  const of = <R extends Resource>(type: R['resourceType']): R[] =>
    own.flatMap((each) => (each.resourceType === type ? [each as R] : []));
  const [person = { resourceType: 'Patient' as const }] = of<Patient>('Patient');
  return {
    patient: person,
    guardians: of<RelatedPerson>('RelatedPerson'),
    directives: of<Consent>('Consent'),
    doses: of<Immunization>('Immunization'),
    observations: of<Observation>('Observation'),
    organization: ORGANIZATION,
    faults: (reading?.issue ?? []).filter(
      // The registry knows of doses with a site and no route, and no message may say so.
      ({ severity, expression = [] }) => severity === 'error' && !expression[0]?.startsWith('RXR^'),
    ),
  };
}

/** Whoever answers is the organization that asked, and everything is of the one person. */
const referring = ({ resource }: Named, answerer: string): Resource =>
  JSON.parse(
    JSON.stringify(resource)
      .replaceAll(answerer, ORGANIZATION)
      .replaceAll(/urn:uuid:id-\d+/g, 'Patient/p'),
  ) as Resource;

/** Where something that is held has not come back: paths, for people to read. */
function lost(held: unknown, back: unknown, path: string): string[] {
  if (Array.isArray(held)) return lostOfList(held, Array.isArray(back) ? back : [], path);
  if (typeof held !== 'object' || held === null)
    return held === back ? [] : [`${path}: ${JSON.stringify(held)} is ${JSON.stringify(back)}`];
  const other = (back ?? {}) as Record<string, unknown>;
  return Object.entries(held).flatMap(([key, value]) => lost(value, other[key], `${path}.${key}`));
}

/** Codings and extensions may come with others beside them, and are found by what they are. */
function lostOfList(held: readonly unknown[], back: readonly unknown[], path: string): string[] {
  if (/\.given$/.test(path)) return lost(held.join(' '), back.join(' '), path);
  const isSet = /\.(coding|extension)$/.test(path);
  const more = !isSet && back.length !== held.length ? [`${path}: ${held.length} are ${back.length}`] : [];
  return [
    ...more,
    ...held.flatMap((each, at) => {
      const all = isSet ? back : [back[at]];
      const tries = all.map((one) => lost(each, one, `${path}[${at}]`));
      return tries.toSorted((a, b) => a.length - b.length)[0] ?? [`${path}[${at}] is gone`];
    }),
  ];
}

const byDay = (a: Immunization, b: Immunization): number =>
  (a.occurrenceDateTime ?? '').localeCompare(b.occurrenceDateTime ?? '');

test('a record that is written and read has lost nothing, and is written again as it was', () => {
  fc.assert(
    fc.property(record, (held) => {
      const text = written(held);
      const { faults, ...back } = read(text);
      expect(faults).toEqual([]);
      expect(lost({ ...held, doses: held.doses.toSorted(byDay) }, back, 'record')).toEqual([]);
      const again = written(back);
      expect(written(read(again))).toBe(again);
    }),
    { seed: 20261127, numRuns: 200 },
  );
});

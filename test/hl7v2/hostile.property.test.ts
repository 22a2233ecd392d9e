/**
 * Messages that are broken on purpose: cut, shuffled, with delimiters, escapes and controls where none belong. Each is
 * answered with a message, nothing is a fault of the server, and what comes after is served. RUNS and SEED make it
 * longer: `RUNS=5000 SEED=1 npm test -- hostile.property`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receive, USUAL_SWITCHES, type V2Door } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { world, type World } from '../world/world.ts';
import { adt, GIVEN, HISTORICAL, order, person, vxu } from './messages.ts';

let w: World;
let door: V2Door;
beforeAll(async () => {
  w = await world();
  door = { rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES };
});
afterAll(() => w.end());

const CALLER = { actor: { client: 'local', role: 'developer', purpose: 'TREAT' }, requestId: 'hostile' };
const MESSAGE = vxu([...order(GIVEN, 'H1'), ...order(HISTORICAL, 'H2')], {
  pid: person('H1', 'Hostile'),
  more: [
    'PD1|||||||||||02^Any^HL70215|N|20260401|||A|20260402|20260403',
    'NK1|1|Hostile^Ngozi|MTH^Mother^HL70063',
  ],
});

/** Two numbers of a person, one of them given up. */
const MERGE = adt('A40', { pid: person('H1', 'Hostile'), more: ['MRG|H0^^^RIVER^MR~H9^^^RIVER^MR'] });

const SETTINGS = {
  numRuns: Number(process.env['RUNS'] ?? '40'),
  seed: Number(process.env['SEED'] ?? '20261122'),
};

const sent = fc.constantFrom(MESSAGE, MERGE);

type Change = (text: string) => string;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, share: number): number => Math.floor(share * text.length);
const PIECES = [
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\r',
  '\n',
  '\u000b',
  '\u001c',
  '\0',
  '\ufffd',
  '\ud800',
  '""',
  '\\X',
  '\\E\\',
  '{"$gt":""}',
  '__proto__',
];

const change: fc.Arbitrary<Change> = fc.oneof(
  place.map(
    (share): Change =>
      (text) =>
        text.slice(0, at(text, share)),
  ),
  fc.tuple(place, fc.constantFrom(...PIECES)).map(
    ([share, piece]): Change =>
      (text) =>
        text.slice(0, at(text, share)) + piece + text.slice(at(text, share) + 1),
  ),
  fc.tuple(place, place).map(([one, other]): Change => (text) => {
    const lines = text.split('\r');
    const [a, b] = [Math.floor(one * lines.length), Math.floor(other * lines.length)];
    return lines
      .map((line, n) => (n === a ? (lines[b] ?? '') : n === b ? (lines[a] ?? '') : line))
      .join('\r');
  }),
  place.map(
    (share): Change =>
      (text) =>
        text.slice(0, at(text, share)) + 'A'.repeat(20_000) + text.slice(at(text, share)),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 30 })).map(([share, times]): Change => (text) => {
    const lines = text.split('\r');
    const line = lines[Math.floor(share * lines.length)] ?? '';
    return [...lines, ...Array.from({ length: times }, () => line)].join('\r');
  }),
);

/** Both doors of HTTP: the message as it is, and in an envelope with which it may break out of its section. */
async function post(path: string, type: string, body: string): Promise<string> {
  const address = w.url.replace('/fhir/R4', path);
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': type }, body });
  return answer.text();
}
const enveloped = (text: string): string =>
  `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><submitSingleMessage xmlns="urn:cdc:iisb:2011"><hl7Message><![CDATA[${text}]]></hl7Message></submitSingleMessage></e:Body></e:Envelope>`;

/** A message, or a batch of them for what has become several. */
const ANSWERED = /^(FHS[^\r]*\rBHS[^\r]*\r)?(MSH\|\^~\\&\|[^\r]*\rMSA\|A[AER](\||\r)|BTS\|0\r)/;

test('whatever comes by HTTP or in an envelope is answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const text = changes.reduce((before, each) => each(before), MESSAGE);
      expect(await post('/hl7v2', 'text/plain', text)).toMatch(ANSWERED);
      const envelope = await post('/hl7v2/soap', 'application/soap+xml', enveloped(text));
      expect(envelope).toMatch(/&#xD;MSA\|A[AER]|<soap:Fault>/);
    }),
    { ...SETTINGS, numRuns: Math.ceil(SETTINGS.numRuns / 4) },
  );
  expect(w.logged.filter(({ level }) => level === 'error')).toEqual([]);
});

test('whatever comes is answered, and is no fault of the server', async () => {
  await fc.assert(
    fc.asyncProperty(sent, fc.array(change, { minLength: 1, maxLength: 4 }), async (message, changes) => {
      const text = changes.reduce((before, each) => each(before), message);
      const answer = await receive(door, CALLER, text);
      expect(answer).toMatch(/^MSH\|\^~\\&\|[^\r]*\rMSA\|A[AER](\||\r)/);
    }),
    SETTINGS,
  );
  expect(w.logged.filter(({ level }) => level === 'error')).toEqual([]);
  expect(await receive(door, CALLER, MESSAGE)).toContain('\rMSA|AA|M1');
});

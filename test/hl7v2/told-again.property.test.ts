/**
 * Doses that are told, told again, corrected and withdrawn in any order, in text that no part of the registry has written: what
 * FHIR shows, and what a history tells, is what a small reckoning comes to; the history sent back changes nothing.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Immunization, Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { world, type World } from '../world/world.ts';
import { field, found, MSH, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

/** What a message says of one dose. */
interface Telling {
  readonly number: string;
  readonly action: 'A' | 'U' | 'D';
  readonly vaccine: (typeof VACCINES)[number];
  readonly day: string;
  readonly lot: string;
  readonly site: string;
  readonly isGiven: boolean;
}

/** As senders write it, its CVX code, and a manufacturer of it. */
const VACCINES = [
  ['03^MMR^CVX', '03', 'MSD^Merck^MVX'],
  ['^^^03^Measles, mumps and rubella^CVX', '03', 'MSD'],
  ['00006-4681-00^M-M-R II^NDC', '03', 'MSD^^MVX'],
  ['90744^HepB^CPT^08^Hep B^CVX', '08', 'SKB^GlaxoSmithKline^MVX'],
  ['08^Hepatitis B \\T\\ more^CVX', '08', 'SKB^GSK^MVX'],
] as const;

const telling: fc.Arbitrary<Telling> = fc.record({
  number: fc.constantFrom('N0', 'N1', 'N2'),
  action: fc.constantFrom('A', 'A', 'U', 'D'),
  vaccine: fc.constantFrom(...VACCINES),
  day: fc.constantFrom('20250304', '2025-06-07'),
  lot: fc.constantFrom('', 'K7741', 'L\\F\\9'),
  site: fc.constantFrom('', 'LA^Left arm^HL70163', 'RT'),
  isGiven: fc.boolean(),
});
/** Messages of one to three doses, of which no two have a number in common. */
const messages = fc.array(
  fc.uniqueArray(telling, { minLength: 1, maxLength: 3, selector: ({ number }) => number }),
  { minLength: 1, maxLength: 5 },
);

/** Those of another number are on other days: what is withdrawn under no known number is told by its day and vaccine. */
const dayOf = ({ number, day }: Pick<Telling, 'number' | 'day'>): string =>
  day.replace('2025', String(2024 + Number(number.slice(1))));

function linesOf(
  { number, action, vaccine, day, lot, site, isGiven }: Telling,
  mrn: string,
): readonly string[] {
  const [written, , maker] = vaccine;
  const source = isGiven ? '00^New^NIP001' : '01^Historical^NIP001';
  const by = isGiven ? '9^Sticker^Nan^^^^^^RIVER' : '';
  const expiry = lot === '' ? '' : '20291231';
  const made = lot === '' ? '' : maker;
  return [
    `ORC|RE||${number}-${mrn}^RIVER`,
    `RXA|0|1|${dayOf({ number, day })}||${written}|0.5|mL^^UCUM||${source}|${by}|^^^RIVER||||${lot}|${expiry}|${made}|||CP|${action}`,
    ...(site === '' ? [] : [`RXR|C28161^IM^NCIT|${site}`]),
    ...(isGiven ? ['OBX|1|CE|64994-7^Eligibility^LN|1|V01^Not eligible^HL70064||||||F'] : []),
  ];
}

/** What is known of a dose: a dose of another vaccine, or after a withdrawal, begins anew; what is left out stays. */
interface Known {
  readonly cvx: string;
  readonly day: string;
  readonly lot: string;
  readonly site: string;
  readonly isGiven: boolean;
  readonly isWithdrawn: boolean;
}

const NOTHING = { lot: '', site: '' };

function reckoned(
  before: Known | undefined,
  { number, action, vaccine, day, lot, site, isGiven }: Telling,
): Known | undefined {
  if (action === 'D') return before && { ...before, isWithdrawn: true };
  const [, cvx] = vaccine;
  const stays = before?.isWithdrawn === false && before.cvx === cvx ? before : NOTHING;
  return {
    cvx,
    day: dayOf({ number, day }).replaceAll('-', ''),
    lot: lot.replace('\\F\\', '|') || stays.lot,
    site: site.slice(0, 2) || stays.site,
    isGiven,
    isWithdrawn: false,
  };
}

async function dosesOf(patient: string): Promise<ReadonlyMap<string, Immunization>> {
  const all = await found<Immunization>(w, `/Immunization?patient=${patient}&_count=50`);
  return new Map(
    all.map((each) => [each.identifier?.find(({ value = '' }) => /^N\d-/.test(value))?.value ?? '', each]),
  );
}

const shown = (dose: Immunization): Known => ({
  cvx: dose.vaccineCode.coding?.find(({ system }) => system?.endsWith('/cvx'))?.code ?? '',
  day: (dose.occurrenceDateTime ?? '').replaceAll('-', ''),
  lot: dose.lotNumber ?? '',
  site: dose.site?.coding?.[0]?.code ?? '',
  isGiven: dose.primarySource === true,
  isWithdrawn: dose.status === 'entered-in-error',
});

const QUERY = MSH.replace('VXU^V04^VXU_V04', 'QBP^Q11^QBP_Q11').replace('Z22^', 'Z34^');
const historyOf = (mrn: string): Promise<readonly string[]> =>
  send(
    w,
    [QUERY, `QPD|Z34^Request Immunization History^CDCPHINVS|T1|${mrn}^^^RIVER^MR`, 'RCP|I|5^RD']
      .map((line) => `${line}\r`)
      .join(''),
  );

const versionsIn = (doses: ReadonlyMap<string, Immunization>): readonly (string | undefined)[] =>
  [...doses.values()].map(({ id, meta }) => `${id ?? ''}/${meta?.versionId ?? ''}`).sort();

/** Somebody who is like nobody else. */
function whose(mrn: string, n: number): string {
  const letter = (at: number): string => 'bdfgklmnprstvz'.charAt(at % 14);
  const name = [1, 3, 5].map((by) => `${letter(n * by)}${'aeiou'.charAt(n % 5)}`).join('');
  const born = `20${String(10 + (n % 13))}0${String(1 + (n % 9))}1${String(n % 10)}`;
  return `PID|1||${mrn}^^^RIVER^MR||${name}${mrn}^${letter(n + 4)}${name}^^^^^L||${born}|F|||${n} Road^^Bozeman^MT^59${String(100 + n)}^USA^H`;
}

let people = 0;
test('come to what was said last, and a history that is sent back changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(messages, async (all) => {
      const mrn = `T${(people += 1)}`;
      const pid = whose(mrn, people);
      const known = new Map<string, Known>();
      for (const [at, some] of all.entries()) {
        const id = `${mrn}-${at}`;
        const orders = some.flatMap((each) => linesOf(each, mrn));
        const answer = await send(w, vxu(orders, { msh: field(MSH, 10, id), pid }));
        const errors = told(answer).filter((line) => / E /.test(line));
        const isLost = ({ number, action }: Telling): boolean => action === 'D' && !known.has(number);
        expect(errors.length > 0).toBe(some.some(isLost));
        for (const each of some) {
          const next = reckoned(known.get(each.number), each);
          if (next !== undefined) known.set(each.number, next);
        }
      }
      const [patient] = await found<Patient>(w, `/Patient?identifier=${mrn}`);
      if (patient === undefined) {
        expect(known.size).toBe(0);
        return;
      }
      const doses = await dosesOf(patient.id ?? '');
      expect(new Map([...doses].map(([number, dose]) => [number.split('-')[0], shown(dose)]))).toEqual(known);
      const history = await historyOf(mrn);
      const orders = history.filter((line) => /^(ORC|RXA|RXR|OBX)/.test(line));
      expect(orders.filter((line) => line.startsWith('RXA'))).toHaveLength(
        [...known.values()].filter(({ isWithdrawn }) => !isWithdrawn).length,
      );
      if (orders.length === 0) return;
      await send(w, vxu(orders, { msh: field(MSH, 10, `${mrn}-back`), pid }));
      expect(versionsIn(await dosesOf(patient.id ?? ''))).toEqual(versionsIn(doses));
    }),
    { seed: Number(process.env['SEED'] ?? 20261127), numRuns: Number(process.env['RUNS'] ?? 20) },
  );
}, 60_000);

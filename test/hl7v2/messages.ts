/** Messages of the tests: whole ones, in which a test changes what matters to it. */
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { World } from '../world/world.ts';

/** A message of a facility about a person, with some orders. */
export interface Parts {
  readonly msh?: string;
  readonly pid?: string;
  readonly more?: readonly string[];
}

export const MSH =
  'MSH|^~\\&|EHR|RIVER|IIS|STATE|20261122110000-0500||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS|RIVER|STATE';
export const PID =
  'PID|1||A100^^^RIVER^MR||Okafor^Amara^Joy^^^^L|Adeyemi^^^^^^M|20240203|F||2054-5^Black or African-American^CDCREC|12 Elm St^Apt 3^Bozeman^MT^59715^USA^H||^PRN^PH^^^406^5550101||eng^English^ISO6392|||||||2186-5^Not Hispanic or Latino^CDCREC||N';
/** Given by the sender, with all that the guide wants. */
export const GIVEN: readonly string[] = [
  'ORC|RE|P7^RIVER|D1^RIVER|||||||1^Clerk^Myron||2^Pediatric^Mary^^^^^^RIVER',
  'RXA|0|1|20240803||20^DTaP^CVX^49281-0286-10^Daptacel^NDC|0.5|mL^milliliter^UCUM||00^New immunization record^NIP001|3^Sticker^Nurse^^^^^^RIVER|^^^RIVER-1||||C1234AA|20260101|PMC^Sanofi Pasteur^MVX|||CP|A',
  'RXR|C28161^Intramuscular^NCIT|LT^Left Thigh^HL70163',
  'OBX|1|CE|64994-7^Vaccine funding program eligibility category^LN|1|V02^VFC eligible^HL70064||||||F|||20240803|||VXC40^per immunization^CDCPHINVS',
];
/** Known from elsewhere. */
export const HISTORICAL: readonly string[] = [
  'ORC|RE||D2^RIVER',
  'RXA|0|1|20240205||08^Hep B, adolescent or pediatric^CVX|999|||01^Historical information - source unspecified^NIP001|||||||||||CP|A',
];

export const vxu = (
  orders: readonly string[] = [],
  { msh = MSH, pid = PID, more = [] }: Parts = {},
): string => [msh, pid, ...more, ...orders].map((line) => `${line}\r`).join('');

/** A message about who somebody is, without vaccinations. */
export const adt = (trigger: string, { msh = MSH, pid = PID, more = [] }: Parts = {}): string => {
  const structure = `ADT^${trigger}^${STRUCTURES[trigger] ?? 'ADT_A01'}`;
  // No profile speaks of these: of the acknowledgement modes and MSH-21 nothing is said.
  const head = field(msh, 9, structure).split('|').slice(0, 12).join('|');
  const of = msh.split('|').slice(21).join('|');
  return [`${head}||||||||||${of}`, `EVN||20261122110000-0500`, pid, ...more]
    .map((line) => `${line}\r`)
    .join('');
};
const STRUCTURES: Readonly<Record<string, string>> = {
  A28: 'ADT_A05',
  A31: 'ADT_A05',
  A34: 'ADT_A30',
  A40: 'ADT_A39',
};

/** Replaces a field of a line: `field('RXA|0|1', 2, '9')`. Of MSH, fields count from the delimiter on. */
export function field(line: string, number: number, value: string): string {
  const fields = line.split('|');
  const at = line.startsWith('MSH') ? number - 1 : number;
  while (fields.length <= at) fields.push('');
  fields[at] = value;
  return fields.join('|');
}

/** Sends a message by HTTP and reads its answer, segment by segment. */
export async function send(w: World, text: string | Buffer): Promise<readonly string[]> {
  const answer = await w.root
    .post('/hl7v2')
    .set('Content-Type', 'x-application/hl7-v2+er7')
    .send(text)
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        done(null, Buffer.concat(parts).toString('utf8'));
      });
    });
  const body = answer.body as string;
  return body.split('\r').slice(0, -1);
}

/** MSA-1, and of every ERR where, HL7's code, how grave, and the detection. */
export const told = (answer: readonly string[]): readonly string[] =>
  answer
    .filter((line) => line.startsWith('MSA') || line.startsWith('ERR'))
    .map((line) => {
      const fields = line.split('|');
      if (fields[0] === 'MSA') return `${fields[1] ?? ''} ${fields[2] ?? ''}`;
      const [code, own] = [fields[3]?.split('^')[0], fields[5]?.split('^')[3]];
      return [fields[2], code, fields[4], own].join(' ');
    });

const GIVEN_NAMES = [
  'Ada',
  'Bo',
  'Cleo',
  'Dov',
  'Esme',
  'Fritz',
  'Gita',
  'Hugo',
  'Ines',
  'Juno',
  'Kofi',
  'Lena',
];

/** A person of a test's own, who is like no other. */
export function person(number: string, family: string): string {
  const at = Buffer.from(number).reduce((sum, byte) => (sum * 31 + byte) % 9973, 7);
  const day = String(1 + (at % 28)).padStart(2, '0');
  const values: readonly (readonly [number: number, value: string])[] = [
    [3, `${number}^^^RIVER^MR`],
    [5, `${family}^${GIVEN_NAMES[at % GIVEN_NAMES.length] ?? ''}^${family.slice(0, 3)}^^^^L`],
    [6, `${family}son^^^^^^M`],
    [7, `2023${String(1 + (at % 12)).padStart(2, '0')}${day}`],
    [11, `${at} Elm St^^Bozeman^MT^59715^USA^H`],
    [13, `^PRN^PH^^^406^555${String(at).padStart(4, '0')}`],
  ];
  return values.reduce((line, [at, value]) => field(line, at, value), PID);
}
/** An order with a number of its own. */
export const order = (lines: readonly string[], number: string): string[] =>
  lines.map((line) => (line.startsWith('ORC') ? field(line, 3, `${number}^RIVER`) : line));
/** An order with another value in a field of its segments of a name. */
export const change = (lines: readonly string[], name: string, at: number, value: string): string[] =>
  lines.map((line) => (line.startsWith(name) ? field(line, at, value) : line));

/** What a search finds. */
export async function found<R extends Resource>(w: World, path: string): Promise<R[]> {
  const bundle = (await w.fhir.get(path)).body as Bundle;
  return (bundle.entry ?? []).map(({ resource }) => resource as R);
}

/** Messages of HL7 v2 about people of a generated world, through each of their doors. */
import { MRN } from '../world/resources.ts';
import type { Known } from './generate.ts';
import type { Sent } from './server.ts';

type Described = Pick<Known, 'family' | 'given' | 'birthDate' | 'identifier'>;
export type V2Door = 'http' | 'soap' | 'mllp';

/** Stands for the organization of whoever sends it, until it is sent. */
export const FACILITY = 'FACILITY-OF-THE-CALLER';

const msh = (event: string, profile: string): string =>
  `MSH|^~\\&|EHR|${FACILITY}|IIS|STATE|20261118110000-0500||${event}|M1|P|2.5.1|||ER|AL|||||${profile}^CDCPHINVS`;
const NAMES = { Z34: 'Request Immunization History', Z44: 'Request Evaluated History and Forecast' } as const;

/** Asks for a person by number, name and birth date. */
export function query(profile: 'Z34' | 'Z44', { family, given, birthDate, identifier }: Described): string {
  const day = birthDate.replaceAll('-', '');
  return lines(
    msh('QBP^Q11^QBP_Q11', profile),
    `QPD|${profile}^${NAMES[profile]}^CDCPHINVS|T1|${identifier}^^^&${MRN}&URI^MR|${family}^${given}^^^^^L||${day}|U`,
    'RCP|I|5^RD',
  );
}

const pid = ({ family, given, birthDate }: Described, number: string): string =>
  `PID|1||${number}^^^${FACILITY}^MR||${family}^${given}^^^^^L|${family}son^^^^^^M|${birthDate.replaceAll('-', '')}|U|||${number} ${given} St^^Bozeman^MT^59715^USA^H`;

/** Reports who a person is. */
export const demographics = (person: Described, number: string): string =>
  lines(msh('ADT^A31^ADT_A05', ''), 'EVN||20261118110000-0500', pid(person, number));

/** Says that a number of a person is given up for another. */
export function merging(person: Described, number: string): string {
  const of = (value: string): string => `${value}^^^&${MRN}&URI^MR`;
  const [head = '', , , ...rest] = pid(person, number).split('|');
  const kept = [head, '1', '', of(number), ...rest.slice(1)].join('|');
  return lines(msh('ADT^A40^ADT_A39', ''), 'EVN||20261118110000-0500', kept, `MRG|${of(person.identifier)}`);
}

/** Reports a dose of a person. */
export function update(person: Described, lot: string): string {
  return lines(
    msh('VXU^V04^VXU_V04', 'Z22'),
    pid(person, lot),
    `ORC|RE||${lot}^${FACILITY}`,
    'RXA|0|1|20240205||08^Hep B, adolescent or pediatric^CVX|999|||01^Historical information - source unspecified^NIP001|||||||||||CP|A',
  );
}

const lines = (...some: string[]): string => some.map((line) => `${line}\r`).join('');
const asText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#xD;');

/** A message as one of the doors takes it. */
export function message(door: V2Door, text: string): Sent {
  if (door === 'mllp') return { path: '', message: text };
  if (door === 'http')
    return { method: 'POST', root: '/hl7v2', path: '', body: text, headers: { 'content-type': ER7 } };
  const body = `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:u="urn:cdc:iisb:2011"><e:Header/><e:Body><u:submitSingleMessage><u:hl7Message>${asText(text)}</u:hl7Message></u:submitSingleMessage></e:Body></e:Envelope>`;
  return {
    ...{ method: 'POST', root: '/hl7v2/soap', path: '', body },
    headers: { 'content-type': 'application/soap+xml' },
  };
}

const ER7 = 'x-application/hl7-v2+er7';

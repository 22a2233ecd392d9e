/** RXA-9 and RXA-18: how the sender knows of a dose, and why one was not given. */
import type { CodeableConcept, Immunization } from '@medplum/fhirtypes';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Repetition, Segment } from '../message.ts';
import type { Reading } from './patient.ts';
import { part } from './read.ts';
import { ACT_REASON, coding, NIP001, NIP002, uriOf } from './systems.ts';

/** R4 has words of its own for some of the sources. */
export const ORIGINS: Readonly<Record<string, readonly [code: string, display: string]>> = {
  '02': ['provider', 'Other Provider'],
  '03': ['record', 'Written Record'],
  '04': ['recall', 'Parent/Guardian/Patient Recall'],
  '05': ['jurisdiction', 'Jurisdictional IIS'],
  '07': ['school', 'School Record'],
};
export const ORIGIN = 'http://terminology.hl7.org/CodeSystem/immunization-origin';

type Source = Pick<Immunization, 'primarySource' | 'reportOrigin' | 'note'>;

/** The repetition of RXA-9 that is coded, which senders do not always put first. */
function codedIn(rxa: Segment): Repetition | undefined {
  const all = rxa.field(9);
  return (
    all.find((each) => part(each, 1) !== '' && uriOf(part(each, 3)) === NIP001) ??
    all.find((each) => part(each, 1) !== '')
  );
}

/** Whether the sender says that it gave the vaccine itself. */
export const isOwnIn = (rxa: Segment): boolean => part(codedIn(rxa), 1) === '00';

/** RXA-9: one repetition is the source, the others are notes. */
export function sourceOf(reading: Reading, rxa: Segment, isGiven: boolean): Source {
  const coded = codedIn(rxa);
  const code = part(coded, 1);
  const texts = rxa.field(9).flatMap((each) => (each === coded ? [] : [part(each, 2) || part(each, 1)]));
  const note = texts.filter((text) => text !== '').map((text) => ({ text }));
  const { report } = reading.findings;
  if (!isGiven && code !== '') report('source-unexpected', rxa, { field: 9 });
  if (isGiven && code === '') report('source-missing', rxa, { field: 9 });
  return { ...(isGiven && code !== '' && codedSource(reading, rxa, code)), ...(note.length > 0 && { note }) };
}

function codedSource({ findings }: Reading, rxa: Segment, code: string): Omit<Source, 'note'> {
  const known = codeIn(terminology(), 'information-source', code);
  if (known === undefined) {
    findings.report('source-unrecognized', rxa, { field: 9 });
    return {};
  }
  if (code === '00') return { primarySource: true };
  const [origin, display] = ORIGINS[code] ?? [];
  const general = origin === undefined ? [] : [coding(ORIGIN, origin, display)];
  return { primarySource: false, reportOrigin: { coding: [...general, coding(NIP001, code, known.label)] } };
}

/** v3's words for the reasons of table NIP002. */
export const REASONS: Readonly<Record<string, readonly [code: string, display: string]>> = {
  '00': ['PATOBJ', 'patient objection'],
  '01': ['RELIG', 'religious objection'],
  '03': ['PATOBJ', 'patient objection'],
};

export function refusalOf(
  { findings }: Reading,
  rxa: Segment,
  isRefused: boolean,
): Pick<Immunization, 'statusReason'> {
  const [reason] = rxa.field(18);
  if (!isRefused && reason !== undefined) findings.report('refusal-unexpected', rxa, { field: 18 });
  if (isRefused && reason === undefined) findings.report('refusal-missing', rxa, { field: 18 });
  if (!isRefused || reason === undefined) return {};
  const concept = reasonIn(reason);
  if (concept !== undefined) return { statusReason: concept };
  findings.report('refusal-unrecognized', rxa, { field: 18 });
  return { statusReason: { text: part(reason, 2) || part(reason, 1) } };
}

/** The reason, where it is one of the table; a second code may say it in v3's words. */
function reasonIn(reason: Repetition): CodeableConcept | undefined {
  const code = part(reason, 1);
  const known = codeIn(terminology(), 'refusal-reason', code);
  if (known === undefined) return undefined;
  const [act, display] =
    part(reason, 6) === 'ActReason' ? [part(reason, 4), part(reason, 5)] : (REASONS[code] ?? []);
  const general = act === undefined ? [] : [coding(ACT_REASON, act, display)];
  const said = part(reason, 2);
  return {
    coding: [...general, coding(NIP002, code, known.label)],
    ...(code === '02' && said !== '' && said !== known.label && { text: said }),
  };
}

/** Race, ethnicity and language of PID, as US Core and FHIR code them. */
import type { Extension, Patient } from '@medplum/fhirtypes';
import { US_CORE } from '../../catalog/shared.ts';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Segment } from '../message.ts';
import type { Reading } from './patient.ts';
import { filled, part, tripletsOf } from './read.ts';
import { BCP47, CDCREC, coding, ISO639 } from './systems.ts';

/** The categories of the Office of Management and Budget; other codes are more detailed. */
const OMB_RACES: ReadonlySet<string> = new Set(['1002-5', '2028-9', '2054-5', '2076-8', '2106-3', '2131-1']);
/** Codes of HL7 table 0005 and 0189, which CDC's codes took the place of. */
const OLD_RACES: Readonly<Record<string, string>> = { B: '2054-5', I: '1002-5', W: '2106-3', O: '2131-1' };
const OLD_ETHNICITIES: Readonly<Record<string, string>> = { H: '2135-2', N: '2186-5' };

const nameOf = (set: string, code: string): string => codeIn(terminology(), set, code)?.label ?? '';
/** A code of CDC race and ethnicity that the table of messages does not name may be a detailed one. */
const isRace = (code: string): boolean => /^[12]\d{3}-\d$/.test(code);

export function raceOf({ findings }: Reading, pid: Segment): Extension[] {
  const races = pid.field(10).flatMap((repetition, at) => {
    const place = { field: 10, repetition: at + 1 };
    const sent = tripletsOf(repetition);
    const [first] = sent;
    if (first === undefined || first.code.toUpperCase() === 'U' || first.code === 'UNK') return [];
    const old = OLD_RACES[first.code.toUpperCase()];
    if (old !== undefined) findings.report('race-deprecated', pid, place);
    const code = old ?? sent.map((each) => each.code).find(isRace);
    if (code === undefined) findings.report('race-unrecognized', pid, place);
    return code === undefined ? [] : [{ code, display: nameOf('race', code) || first.text }];
  });
  if (races.length === 0) return [];
  const codes = races.map(({ code, display }) => ({
    url: OMB_RACES.has(code) ? 'ombCategory' : 'detailed',
    valueCoding: coding(CDCREC, code, display),
  }));
  const text = races.map(({ code, display }) => display || code).join(', ');
  return [{ url: `${US_CORE}race`, extension: [...codes, { url: 'text', valueString: text }] }];
}

export function ethnicityOf({ findings }: Reading, pid: Segment): Extension[] {
  const [sent] = pid.field(22);
  const first = part(sent, 1);
  if (first === '' || first.toUpperCase() === 'U' || first === 'UNK') return [];
  const old = OLD_ETHNICITIES[first.toUpperCase()];
  if (old !== undefined) findings.report('ethnicity-deprecated', pid, { field: 22 });
  const code = old ?? [first, part(sent, 4)].find((each) => each === '2135-2' || each === '2186-5');
  if (code === undefined) {
    findings.report('ethnicity-unrecognized', pid, { field: 22 });
    return [];
  }
  const display = nameOf('ethnicity', code);
  const category = { url: 'ombCategory', valueCoding: coding(CDCREC, code, display) };
  const more = tripletsOf(sent)
    .filter((each) => each.code !== code && isRace(each.code))
    .map((each) => ({ url: 'detailed', valueCoding: coding(CDCREC, each.code, each.text) }));
  const text = { url: 'text', valueString: display };
  return [{ url: `${US_CORE}ethnicity`, extension: [category, ...more, text] }];
}

/** ISO 639-2 has two codes of some languages; BCP 47 knows the terminological one. */
const BIBLIOGRAPHIC: Readonly<Record<string, string>> = {
  alb: 'sqi',
  arm: 'hye',
  baq: 'eus',
  bur: 'mya',
  chi: 'zho',
  cze: 'ces',
  dut: 'nld',
  fre: 'fra',
  geo: 'kat',
  ger: 'deu',
  gre: 'ell',
  ice: 'isl',
  mac: 'mkd',
  mao: 'mri',
  may: 'msa',
  per: 'fas',
  rum: 'ron',
  slo: 'slk',
  tib: 'bod',
  wel: 'cym',
};
const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** The tag of a language that a code of ISO 639 or BCP 47 means. */
function tagOf(code: string): string | undefined {
  const plain = code.toLowerCase();
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(plain)) return undefined;
  const tag = Intl.getCanonicalLocales(BIBLIOGRAPHIC[plain] ?? plain)[0];
  return tag !== undefined && LANGUAGES.of(tag) !== undefined ? tag : undefined;
}

export function languageOf({ findings }: Reading, pid: Segment): NonNullable<Patient['communication']> {
  const [code, text] = [pid.value(15), pid.value(15, 2)];
  if (code === '') return [];
  const tag = tagOf(code);
  if (tag === undefined) {
    findings.report('language-unrecognized', pid, { field: 15 });
    return [];
  }
  const sent = /^[a-z]{3}$/i.test(code) ? [coding(ISO639, code.toLowerCase())] : [];
  return [
    {
      language: { coding: [coding(BCP47, tag, LANGUAGES.of(tag) ?? ''), ...sent], ...filled({ text }) },
      preferred: true,
    },
  ];
}

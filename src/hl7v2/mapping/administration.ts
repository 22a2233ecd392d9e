/** RXA-6, 7, 15 to 17 and RXR: how much was given of which lot, and how. */
import type { Immunization } from '@medplum/fhirtypes';
import { codeIn, manufacturerOf } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import { MVX } from '../../terminology/tables.ts';
import type { Segment } from '../message.ts';
import { dateOf, dayOf } from '../time.ts';
import type { About } from './order.ts';
import type { Reading } from './patient.ts';
import { filled, tripletsOf } from './read.ts';
import { coding, NCIT, table, UCUM } from './systems.ts';

type Administration = Pick<
  Immunization,
  'doseQuantity' | 'lotNumber' | 'expirationDate' | 'manufacturer' | 'route' | 'site'
>;

export function administrationOf(reading: Reading, about: About): Administration {
  const { rxa, group } = about;
  return {
    ...quantityOf(reading, rxa),
    ...lotOf(reading, about),
    ...makerOf(reading, about),
    ...(group.rxr === undefined ? {} : wayOf(reading, group.rxr)),
  };
}

/** 999 is how v2 says that the amount is not known. */
const UNKNOWN_AMOUNT = 999;
const MILLILITRE = /^(ml|cc|milliliters?|millilitre|millilitres)$/i;
const UNITS: ReadonlySet<string> = new Set([
  'mL',
  'mg',
  'ug',
  'mcg',
  'g',
  'L',
  '[iU]',
  '{tbl}',
  '{capsule}',
  '1',
]);

function quantityOf({ findings }: Reading, rxa: Segment): Pick<Immunization, 'doseQuantity'> {
  const value = Number(rxa.value(6));
  if (value === UNKNOWN_AMOUNT) return {};
  const [code, text] = [rxa.value(7), rxa.value(7, 2)];
  if (code === '' && text === '') findings.report('unit-missing', rxa, { field: 7 });
  const isMillilitre = MILLILITRE.test(code || text);
  const unit = isMillilitre ? 'mL' : code;
  if (unit !== '' && !UNITS.has(unit)) findings.report('unit-unrecognized', rxa, { field: 7 });
  const coded = UNITS.has(unit) ? { unit, system: UCUM, code: unit } : filled({ unit: text || unit });
  return { doseQuantity: { value, ...coded } };
}

function lotOf(
  { findings }: Reading,
  { rxa, isOwn, action }: About,
): Pick<Immunization, 'lotNumber' | 'expirationDate'> {
  const [lotNumber, expiry] = [rxa.value(15), rxa.value(16)];
  if (lotNumber === '' && isOwn && action !== 'D') findings.report('lot-missing', rxa, { field: 15 });
  // Packages often say no more than the month: it ends with its last day.
  const expirationDate = dateOf(expiry);
  if (expiry !== '' && expirationDate === undefined) findings.report('expiry-invalid', rxa, { field: 16 });
  const given = dayOf(rxa.value(3));
  if (
    given !== undefined &&
    expirationDate !== undefined &&
    expirationDate < given.slice(0, expirationDate.length)
  )
    findings.report('admin-date-after-expiry', rxa, { field: 16 });
  return filled({ lotNumber, expirationDate });
}

function makerOf({ findings }: Reading, { rxa, isOwn, action }: About): Pick<Immunization, 'manufacturer'> {
  const sent = tripletsOf(rxa.field(17)[0]);
  if (sent.length === 0) {
    if (isOwn && action !== 'D') findings.report('manufacturer-missing', rxa, { field: 17 });
    return {};
  }
  const known = sent.flatMap(({ code }) => manufacturerOf(terminology(), code.toUpperCase()) ?? [])[0];
  if (known === undefined) {
    findings.report('manufacturer-unrecognized', rxa, { field: 17 });
    return {};
  }
  return { manufacturer: { identifier: { system: MVX, value: known.code }, display: known.name } };
}

/** Letters of HL7 table 0162 and the codes of NCIT that mean the same. */
export const ROUTES: Readonly<Record<string, string>> = {
  ID: 'C38238',
  IM: 'C28161',
  IV: 'C38276',
  NS: 'C38284',
  PO: 'C38288',
  SC: 'C38299',
  TD: 'C38305',
};
const OLD_ROUTES: Readonly<Record<string, string>> = { IN: 'NS', SQ: 'SC' };

function wayOf({ findings }: Reading, rxr: Segment): Pick<Immunization, 'route' | 'site'> {
  const [route] = rxr.field(1);
  if (route === undefined) {
    findings.report('route-missing', rxr, { field: 1 });
    return siteOf(findings.report, rxr);
  }
  const codes = tripletsOf(route).map(({ code }) => code.toUpperCase());
  if (codes.some((code) => code in OLD_ROUTES)) findings.report('route-deprecated', rxr, { field: 1 });
  const known = codes.flatMap((code) => codeIn(terminology(), 'route', OLD_ROUTES[code] ?? code) ?? [])[0];
  if (known === undefined) findings.report('route-unrecognized', rxr, { field: 1 });
  return { ...(known && { route: routeConcept(known.code, known.label) }), ...siteOf(findings.report, rxr) };
}

/** Both codes, where there are both: FHIR's profile has the letters, v2 the codes of NCIT. */
function routeConcept(code: string, display: string): NonNullable<Immunization['route']> {
  const letters = code in ROUTES ? code : Object.keys(ROUTES).find((each) => ROUTES[each] === code);
  const ncit = ROUTES[code] ?? (/^C\d+$/.test(code) ? code : undefined);
  return {
    coding: [
      ...(letters === undefined && ncit !== undefined
        ? []
        : [coding(table('0162'), letters ?? code, display)]),
      ...(ncit === undefined ? [] : [coding(NCIT, ncit, display)]),
    ],
  };
}

function siteOf(report: Reading['findings']['report'], rxr: Segment): Pick<Immunization, 'site'> {
  const code = rxr.value(2).toUpperCase();
  if (code === '') return {};
  const known = codeIn(terminology(), 'body-site', code);
  if (known === undefined) report('site-unrecognized', rxr, { field: 2 });
  return known === undefined ? {} : { site: { coding: [coding(table('0163'), code, known.label)] } };
}

/**
 * CDC's code tables as it gives them out, XML and flat files of any name, as records that the tables are made of
 * (https://www2a.cdc.gov/vaccines/iis/iisstandards/). Files are known by what is in them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { list, of, type Source } from './row.ts';

type Records = readonly Source[];
/** What a folder has: records by the element that holds each, lines of the flat files by what they are. */
interface Found {
  readonly xml: ReadonlyMap<string, Records>;
  readonly packages: Readonly<Record<'use' | 'sale' | 'link', readonly (readonly string[])[]>>;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  htmlEntities: true,
  isArray: (name) => name === 'Name' || name === 'Value',
});

const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
/** CDC leaves elements without text as empty text or as an object without properties. */
const known = (value: string): string | undefined => (value === '' ? undefined : value);

/** A record of name and value elements in turn, as an object. */
function paired(record: Source): Source {
  const names = list(record['Name']);
  const values = Array.isArray(record['Value']) ? (record['Value'] as unknown[]) : [];
  if (names.length === 0) return record;
  return Object.fromEntries(names.map((name, at) => [name.trim(), said(values[at])]));
}

/** The records of a document: those of its root's only child element. */
function recordsIn(text: string): readonly (readonly [kind: string, records: Records])[] {
  const document = of(parser.parse(text));
  const root = Object.entries(document).find(([name]) => !name.startsWith('?'))?.[1];
  return Object.entries(of(root))
    .filter(([, value]) => typeof value === 'object')
    .map(([kind, value]) => [kind, [value].flat().map((each) => paired(of(each)))]);
}

const linesOf = (text: string): readonly (readonly string[])[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

/** Some documents say that they are Latin-1, the others are UTF-8. */
const decoded = (bytes: Buffer): string =>
  bytes.toString(/^[^>]*encoding="ISO-8859-1"/i.test(bytes.toString('latin1', 0, 200)) ? 'latin1' : 'utf8');

function read(folder: string): Found {
  const xml = new Map<string, Records>();
  const packages = { use: [] as string[][], sale: [] as string[][], link: [] as string[][] };
  for (const file of readdirSync(folder).sort()) {
    const text = (): string => decoded(readFileSync(join(folder, file)));
    const kind = /\.txt$/i.test(file) ? /use|sale|link/i.exec(file)?.[0].toLowerCase() : undefined;
    if (kind !== undefined)
      packages[kind as keyof typeof packages].push(...linesOf(text()).map((line) => [...line]));
    else if (/\.xml$/i.test(file)) for (const [name, records] of recordsIn(text())) xml.set(name, records);
  }
  return { xml, packages };
}

/** `3/20/2011`, `20110320` or `2011-03-20 00:00:00` as a date of ours. */
function dateOf(value: unknown): string | undefined {
  const text = said(value);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text);
  if (american !== null)
    return `${american[3] ?? ''}-${(american[1] ?? '').padStart(2, '0')}-${(american[2] ?? '').padStart(2, '0')}`;
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)/.exec(text);
  return parts === null ? undefined : `${parts[1] ?? ''}-${parts[2] ?? ''}-${parts[3] ?? ''}`;
}

const only = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

function groupsOf({ xml }: Found): Records {
  const rows = xml.get('CVXVGInfo') ?? [];
  const groups = Map.groupBy(rows, (row) => said(row['Vaccine Group Name']));
  return [...groups].map(([group, members]) => ({
    group,
    groupCvx: said(members[0]?.['CVX for Vaccine Group']),
    cvx: [...only(members.map((row) => said(row['CVXCode'])))].sort(),
  }));
}

/** CDC's table says nothing of what kind a vaccine is and when it was used: that stays as it was known before. */
function vaccinesOf({ xml }: Found, before: ReadonlyMap<string, Source>): Records {
  const rows = xml.get('CVXVGInfo') ?? [];
  const groups = Map.groupBy(rows, (row) => said(row['CVXCode']));
  return (xml.get('CVXInfo') ?? []).map((row) => {
    const code = said(row['CVXCode']);
    const old = before.get(code);
    return {
      code,
      short: said(row['ShortDescription']),
      full: said(row['FullVaccinename']),
      status: said(row['Status']),
      groups: only((groups.get(code) ?? []).map((each) => said(each['Vaccine Group Name']))),
      conceptType: old?.['kind'] ?? 'vaccine',
      useDate: { notBefore: old?.['usedFrom'], notAfter: old?.['usedUntil'] },
      useAgeMonths: { notBefore: old?.['minMonths'], notAfter: old?.['maxMonths'] },
      updated: dateOf(row['LastUpdated']),
    };
  });
}

const manufacturersOf = ({ xml }: Found): Records =>
  (xml.get('MVXInfo') ?? []).map((row) => ({
    code: said(row['MVX_CODE']),
    name: said(row['Manufacturer Name']),
    status: said(row['Status']),
    updated: dateOf(row['Last Updated']),
  }));

const proceduresOf = ({ xml }: Found): Records =>
  (xml.get('CPTInfo') ?? [])
    .map((row) => ({
      cpt: said(row['CPT Code']),
      cvx: said(row['CVX Code']),
      updated: dateOf(row['LastUpdated']),
    }))
    // Codes for giving a vaccine, and for vaccines that CVX does not have.
    .filter(({ cvx }) => /^\d+$/.test(cvx));

const tradeNamesOf = ({ xml }: Found): Records =>
  (xml.get('prodInfo') ?? []).map((row) => ({
    product: said(row['CDC Product Name']),
    cvx: said(row['CVXCode']),
    mvx: known(said(row['MVX Code'])),
    status: said(row['Product name Status']),
    updated: dateOf(row['Last Updated']),
  }));

function statementsOf({ xml }: Found): Records {
  const vaccines = Map.groupBy(xml.get('CVXVISMapping') ?? [], (row) => said(row['Fully-encodedString']));
  const pages = new Map(
    (xml.get('VISURLInfo') ?? []).map((row) => [
      said(row['VIS_GDTI_document_Conceptcode']),
      of(row['VIS_PDF_URL']),
    ]),
  );
  return (xml.get('VISInfo') ?? []).map((row) => {
    const gdti = said(row['VIS_GDTI_document_code']);
    const barcode = said(row['VIS_encoded_string']);
    return {
      gdti,
      edition: dateOf(row['Edition_Date']),
      doc: said(row['VIS_Document_Type_Description']),
      barcode,
      status: said(row['status']),
      cvx: [...only((vaccines.get(barcode) ?? []).map((each) => said(each['CVXCode'])))].sort(),
      pdf: pages.get(gdti)?.['xlink:href'],
      updated: dateOf(row['Lastupdated']),
    };
  });
}

/** Places of what we take in a line of each flat file; the linker has numbers of lines of the two others. */
const COLUMNS = {
  use: { name: 4, start: 7, end: 8, gtin: 10, cvx: 11, ndc: 14, updated: 15 },
  sale: { name: 4, start: 7, end: 8, gtin: 15, cvx: 12, ndc: 14, updated: 11 },
} as const;

function productsOf({ packages }: Found): Records {
  const ndcs = (kind: 'use' | 'sale') =>
    new Map(packages[kind].map((line) => [line[0] ?? '', line[COLUMNS[kind].ndc] ?? '']));
  const [uses, sales] = [ndcs('use'), ndcs('sale')];
  const product = (kind: 'use' | 'sale', line: readonly string[]): Source => {
    const at = COLUMNS[kind];
    const links = packages.link.filter((link) => link[kind === 'use' ? 2 : 1] === line[0]);
    const others = links.map((link) => (kind === 'use' ? sales.get(link[1] ?? '') : uses.get(link[2] ?? '')));
    return {
      kind,
      ndc: line[at.ndc] ?? '',
      cvx: line[at.cvx] ?? '',
      mvx: [...only(links.map((link) => link[3] ?? '').filter(Boolean))].sort().join('/'),
      product: line[at.name] ?? '',
      start: dateOf(line[at.start]),
      end: dateOf(line[at.end]),
      gtin: known(line[at.gtin] ?? ''),
      updated: dateOf(line[at.updated]),
      [kind === 'use' ? 'sale' : 'use']: [...only(others.filter((ndc) => ndc !== undefined))].sort(),
    };
  };
  return [
    ...packages.use.map((line) => product('use', line)),
    ...packages.sale.map((line) => product('sale', line)),
  ];
}

/**
 * The records of CDC's files in a folder, by the name of the source that a table is made from; those without files
 * are left out.
 * @param vaccines what is known of vaccines so far, by CVX code
 */
export function readCdc(folder: string, vaccines: ReadonlyMap<string, Source>): ReadonlyMap<string, Records> {
  const found = read(folder);
  const all: readonly (readonly [string, Records])[] = [
    ['cvx.json', vaccinesOf(found, vaccines)],
    ['mvx.json', manufacturersOf(found)],
    ['ndc-cvx.json', productsOf(found)],
    ['cpt-cvx.json', proceduresOf(found)],
    ['tradename.json', tradeNamesOf(found)],
    ['vaccine-groups.json', groupsOf(found)],
    ['vis.json', statementsOf(found)],
  ];
  return new Map(all.filter(([, records]) => records.length > 0));
}

/**
 * Reads the code tables of profiles/terminology/ (CVX, MVX, NDC, CPT, trade names, groups, VIS, v2 value sets)
 * and arranges them for lookup. The tables are data: a newer release is taken with scripts/terminology.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES_FOLDER } from '../fhir/profile-files.ts';

/** A vaccine as CDC codes it. Codes are text: `03` is not `3`. */
export interface Vaccine {
  readonly code: string;
  readonly short: string;
  readonly full: string;
  readonly status: 'Active' | 'Inactive' | 'Non-US' | 'Never Active';
  /** Names of vaccine groups: none for immune globulins and the like, several for combinations. */
  readonly groups: readonly string[];
  readonly kind: 'vaccine' | 'unspecified' | 'foreign vaccine' | 'non vaccine' | 'never active' | 'pending';
  /** Limits of use are hints, wrong for some codes: reason to warn, never to refuse. */
  readonly usedFrom: string | null;
  readonly usedUntil: string | null;
  readonly minMonths: string | null;
  readonly maxMonths: string | null;
}

export interface Manufacturer {
  readonly code: string;
  readonly name: string;
  readonly status: string;
}

/** A package with an NDC: what one person gets (`use`) or what is bought (`sale`). */
export interface Product {
  readonly ndc: string;
  readonly kind: 'use' | 'sale';
  readonly cvx: string;
  /** None or two where CDC does not say which manufacturer it is. */
  readonly mvx: readonly string[];
  readonly product: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly gtin: string | null;
  readonly linked: readonly string[];
}

interface TradeName {
  readonly product: string;
  readonly cvx: string;
  readonly mvx: string | null;
  readonly status: string;
}

interface VaccineGroup {
  readonly group: string;
  /** The code that stands for the whole group: mostly its unspecified formulation. */
  readonly cvx: string;
  readonly members: readonly string[];
}

/** An edition of a Vaccine Information Statement; `encoded` is what its barcode holds. */
export interface Statement {
  readonly gdti: string;
  readonly edition: string;
  readonly document: string;
  readonly encoded: string;
  readonly status: 'Current' | 'Historic';
  readonly cvx: readonly string[];
  readonly pdf: string | null;
}

/** A code of an HL7 v2 value set; `system` is its FHIR code system where it has one. */
export interface SetCode {
  readonly set: string;
  readonly code: string;
  readonly label: string;
  readonly status: 'Valid' | 'Deprecated' | 'Invalid' | 'Ignored';
  readonly system: string | null;
  readonly table: string | null;
}

/** Where a table comes from and how new it is. */
interface About {
  readonly title: string;
  readonly origin: string;
  readonly licence: string;
  readonly version: string;
  readonly release: string;
  readonly system?: string;
}

export interface Terminology {
  readonly about: Readonly<Record<string, About>>;
  readonly vaccines: ReadonlyMap<string, Vaccine>;
  readonly manufacturers: ReadonlyMap<string, Manufacturer>;
  readonly groups: ReadonlyMap<string, VaccineGroup>;
  /** Packages by the eleven digits of their NDC; the unit of use where both have the same. */
  readonly products: ReadonlyMap<string, Product>;
  /** Units of use by CVX, newest first. */
  readonly unitsOfUse: ReadonlyMap<string, readonly Product[]>;
  /** CVX codes by CPT code. */
  readonly cpt: ReadonlyMap<string, readonly string[]>;
  readonly tradeNames: readonly TradeName[];
  /** Statements by CVX, newest edition first. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
  /** Codes of the v2 value sets, by set and code. */
  readonly sets: ReadonlyMap<string, ReadonlyMap<string, SetCode>>;
}

interface Table<Row, Of> {
  readonly about: Of;
  readonly rows: readonly Row[];
}

/** The files are written by commands of ours and checked by their tests: columns are trusted to be the type's. */
export function readTable<Row, Of = About>(folder: string, file: string): Table<Row, Of> {
  const table = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    about: Of;
    columns: string[];
    rows: unknown[][];
  };
  const rows = table.rows.map(
    (row) => Object.fromEntries(table.columns.map((name, at) => [name, row[at]])) as Row,
  );
  return { about: table.about, rows };
}

function grouped<Row, Value>(
  rows: readonly Row[],
  keysOf: (row: Row) => readonly string[],
  valueOf: (row: Row) => Value,
): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const values = found.get(key);
      if (values === undefined) found.set(key, [valueOf(row)]);
      else values.push(valueOf(row));
    }
  }
  return found;
}

const same = <T>(value: T): T => value;
const byCode = <Row extends { readonly code: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.code, row]));
const newestFirst = (a: string | null, b: string | null): number => (b ?? '').localeCompare(a ?? '');

function arrangeProducts(rows: readonly Product[]): Pick<Terminology, 'products' | 'unitsOfUse'> {
  const uses = rows.filter((row) => row.kind === 'use').sort((a, b) => newestFirst(a.start, b.start));
  const sales = rows.filter((row) => row.kind === 'sale');
  const digits = (row: Product): [string, Product] => [row.ndc.replaceAll('-', ''), row];
  return {
    products: new Map([...sales.map(digits), ...uses.map(digits)]),
    unitsOfUse: grouped(uses, (row) => [row.cvx], same),
  };
}

/** Reads and arranges the tables of a folder. Throws when a file is missing or is not JSON. */
export function loadTerminology(folder: string): Terminology {
  const cvx = readTable<Vaccine>(folder, 'cvx.json');
  const mvx = readTable<Manufacturer>(folder, 'mvx.json');
  const ndc = readTable<Product>(folder, 'ndc.json');
  const cpt = readTable<{ readonly cpt: string; readonly cvx: string }>(folder, 'cpt-cvx.json');
  const names = readTable<TradeName>(folder, 'trade-names.json');
  const groups = readTable<VaccineGroup>(folder, 'vaccine-groups.json');
  const vis = readTable<Statement>(folder, 'vis.json');
  const sets = readTable<SetCode>(folder, 'v2-code-sets.json');
  const editions = [...vis.rows].sort((a, b) => newestFirst(a.edition, b.edition));
  const tables = { cvx, mvx, ndc, cpt, 'trade-names': names, groups, vis, 'v2-code-sets': sets };
  return {
    about: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.about])),
    vaccines: byCode(cvx.rows),
    manufacturers: byCode(mvx.rows),
    groups: new Map(groups.rows.map((row) => [row.group, row])),
    ...arrangeProducts(ndc.rows),
    cpt: grouped(
      cpt.rows,
      (row) => [row.cpt],
      (row) => row.cvx,
    ),
    tradeNames: names.rows,
    statements: grouped(editions, (row) => row.cvx, same),
    sets: new Map(
      [...grouped(sets.rows, (row) => [row.set], same)].map(([set, codes]) => [set, byCode(codes)]),
    ),
  };
}

let shipped: Terminology | undefined;

/** The tables shipped with the server, read when first asked for; readonly, so all askers share them. */
export function terminology(): Terminology {
  shipped ??= loadTerminology(TABLES_FOLDER);
  return shipped;
}

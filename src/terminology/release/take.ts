/** Takes a newer release of the code tables from a folder, and says what changed. No change of code is needed for one. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../../core/failure.ts';
import { readCdc } from './cdc.ts';
import { of, type Row, type Source } from './row.ts';
import { TABLES, type Table } from './tables.ts';

export interface Release {
  /** The folder of the sources: CDC's files, or records of them as JSON under the names that the tables know. */
  readonly from: string;
  /** What their origin calls their state. */
  readonly name: string;
  /** The folder of the tables. */
  readonly to: string;
}

const keyOf = (row: Row, parts: number): string => row.slice(0, parts).map(String).join(' ');

/** Newest `updated` of the rows; a table without dates says so. */
function versionOf(table: Table, rows: readonly Row[]): string {
  const column = table.columns.indexOf('updated');
  const dates = column < 0 ? [] : rows.map((row) => String(row[column] ?? ''));
  return dates.reduce((newest, date) => (date > newest ? date : newest), '') || 'undated';
}

function rowsBefore(table: Table, folder: string): readonly Row[] {
  const path = join(folder, table.file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { rows: Row[] }).rows : [];
}

/** @throws Failure for a row without a key, and for a table that lost much: its file is hardly whole */
function rowsOf(table: Table, sources: readonly Source[], before: readonly Row[]): readonly Row[] {
  const rows = sources.flatMap((source) => table.rows(source));
  const faulty = rows.find((row) => row[0] === null);
  if (faulty !== undefined) fail('invalid', `${table.from}: a row has no key: ${JSON.stringify(faulty)}`);
  const keyed = new Map(rows.map((row) => [keyOf(row, table.key), row]));
  if (before.length > MANY && keyed.size < before.length * SHRINKS)
    fail(
      'invalid',
      `${table.from}: ${keyed.size} rows where there were ${before.length}; the file is not whole.`,
    );
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}
const MANY = 50;
const SHRINKS = 0.9;

function render(table: Table, rows: readonly Row[], release: string): string {
  const about = { ...table.about, version: versionOf(table, rows), release };
  const head = `{\n"about": ${JSON.stringify(about)},\n"columns": ${JSON.stringify(table.columns)},\n"rows": [\n`;
  return `${head}${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n}\n`;
}

const SHOWN = 20;

/** What a newer table adds, changes and drops, by key. */
function differences(table: Table, before: readonly Row[], after: readonly Row[]): string {
  const index = (rows: readonly Row[]): Map<string, string> =>
    new Map(rows.map((row) => [keyOf(row, table.key), JSON.stringify(row)]));
  const [old, now] = [index(before), index(after)];
  const added = [...now.keys()].filter((key) => !old.has(key));
  const changed = [...now].filter(([key, row]) => old.has(key) && old.get(key) !== row).map(([key]) => key);
  const gone = [...old.keys()].filter((key) => !now.has(key));
  const named = (what: string, keys: readonly string[]): string[] =>
    keys.length === 0
      ? []
      : [`  ${what} ${keys.length}: ${keys.slice(0, SHOWN).join(', ')}${keys.length > SHOWN ? ', …' : ''}`];
  const lines = [...named('added', added), ...named('changed', changed), ...named('gone', gone)];
  return lines.length === 0 ? '  unchanged' : lines.join('\n');
}

/** The rows of a table as records, by key. */
function recordsOf(table: Table, rows: readonly Row[]): ReadonlyMap<string, Source> {
  return new Map(
    rows.map((row) => [
      keyOf(row, table.key),
      Object.fromEntries(table.columns.map((name, at) => [name, row[at]])),
    ]),
  );
}

function sourcesIn({ from, to }: Release): ReadonlyMap<string, readonly Source[]> {
  const vaccines = TABLES.find(({ from: name }) => name === 'cvx.json');
  const known =
    vaccines === undefined ? new Map<string, Source>() : recordsOf(vaccines, rowsBefore(vaccines, to));
  const converted = TABLES.filter(({ from: name }) => existsSync(join(from, name))).map(
    ({ from: name }): [string, readonly Source[]] => [
      name,
      (JSON.parse(readFileSync(join(from, name), 'utf8')) as unknown[]).map(of),
    ],
  );
  return new Map([...readCdc(from, known), ...converted]);
}

/**
 * Rewrites the tables that the folder has sources for.
 *
 * @returns what changed, a few lines a table
 * @throws Failure where the folder has no source at all, or one is not whole; no table is written then
 */
export function takeRelease(release: Release): string {
  const sources = sourcesIn(release);
  if (sources.size === 0)
    fail('not-found', 'The folder has none of the code tables: CDC gives them out as XML and text files.');
  const taken = TABLES.flatMap((table) => {
    const records = sources.get(table.from);
    if (records === undefined) return [];
    const before = rowsBefore(table, release.to);
    return [{ table, before, rows: rowsOf(table, records, before) }];
  });
  mkdirSync(release.to, { recursive: true });
  for (const { table, rows } of taken) write(join(release.to, table.file), render(table, rows, release.name));
  return taken
    .map(
      ({ table, before, rows }) =>
        `${table.file} ${versionOf(table, rows)}, ${rows.length} rows\n${differences(table, before, rows)}\n`,
    )
    .join('');
}

/** Whole or not at all: a server may start meanwhile. */
function write(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

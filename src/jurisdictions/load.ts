/** Finding and checking the pack that a server runs under: one that comes with it, or a file of one's own. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Pack } from './pack.ts';

const FOLDER = join(import.meta.dirname, 'packs');
const SCHEMA = join(import.meta.dirname, 'pack.schema.json');

/** Names of the packs that come with the server. */
export const packNames = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

/**
 * The pack of a name or of a file (a path ends in `.json`).
 * @throws Error that says everything that is wrong with it
 */
export function loadPack(jurisdiction: string): Pack {
  const isFile = jurisdiction.endsWith('.json');
  if (!isFile && !packNames().includes(jurisdiction)) {
    throw new Error(
      `JURISDICTION must be one of ${packNames().join(', ')}, or the path of a pack that ends in .json.`,
    );
  }
  const file = isFile ? jurisdiction : join(FOLDER, `${jurisdiction}.json`);
  return checkedPack(parsed(file), file);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`The jurisdiction pack ${file} cannot be read.`, { cause: error });
  }
}

/**
 * Checks what the schema says, and what a schema cannot say.
 * @throws Error that says everything that is wrong
 */
export function checkedPack(pack: unknown, from: string): Pack {
  const ajv = new Ajv2020({ allErrors: true });
  const isPack = ajv.compile<Pack>(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const faults = isPack(pack) ? faultsOf(pack) : (isPack.errors ?? []).map(told);
  if (faults.length > 0) throw new Error(`The jurisdiction pack ${from} is wrong: ${faults.join('; ')}.`);
  return pack as Pack;
}

const told = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || '/'} ${message ?? 'is wrong'} ${JSON.stringify(params)}`;

function faultsOf(pack: Pack): string[] {
  const cited = citationsIn(pack);
  const unknown = [...cited].filter((name) => !Object.hasOwn(pack.sources, name));
  const unused = Object.keys(pack.sources).filter((name) => !cited.has(name));
  const codes = pack.directives.map(({ code }) => code);
  const strange = pack.emergency.opens.filter((code) => !codes.includes(code));
  return [
    ...unknown.map((name) => `the source ${name} is cited and not listed`),
    ...unused.map((name) => `the source ${name} is listed and not cited`),
    ...(new Set(codes).size < codes.length ? ['two directives have the same code'] : []),
    ...strange.map((code) => `emergency access opens ${code}, which is no directive`),
    ...(isTimeZone(pack.timeZone) ? [] : [`${pack.timeZone} is no time zone`]),
  ];
}

/** Every source that a rule anywhere in the pack names. */
function citationsIn(node: unknown): Set<string> {
  if (typeof node !== 'object' || node === null) return new Set();
  const { sources } = node as { sources?: unknown };
  const own = Array.isArray(sources) ? (sources as string[]) : [];
  return new Set([...own, ...Object.values(node).flatMap((each) => [...citationsIn(each)])]);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Documents with keys for every parameter of a type, as many as make an index worth its while. */
import { COMMON_SEARCH } from '../../../src/catalog/common.ts';
import type { ResourceEntry, SearchParameter } from '../../../src/catalog/define.ts';
import type { Named, Written } from '../../../src/search/asked.ts';
import { keyOf } from '../../../src/search/key.ts';
import { keysOfStretch } from '../../../src/search/lead.ts';
import { indexedOf } from '../../../src/search/named.ts';
import type { Stored } from '../../../src/storage/store.ts';

export const SIZE = 400;
const DAY = 86_400_000;
const START = Date.UTC(2020, 0, 1);

const idOf = (n: number): string => `d${String(n).padStart(4, '0')}`;
/** Of what is common, one in eight documents has it; of what is rare, one in two hundred. */
const codeOf = (n: number): string => `c${n % 8}`;
const rareOf = (n: number): string => `v${n % 200}`;
const dayOf = (n: number): string => new Date(START + (n % 400) * DAY).toISOString().slice(0, 10);
const nameOf = (n: number): string => `nam${String.fromCharCode(97 + (n % 26))}${n % 200}`;
const targetOf = (parameter: SearchParameter): string =>
  (parameter.kind === 'reference' ? parameter.targets[0] : undefined) ?? 'Patient';

const RARE: ReadonlySet<string> = new Set(['Identifier', 'ContactPoint', 'string']);
const FLAGS: ReadonlySet<string> = new Set(['presence', 'boolean']);

/** The nth value of a token parameter. */
function tokenOf(of: string, n: number): string {
  if (FLAGS.has(of)) return 'true';
  return RARE.has(of) ? rareOf(n) : codeOf(n);
}

function writtenDate(name: string, sortable: boolean, many: boolean, n: number): Written {
  const lo = START + (n % 400) * DAY;
  const interval = { lo, hi: lo + DAY - 1 };
  const tokens = sortable ? [] : keysOfStretch(name, interval);
  return { index: { [name]: many ? [interval] : interval }, tokens, sort: lo };
}

function writtenString(name: string, n: number): Written {
  const text = nameOf(n);
  return { index: { [name]: [text], [`${name}:exact`]: [text] }, tokens: [keyOf(name, text)], sort: text };
}

function writtenToken(name: string, of: string, n: number): Written {
  const code = tokenOf(of, n);
  return { tokens: [keyOf(name, code), keyOf(name, `urn:s|${code}`)], sort: code };
}

function writtenOf({ name, parameter, sortable }: Named, n: number): Written {
  switch (parameter.kind) {
    case 'date':
      return writtenDate(name, sortable, parameter.many, n);
    case 'string':
      return writtenString(name, n);
    case 'reference':
      return { tokens: [keyOf(name, `${targetOf(parameter)}/${rareOf(n)}`)] };
    case 'uri':
      return { tokens: [keyOf(name, `http://a.example/${rareOf(n)}`)] };
    case 'token':
      return writtenToken(name, parameter.of, n);
    default:
      return {};
  }
}

/** The nth document of a type. */
export function documentOf(entry: ResourceEntry, n: number): Stored {
  const all = indexedOf(entry).map((named) => ({ ...named, written: writtenOf(named, n) }));
  const sort = all.flatMap(({ name, written, sortable }) =>
    sortable && written.sort !== undefined ? [[name, written.sort] as const] : [],
  );
  return {
    _id: idOf(n),
    version: 1,
    lastUpdated: new Date(START + n * DAY),
    json: '{}',
    tokens: all.flatMap(({ written }) => [...(written.tokens ?? [])]),
    index: Object.assign({}, ...all.map(({ written }) => written.index)) as Stored['index'],
    sort: Object.fromEntries(sort),
    patients: entry.patient.length > 0 ? [rareOf(n)] : [],
    custodians: [],
  };
}

/** A value of each parameter that some documents have. */
export function samplesOf(entry: ResourceEntry): readonly (readonly [name: string, value: string])[] {
  const all: Readonly<Record<string, SearchParameter>> = { ...COMMON_SEARCH, ...entry.search };
  return Object.entries(all).map(([name, parameter]) => [name, sampleOf(name, parameter)] as const);
}

function sampleOf(name: string, parameter: SearchParameter): string {
  if (name === '_id') return idOf(7);
  switch (parameter.kind) {
    case 'date':
      return dayOf(7);
    case 'string':
      return nameOf(7);
    case 'reference':
      return `${targetOf(parameter)}/${rareOf(7)}`;
    case 'uri':
      return `http://a.example/${rareOf(7)}`;
    case 'token':
      return tokenOf(parameter.of, 7);
    case 'composite':
      return parameter.components.map((component) => sampleOf('', component)).join('$');
    default:
      return '5';
  }
}

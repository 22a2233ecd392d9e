/** Every canonical of the registry's own that the code names is defined and published, and what is defined is named somewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { CodeSystem, StructureDefinition } from '@medplum/fhirtypes';
import { readAllDefinitions, readDefinitions } from '../../src/fhir/profile-files.ts';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';
import { CDSI_OBSERVATION } from '../../src/operations/forecast/codes.ts';
import { library } from '../../src/terminology/library.ts';

const OWN = 'https://fhir-iis.org/fhir/';
const CANONICAL =
  /https:\/\/fhir-iis\.org\/fhir\/(?:CodeSystem|ValueSet|ConceptMap|StructureDefinition|SearchParameter|OperationDefinition|Measure)\/[\w-]*/g;
const src = join(import.meta.dirname, '../../src');

interface Source {
  readonly path: string;
  readonly text: string;
}
const sources = new Map<string, Source>(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|json)$/.test(name))
    .map((name) => join(src, name))
    .map((path) => [path, { path, text: readFileSync(path, 'utf8') }]),
);

/** What a constant of a file is, or one that it imports; undefined for what is known only when the program runs. */
function constant({ path, text }: Source, name: string): string | undefined {
  const [, , value] = new RegExp(`const ${name}(?:: string)? =\\s*(['"\`])(.*?)\\1`).exec(text) ?? [];
  if (value !== undefined) return folded(value, { path, text });
  const [, from] =
    new RegExp(`import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '(\\.[^']+)'`).exec(text) ?? [];
  const imported = from === undefined ? undefined : sources.get(join(dirname(path), from));
  return imported && constant(imported, name);
}

const UNKNOWN = '?';
const folded = (text: string, source: Source): string =>
  text.replaceAll(/\$\{([^}]*)\}/g, (_all, name: string) =>
    /^\w+$/.test(name) ? (constant(source, name) ?? UNKNOWN) : UNKNOWN,
  );

/** Whole canonicals: what only begins one ends in a slash or a dash, or goes on with what is not known before. */
function namedIn(source: Source): readonly string[] {
  const text = source.path.endsWith('.ts') ? folded(source.text, source) : source.text;
  return [...text.matchAll(CANONICAL)]
    .filter(({ 0: url, index }) => !/[/-]$/.test(url) && text[index + url.length] !== UNKNOWN)
    .map(([url]) => url);
}

const named = new Set([...sources.values()].flatMap(namedIn));
const { systems, valueSets, maps } = library();
const definitions = readAllDefinitions() as readonly { readonly url: string }[];
const published = new Set([
  ...definitions.map(({ url }) => url),
  ...systems.keys(),
  ...valueSets.keys(),
  ...maps.keys(),
]);

test('what the code names is published', () => {
  expect(named.size).toBeGreaterThan(40);
  expect([...named].filter((url) => !published.has(url))).toEqual([]);
});

test('no code system and no extension is published that neither the code nor another definition names', () => {
  const extensions = (readDefinitions('structure-definitions') as readonly StructureDefinition[]).filter(
    ({ type }) => type === 'Extension',
  );
  const own = [...(readDefinitions('code-systems') as readonly CodeSystem[]), ...extensions];
  const idle = own.filter(({ url = '' }) => {
    const others = definitions.filter((each) => each.url !== url);
    return !named.has(url) && !JSON.stringify(others).includes(`"${url}"`);
  });
  expect(idle.map(({ url }) => url)).toEqual([]);
});

test('the observations of CDSi are those by which forecasts are made', () => {
  const codes = systems.get(CDSI_OBSERVATION)?.concepts;
  expect(CDSI_OBSERVATION.startsWith(OWN)).toBe(true);
  const { observations } = loadSchedule();
  expect(new Map([...(codes ?? [])].map(([code, { display }]) => [code, display]))).toEqual(
    new Map([...observations].map(([code, { title }]) => [code, title])),
  );
});

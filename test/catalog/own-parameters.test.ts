/** The registry's own search parameters: what is published of them is what the server does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { SearchParameter } from '@medplum/fhirtypes';
import { catalog } from '../../src/catalog/index.ts';
import { ask, refusalOf } from '../search/asking.ts';
import { samplesOf } from '../search/server/population.ts';

const OWN = 'https://fhir-iis.org/fhir/SearchParameter/';
const folder = join(import.meta.dirname, '../../profiles/search-parameters');
const published = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SearchParameter,
);
const declared = [...catalog.values()].flatMap((entry) =>
  Object.entries(entry.search)
    .filter(([, { canonical }]) => canonical?.startsWith(OWN) === true)
    .map(([name, parameter]) => ({ url: parameter.canonical ?? '', entry, name, parameter })),
);

/** A path of the catalog as FHIRPath, without the types that choices are narrowed to. */
const expressionOf = (type: string, path: string): string =>
  [type, ...(path === '' ? [] : [path])]
    .join('.')
    .replaceAll(/\[(\w+)=([^\]]+)\]/g, ".where($1 = '$2')")
    .replace(/(multipleBirth)Integer$|(doseNumber)PositiveInt$/, '$1$2');
const withoutTypes = (expression = ''): string => expression.replaceAll(/\.ofType\(\w+\)/g, '');

const MODIFIERS = 'missing exact contains not text in not-in below above identifier of-type'.split(' ');

const workedOut = [...catalog.values()].flatMap(({ type, derived = {} }) =>
  Object.entries(derived).map(([name, { canonical }]) => ({ url: canonical, type, name })),
);

test('every one is published, and nothing else is', () => {
  const own = [...declared, ...workedOut].map(({ url }) => url);
  expect(published.map(({ url }) => url).sort()).toEqual(own.sort());
});

test.each(workedOut)('$url has no element, and no modifier', ({ url, type, name }) => {
  const definition = published.find((each) => each.url === url);
  expect(definition).toMatchObject({ code: name, base: [type], type: 'token', status: 'active' });
  expect([definition?.expression, definition?.modifier]).toEqual([undefined, undefined]);
  expect(refusalOf(() => ask(type, `${name}:not=true`, { inRecord: true }))).toBe('not-understood');
});

describe.each(declared)('$url', ({ url, entry, name, parameter }) => {
  const definition = published.find((each) => each.url === url);

  test('says of itself what the catalog says', () => {
    expect(definition).toMatchObject({
      code: name,
      base: [entry.type],
      type: parameter.kind,
      status: 'active',
    });
    expect(definition?.id).toBe(url.slice(OWN.length));
    expect(parameter.paths.map((path) => expressionOf(entry.type, path))).toEqual([
      withoutTypes(definition?.expression),
    ]);
    expect([...(definition?.target ?? [])]).toEqual(parameter.kind === 'reference' ? parameter.targets : []);
  });

  test('names its components as they are', () => {
    const components = parameter.kind === 'composite' ? parameter.components : [];
    const meant = components.map(({ paths }) => expressionOf('', paths[0] ?? '').slice(1));
    expect((definition?.component ?? []).map(({ expression }) => withoutTypes(expression))).toEqual(meant);
  });

  test('has the modifiers that it says it has, and no others', () => {
    const [, sample = ''] = samplesOf(entry).find(([each]) => each === name) ?? [];
    const values = { missing: 'true', in: 'urn:known', 'not-in': 'urn:known', 'of-type': 'urn:t|c|v' };
    const understood = MODIFIERS.filter((modifier) => {
      const value = modifier in values ? values[modifier as keyof typeof values] : sample;
      const coded = modifier === 'below' || modifier === 'above' ? `urn:s|${value}` : value;
      const kind = refusalOf(() =>
        ask(entry.type, `${name}:${modifier}=${coded}`, {
          inRecord: true,
          expand: () => [],
          hierarchy: () => [],
        }),
      );
      return kind !== 'not-understood';
    });
    // R4 writes the modifier's code otherwise than the modifier.
    const told = (definition?.modifier ?? []).map((modifier) =>
      modifier === 'ofType' ? 'of-type' : modifier,
    );
    expect(told.filter((modifier) => modifier !== 'type').sort()).toEqual([...understood].sort());
  });
});

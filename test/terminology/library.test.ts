import { describe, expect, test } from '@jest/globals';
import { doseStatusOf } from '../../src/operations/forecast/codes.ts';
import { DETECTIONS } from '../../src/quality/detections.ts';
import { NOTED } from '../../src/quality/noted.ts';
import { conceptOf, isA } from '../../src/terminology/code-system.ts';
import { reversed } from '../../src/terminology/concept-map.ts';
import { library } from '../../src/terminology/library.ts';
import { terminology } from '../../src/terminology/load.ts';
import { publications } from '../../src/terminology/publication.ts';
import { check } from '../../src/validation/check.ts';

const { systems, valueSets, maps, members } = library();
const CVX = 'http://hl7.org/fhir/sid/cvx';
const all = [...new Set(systems.values())];

describe('The library', () => {
  test('says of every code system where it is from and under what licence', () => {
    expect(all.filter(({ origin, licence }) => origin === '' || licence === '')).toEqual([]);
    expect(all.length).toBeGreaterThan(30);
  });

  test('has no hierarchy that leads nowhere or round in circles', () => {
    const lost = all.flatMap((system) =>
      [...system.concepts.values()].filter(
        ({ code, parent }) =>
          parent !== undefined && (!system.concepts.has(parent) || isA(system, parent, code)),
      ),
    );
    expect(lost).toEqual([]);
  });

  test('knows a system by its object identifier, and a code in another spelling', () => {
    expect(systems.get('urn:oid:2.16.840.1.113883.12.292')).toBe(systems.get(CVX));
    const ndc = systems.get('http://hl7.org/fhir/sid/ndc');
    expect(ndc && conceptOf(ndc, '0006-4681-01')?.code).toBe('00006-4681-01');
  });

  test('names no CPT code: those names are not ours to give', () => {
    const cpt = systems.get('http://www.ama-assn.org/go/cpt');
    expect([...(cpt?.concepts.values() ?? [])].filter(({ display }) => display !== undefined)).toEqual([]);
  });

  test('can tell every value set of our own', () => {
    const own = [...valueSets.keys()].filter((url) => url.startsWith('https://fhir-iis.org/'));
    expect(own.filter((url) => (members(url)?.size ?? 0) === 0)).toEqual([]);
    expect(members(`${own[0] ?? ''}|0.1.0`)).toBe(members(own[0] ?? ''));
  });

  test('translates both ways alike', () => {
    for (const map of maps.values())
      for (const [source, targets] of [...map.translations].slice(0, 200))
        for (const { system, code } of targets)
          expect(reversed(map, system, code).map((back) => back.code)).toContain(source);
  });

  test('translates to codes that are known', () => {
    const unknown = [...maps.values()].flatMap(({ translations }) =>
      [...translations.values()]
        .flat()
        .filter(({ system, code }) => systems.get(system)?.concepts.has(code) !== true),
    );
    expect(unknown).toEqual([]);
  });
});

describe('What is published of the tables', () => {
  const published = publications(library());

  test('is R4', () => {
    expect(published.flatMap((each) => check(each))).toEqual([]);
  });

  test('has every code, each under its parent', () => {
    const cvx = published.find(({ resourceType, id }) => resourceType === 'CodeSystem' && id === 'cvx');
    expect(cvx).toMatchObject({ url: CVX, content: 'complete', count: systems.get(CVX)?.concepts.size });
  });
});

describe('Code systems of our own', () => {
  const codesOf = (name: string): readonly string[] => [
    ...(systems.get(`https://fhir-iis.org/fhir/CodeSystem/${name}`)?.concepts.keys() ?? []),
  ];

  test('publish every detection, and every reason of a refusal in a message', () => {
    expect(codesOf('detection')).toEqual(
      [...Object.values(DETECTIONS), ...NOTED].map(({ code }) => code).toSorted(),
    );
    expect(codesOf('v2-nip002')).toEqual([...(terminology().sets.get('refusal-reason')?.keys() ?? [])]);
  });

  test('know the status of a dose that was not needed', () => {
    const { coding } = doseStatusOf('Extraneous');
    expect(codesOf('dose-evaluation-status')).toEqual(coding?.map(({ code }) => code));
  });
});

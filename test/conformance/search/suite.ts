import { SHAPES } from '../../search/server/shapes-by-type.ts';
import { jest, type Suite } from '../suite.ts';

const parametersOf = (type: string): readonly string[] => {
  const names = (SHAPES[type] ?? []).flatMap(([names]) => names).map((name) => name.split(':')[0] ?? '');
  return [...new Set(names)];
};

const modifiers = (): readonly string[] => {
  const all = Object.values(SHAPES)
    .flat()
    .flatMap(([names]) => names)
    .map((name) => name.split(':')[1] ?? '');
  return [...new Set(all)].filter((name) => /^[a-z]/.test(name)).sort();
};

export const search = (): Suite => ({
  title: 'Search, as a property',
  against:
    'a plain reading in memory of R4 search.html, by the published SearchParameters (HL7’s, US Core’s and the registry’s own) evaluated as FHIRPath; it uses nothing of the server',
  command: `${jest('test/search/server/found.property.test.ts')} (SEARCH_RUNS=5000 for more)`,
  passes: `generated searches of ${Object.keys(SHAPES).length} types over HTTP: what is found, its order and every page, there and back, are those of the reading; modifiers ${modifiers().join(', ')}, missing and [type]; chains and _has of up to two steps; by GET and POST`,
  deviations: [
    {
      of: 'too costly searches',
      decision: 'What no index serves is refused with 422 where no other criterion leads to few resources.',
      reason: 'In a registry of millions it would read every record (docs/decisions/0008).',
    },
    {
      of: 'phonetic',
      decision: 'Not held against the reading.',
      reason:
        'How a name sounds is the server’s to decide; test/search/phonetic.test.ts says how it is here.',
    },
    {
      of: '_text, _content, _filter, _list, _query',
      decision: 'Refused as unknown parameters (400).',
      reason: 'Narrative is not indexed, and free expressions cannot be bounded.',
    },
  ],
  table: {
    head: ['type', 'parameters'],
    rows: Object.keys(SHAPES).map((type) => [type, parametersOf(type).join(', ')]),
  },
});

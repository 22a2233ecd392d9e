import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest, ROOT, testsIn, type Suite } from '../suite.ts';

const FOLDER = 'test/conformance/clients';
const JAVASCRIPT: readonly (readonly [client: string, file: string])[] = [
  ['fhir-kit-client 2', 'fhir-kit-client.test.ts'],
  ['@medplum/core 5', 'medplum-client.test.ts'],
  ['fhirclient 2 (SMART on FHIR JavaScript)', 'fhirclient.test.ts'],
];
const PYTHON = 'fhirpy/test_fhirpy.py';

const pythonTests = (): readonly string[] =>
  [...readFileSync(join(ROOT, FOLDER, PYTHON), 'utf8').matchAll(/^ {4}def test_(\w+)/gm)].map(
    ([, name = '']) => name.replaceAll('_', ' '),
  );

export function clients(): Suite {
  const rows = [
    ...JAVASCRIPT.map(([client, file]) => [client, testsIn(`${FOLDER}/${file}`).join('; ')]),
    ['fhirpy 2 (Python)', pythonTests().join('; ')],
  ];
  return {
    title: 'Clients',
    against: 'what four clients that are in use ask of a server, by their own calls',
    command: `${jest(FOLDER)}; npm run test:clients:python`,
    passes: `${rows.length} clients: create, read, search, page, update, transaction and more with each`,
    deviations: [
      {
        of: 'fhirpy: count()',
        decision: 'It is refused, unless the client sends "Prefer: handling=lenient".',
        reason: 'It asks by a parameter of another server, and unknown ones are an error here.',
      },
      {
        of: 'fhirpy: patch()',
        decision: 'It is refused (415).',
        reason: 'It sends a part of a resource as application/json, which is no patch format of FHIR.',
      },
    ],
    table: { head: ['client', 'its tests'], rows },
  };
}

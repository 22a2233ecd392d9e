/**
 * Whether all that is ours passes the HL7 validator: the files of profiles/, the examples of the documents, what the
 * sandbox stores and what the server answers. `npm run test:validator`; PEOPLE sets the size of the sandbox.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from './validator/answers.ts';
import { definitionsIn, ownProfiles, type Definitions } from './validator/definitions.ts';
import { documents } from './validator/documents.ts';
import { jars } from './validator/jars.ts';
import { judge, type Fault, type Subject } from './validator/judge.ts';
import { sandboxOf, type Sandbox } from './validator/server.ts';

const PEOPLE = Number(process.env['PEOPLE'] ?? '300');
const SHOWN = 100;

const profiles = new Map(
  ownProfiles()
    .filter(({ type }) => type !== 'Extension')
    .map(({ type, url }) => [type, [url]]),
);

/** Wrong by R4, by US Core, by our own profile and by a code table: a validator that lets it pass reads nothing. */
const CANARY: Subject = {
  name: 'canary',
  profiles: profiles.get('Immunization') ?? [],
  json: JSON.stringify({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: 'no-vaccine' }] },
    patient: { reference: 'Patient/1' },
    occurrenceDateTime: '2021-02-30',
    lot: 'A',
  }),
};
const CANARY_FAULTS = [/2021-02-30|date/i, /lot/, /no-vaccine/];

async function* subjects(sandbox: Sandbox, { forecasts }: Definitions): AsyncGenerator<Subject> {
  yield CANARY;
  yield* documents();
  yield* answers(sandbox, (type) => [...(profiles.get(type) ?? []), ...[forecasts.get(type) ?? []].flat()]);
}

/** The same fault of many resources is told once. */
function told(faults: readonly Fault[]): readonly string[] {
  const kinds = Map.groupBy(faults, ({ subject, place, message }) =>
    [
      subject.replace(/\/[\w-]{30,}$/, ''),
      place.replace(/\[\d+\]/g, ''),
      message.replace(/[\w-]{36}/g, '…'),
    ].join('\t'),
  );
  return [...kinds].map(([kind, all]) => {
    const [subject, place, message] = kind.split('\t');
    return `${String(subject)} (${all.length}, as ${all[0]?.subject ?? ''}) ${String(place)}: ${String(message)}`;
  });
}

const scratch = mkdtempSync(join(tmpdir(), 'fhir-iis-validator-'));
const library = jars();
const definitions = definitionsIn(scratch);
console.log(`The HL7 validator with ${definitions.usCore}; a sandbox of ${PEOPLE} people.`);
const sandbox = await sandboxOf(PEOPLE);
try {
  const verdict = await judge(library, definitions, subjects(sandbox, definitions));
  const { unchecked } = verdict;
  const [canary, faults] = [true, false].map((isCanary) =>
    verdict.faults.filter(({ subject }) => (subject === CANARY.name) === isCanary),
  ) as [Fault[], Fault[]];
  const missed = CANARY_FAULTS.filter((wrong) => !canary.some(({ message }) => wrong.test(message)));
  if (missed.length > 0)
    throw new Error(`The validator overlooks what is wrong: ${missed.map(String).join(', ')}`);
  const judged = verdict.judged - 1;
  const lines = told(faults);
  for (const line of lines.slice(0, SHOWN)) console.error(line);
  if (lines.length > SHOWN) console.error(`… and ${lines.length - SHOWN} more kinds of faults`);
  const failed = new Set(faults.map(({ subject }) => subject)).size;
  console.log(`${unchecked} bindings to value sets that only a terminology server has were not checked.`);
  console.log(`${judged - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await sandbox.stop();
  rmSync(scratch, { recursive: true, force: true });
}

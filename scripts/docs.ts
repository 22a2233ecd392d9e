/**
 * Writes the documents that come from tables: the errors, the settings, the conformance, the capability statement.
 * With --check it writes nothing and fails where a file differs from what its table says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { capabilityText } from './capability.ts';
import { detectionSystem } from './docs/detections.ts';
import { jurisdictionPage } from './docs/jurisdiction.ts';
import { observationSystem } from './docs/observations.ts';
import { participantsPage } from './docs/participants.ts';
import { sightTable } from './docs/sight-table.ts';
import { SETTINGS } from '../src/config.ts';
import { FAILURES } from '../src/core/failure.ts';
import { conformance } from './docs/conformance.ts';
import { table } from './docs/table.ts';
import { DETECTIONS, labelOf } from '../src/quality/detections.ts';
import { NOTED, type Noted } from '../src/quality/noted.ts';
import { loadPack, packNames } from '../src/jurisdictions/load.ts';

const WRITTEN_BY = '<!-- Written by `npm run docs` from a table in the source; change it there. -->\n\n';

function errors(): string {
  const rows = Object.entries(FAILURES).map(([kind, { status, issue, v2, means }]) => [
    `\`${kind}\``,
    String(status),
    `\`${issue}\``,
    v2,
    means,
  ]);
  return `${WRITTEN_BY}# Errors

Every fault is an OperationOutcome. Its \`issue.code\` is the code below, \`diagnostics\` says what is wrong and what to
do, \`expression\` where. \`X-Request-Id\` of the answer names the request in the server's log and audit.
The last code is that of HL7 v2 table 0357, for the same fault in an acknowledgement.

${table(['kind', 'HTTP', 'issue code', 'v2', 'means'], rows)}
`;
}

function configuration(): string {
  const rows = Object.entries(SETTINGS).map(([name, { fallback, means }]) => [
    `\`${name}\``,
    fallback === undefined || fallback === '' ? '' : `\`${fallback}\``,
    means,
  ]);
  return `${WRITTEN_BY}# Configuration

Settings come from the environment. A wrong value stops the start, and the message names every setting that is wrong.

${table(['setting', 'default', 'means'], rows)}
`;
}

function jurisdiction(name: string): string {
  const pack = loadPack(name);
  return `${WRITTEN_BY}${jurisdictionPage(pack, sightTable(pack))}`;
}

function messageCodes(): string {
  const rows = Object.values(DETECTIONS).map((each) => [
    ...[each.code, each.field, each.defect, each.severity, each.hl7, each.application ?? '', each.says],
  ]);
  return `${WRITTEN_BY}# Codes in acknowledgements

What can be wrong with a report, as ERR segments and data quality reports call it. Codes that begin with DQA are those of
AIRA's Message Quality Evaluator (https://github.com/immregistries/codebase, Apache-2.0); IIS are the registry's own.

${table(['code', 'field', 'is', 'ERR-4', 'ERR-3 (0357)', 'ERR-5 (0533)', 'what to do'], rows)}

# Counted, and not told

What a registry can see and nobody need answer: reports of data quality count it with the severity N. Judged of a stored message, its
person, a person under 18, each next of kin, each order, those that the sender gave or knows from elsewhere, or each observation.

${table(['code', 'what', 'where', 'judged of each'], NOTED.map(notedRow))}
`;
}

function notedRow(noted: Noted): string[] {
  const { code, segment, number, component, of } = noted;
  const field = number === undefined ? segment : `${segment}-${number}`;
  return [code, labelOf(noted), component === undefined ? field : `${field}.${component}`, of];
}

const documents: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errors,
  'docs/configuration.md': configuration,
  'docs/conformance.md': conformance,
  'docs/participants.md': () => `${WRITTEN_BY}${participantsPage()}`,
  'docs/hl7v2-codes.md': messageCodes,
  'capability-statement.json': capabilityText,
  'profiles/code-systems/detection.json': detectionSystem,
  'profiles/code-systems/cdsi-observation.json': observationSystem,
  ...Object.fromEntries(
    packNames().map((name) => [`docs/jurisdictions/${name}.md`, () => jurisdiction(name)]),
  ),
};

const isCheck = process.argv.includes('--check');
const root = new URL('../', import.meta.url);
for (const [path, make] of Object.entries(documents)) {
  const file = new URL(path, root);
  const text = make();
  if (!isCheck) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${path} is not what its table says; run npm run docs.`);
    process.exitCode = 1;
  }
}

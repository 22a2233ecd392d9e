/**
 * Makes `build/`, what the server loads and nobody writes by hand: the elements table and the structure
 * validators, derived from HL7's R4 definitions. Does nothing where they are up to date.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../src/catalog/index.ts';
import { definitionsVersion } from './build/definitions.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'build');
const steps = join(import.meta.dirname, 'build');

/** Types without a catalog entry that come as bodies and answers, or inside other resources. */
const BESIDE_CATALOG = (
  'Patient Immunization ImmunizationRecommendation ImmunizationEvaluation Consent Organization Practitioner ' +
  'PractitionerRole Location RelatedPerson Observation Condition AllergyIntolerance Procedure Provenance AuditEvent ' +
  'Group Task Communication MeasureReport DocumentReference Binary Basic Bundle Parameters OperationOutcome ' +
  'StructureDefinition SearchParameter OperationDefinition CodeSystem ValueSet CapabilityStatement ' +
  'CareTeam Composition Coverage Device DiagnosticReport Encounter Endpoint EpisodeOfCare HealthcareService ' +
  'Medication MessageHeader Person ServiceRequest Specimen Substance'
).split(' ');

function readTypes(): readonly string[] {
  return [...new Set([...catalog.keys(), ...BESIDE_CATALOG])].sort();
}

/** Changes whenever the result would. */
function fingerprint(types: readonly string[]): string {
  const ajv = join(root, 'node_modules', 'ajv', 'package.json');
  const files = [import.meta.filename, join(root, 'src', 'fhir', 'element-table.ts'), ajv];
  const sources = [...files, ...readdirSync(steps).map((file) => join(steps, file))].map((file) =>
    readFileSync(file, 'utf8'),
  );
  return createHash('sha256')
    .update(JSON.stringify([definitionsVersion(), types, sources]))
    .digest('hex');
}

function isUpToDate(stamp: string): boolean {
  try {
    return readFileSync(join(target, 'stamp'), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Whole or not at all: another run, or a server that starts meanwhile, never reads half a file. */
function write(name: string, content: string): void {
  const draft = join(target, `.${name}.${process.pid}`);
  writeFileSync(draft, content);
  renameSync(draft, join(target, name));
}

async function build(types: readonly string[]): Promise<void> {
  const { readTypes: readDefinitions, readTerminology } = await import('./build/definitions.ts');
  const { elementsTable } = await import('./build/elements.ts');
  const { schemaOf } = await import('./build/schema.ts');
  const { validatorsModule } = await import('./build/validators.ts');
  const table = elementsTable(readDefinitions(), readTerminology());
  mkdirSync(target, { recursive: true });
  write('elements.json', JSON.stringify(table));
  write('validators.cjs', validatorsModule(schemaOf(table), types));
}

const types = readTypes();
const stamp = fingerprint(types);
if (!isUpToDate(stamp)) {
  await build(types);
  // Last, so that a run that was cut short is done again.
  write('stamp', stamp);
}

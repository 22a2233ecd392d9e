/**
 * Makes `build/`, what the server loads and nobody writes by hand: the elements table and the structure
 * validators, derived from HL7's R4 definitions. Does nothing where they are up to date.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionsVersion } from './build/definitions.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'build');
const steps = join(import.meta.dirname, 'build');

/** Types that are read whether the catalog serves them or not: as bodies, as answers, inside other resources. */
const ALWAYS = (
  'Bundle Parameters OperationOutcome StructureDefinition SearchParameter OperationDefinition CodeSystem ValueSet ' +
  'CapabilityStatement Patient Immunization ImmunizationRecommendation ImmunizationEvaluation Consent Organization ' +
  'Practitioner PractitionerRole Location RelatedPerson Observation Condition AllergyIntolerance Procedure Provenance ' +
  'AuditEvent Group Task Communication MeasureReport DocumentReference Binary Basic CareTeam Composition ConceptMap ' +
  'Coverage Device DiagnosticReport Encounter Endpoint EpisodeOfCare HealthcareService Medication MessageHeader ' +
  'Person ServiceRequest Specimen Substance'
).split(' ');

/** Changes whenever the result would; a resource type of the catalog is a file, whose content need not be loaded. */
function fingerprint(): string {
  const files = [
    import.meta.filename,
    join(root, 'src', 'fhir', 'element-table.ts'),
    join(root, 'node_modules', 'ajv', 'package.json'),
    ...readdirSync(steps).map((file) => join(steps, file)),
  ];
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  const types = readdirSync(join(root, 'src', 'catalog', 'resources')).sort();
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

async function build(): Promise<void> {
  const { catalog } = await import('../src/catalog/index.ts');
  const { readTypes, readTerminology } = await import('./build/definitions.ts');
  const { elementsTable } = await import('./build/elements.ts');
  const { schemaOf } = await import('./build/schema.ts');
  const { validatorsModule } = await import('./build/validators.ts');
  const table = elementsTable(readTypes(), readTerminology());
  const types = [...new Set([...catalog.keys(), ...ALWAYS])].sort();
  mkdirSync(target, { recursive: true });
  write('elements.json', JSON.stringify(table));
  write('validators.cjs', validatorsModule(schemaOf(table), types));
}

const stamp = fingerprint();
if (!isUpToDate(stamp)) {
  await build();
  // Last, so that a run that was cut short is done again.
  write('stamp', stamp);
}

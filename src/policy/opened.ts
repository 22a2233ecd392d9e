/** What words such as `Patient.rs` open: types and permissions, as scopes write them without their level. */
import type { Interaction } from '../core/context.ts';
import { opens, scopeOf, type Permission, type Scope } from '../core/scopes.ts';

/** What describes this server and its codes is anybody's to read. */
export const DEFINITIONS =
  'CapabilityStatement.rs CodeSystem.rs ConceptMap.rs Measure.rs OperationDefinition.rs SearchParameter.rs StructureDefinition.rs ValueSet.rs';
/** Who takes part, and where. */
export const DIRECTORY = 'Organization.rs Location.rs Practitioner.rs PractitionerRole.rs';
/** What a clinician needs to know beside the doses. */
const CLINICAL_TYPES = 'AllergyIntolerance Condition Observation Procedure DocumentReference RelatedPerson';
const each = (types: string, letters: string): string =>
  types
    .split(' ')
    .map((type) => `${type}.${letters}`)
    .join(' ');
export const CLINICAL_READ = `${each(CLINICAL_TYPES, 'rs')} Provenance.rs`;
export const CLINICAL_WRITE = `${each(CLINICAL_TYPES, 'crus')} Provenance.crs`;
export const FORECAST = 'ImmunizationEvaluation.rs ImmunizationRecommendation.rs';

/** Reading does not imply searching: a history of more than one resource is a search. */
const PERMISSIONS: Readonly<Partial<Record<Interaction, Permission>>> = {
  read: 'r',
  vread: 'r',
  'history-instance': 'r',
  create: 'c',
  update: 'u',
  patch: 'u',
  delete: 'd',
  'search-type': 's',
  'history-type': 's',
  'history-system': 's',
};

/** The permission that an interaction on a type takes; undefined for one that shows and changes nothing itself. */
export const permissionFor = (interaction: Interaction): Permission | undefined => PERMISSIONS[interaction];

/** Interactions that show nothing themselves: what their parts read or write is judged by its own type. */
const OF_PARTS: ReadonlySet<Interaction> = new Set(['batch', 'transaction', 'operation', 'capabilities']);

/** Whether an interaction is judged by its parts; the whole system's history is that of its types. */
export const isOfParts = (interaction: Interaction, type: string | undefined): boolean =>
  OF_PARTS.has(interaction) || (interaction === 'history-system' && type === undefined);

const read = new Map<string, readonly Scope[]>();

/** The words come from tables, so that what is remembered stays small. */
function scopesIn(words: string): readonly Scope[] {
  const before = read.get(words);
  if (before !== undefined) return before;
  const scopes = words
    .split(' ')
    .map((word) => scopeOf(`system/${word}`))
    .filter((scope) => scope !== undefined);
  read.set(words, scopes);
  return scopes;
}

/** Whether the words open the interaction on the type. */
export function isOpened(words: string, interaction: Interaction, type: string | undefined): boolean {
  if (isOfParts(interaction, type)) return true;
  const permission = permissionFor(interaction);
  if (permission === undefined || type === undefined) return false;
  return scopesIn(words).some((scope) => opens(scope, type, permission));
}

/**
 * How an answer about one person says which of its doses are shown by another report: a tag, as SUBSETTED is one of the
 * answer and not of the resource, and beside the entry the report that shows the dose. Nothing of it is stored.
 */
import type { Immunization } from '@medplum/fhirtypes';
import { parseJson, serialize } from '../../fhir/json.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Clause } from '../../search/clause.ts';
import type { Stored } from '../../storage/store.ts';
import type { Rooms } from '../rooms.ts';
import { behindAmong, behindOf, type Behind } from './behind.ts';

const REGISTRY = 'https://fhir-iis.org/fhir/';
const PRIMARY_REPORT = `${REGISTRY}StructureDefinition/primary-report`;
const DUPLICATE = {
  system: `${REGISTRY}CodeSystem/dose-report`,
  code: 'duplicate',
  display: 'Another report shows the same dose',
};

interface Shown {
  readonly type: string;
  readonly stored: Stored;
}

const NONE: Behind = new Map();

/**
 * Which of the reports that are shown stand behind another. Answers about several people are lists of reports, and are
 * not marked.
 * @param where all that was asked, where the answer is all that it found
 */
export async function marksOf(
  { store }: Rooms,
  grant: Grant,
  shown: readonly Shown[],
  where: readonly Clause[] | undefined,
): Promise<Behind> {
  const reports = shown.filter(({ type }) => type === 'Immunization').map(({ stored }) => stored);
  const [patient, ...others] = new Set(reports.flatMap(({ patients }) => patients));
  if (patient === undefined || others.length > 0 || !grant.may('search-type', 'Immunization')) return NONE;
  return isRecord(where) ? behindAmong(store, reports) : behindOf(store, grant, [patient]);
}

/** Whether the record is all that was asked: then no dose of it is missing from the answer. */
const isRecord = (where: readonly Clause[] | undefined): boolean => {
  const [only, ...more] = where ?? [];
  return only?.op === 'in' && only.field === 'patients' && more.length === 0;
};

/** The text of a report with its tag, where it has one. */
export function tagged(behind: Behind, { _id, json }: Stored): string {
  if (!behind.has(_id)) return json;
  const { meta, ...dose } = parseJson(json) as Immunization;
  const { resourceType, id, ...rest } = dose;
  const tag = [...(meta?.tag ?? []), DUPLICATE];
  return serialize({ resourceType, ...(id !== undefined && { id }), meta: { ...meta, tag }, ...rest });
}

/**
 * What is said beside the entry: the search mode, and which report shows the dose, by its whole URL since it stands in no
 * resource that a relative one would be resolved by.
 */
export function searchText({ baseUrl }: Rooms, behind: Behind, id: string, mode: string): string {
  const primary = behind.get(id);
  if (primary === undefined) return `{"mode":"${mode}"}`;
  return JSON.stringify({
    extension: [{ url: PRIMARY_REPORT, valueReference: { reference: `${baseUrl}/Immunization/${primary}` } }],
    mode,
  });
}

/** Whether a tag is one of an answer, which nobody stores. */
export const isOfAnswer = ({ system }: { readonly system?: string | undefined }): boolean =>
  system === DUPLICATE.system;

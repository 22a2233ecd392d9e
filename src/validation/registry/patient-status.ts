/**
 * The status of a person with the registry and with each provider (HL7 v2 table 0441) as far as it follows from the
 * record itself: it stays when an update does not speak of it, a death makes it permanently inactive everywhere, and only
 * the correction of a wrong death takes that back.
 */
import type { CodeableConcept, Extension, Patient } from '@medplum/fhirtypes';
import { OWN_EXTENSION } from '../../catalog/shared.ts';

const PROVIDER = `${OWN_EXTENSION}provider-status`;
const REGISTRY = `${OWN_EXTENSION}registry-status`;
const TABLE = 'http://terminology.hl7.org/CodeSystem/v2-0441';

const status = (code: 'A' | 'P', display: string): CodeableConcept => ({
  coding: [{ system: TABLE, code, display }],
});
const ACTIVE = status('A', 'Active');
const DECEASED = status('P', 'Permanently inactive - Do not reactivate or add new entries to this record');

const isDead = ({ deceasedBoolean, deceasedDateTime }: Patient): boolean =>
  deceasedBoolean === true || deceasedDateTime !== undefined;

const codeOf = ({ extension = [] }: Extension): string | undefined =>
  extension.find(({ url }) => url === 'status')?.valueCodeableConcept?.coding?.[0]?.code;

/** The same relationship with another status. */
function withStatus(relation: Extension, to: CodeableConcept, day: string): Extension {
  const others = (relation.extension ?? []).filter(({ url }) => url !== 'status' && url !== 'date');
  return {
    ...relation,
    extension: [...others, { url: 'status', valueCodeableConcept: to }, { url: 'date', valueDate: day }],
  };
}

const isOf =
  (url: string) =>
  (each: Extension): boolean =>
    each.url === url;

/** Those of the version before, where this one says nothing of the kind. */
function keptFrom(before: Patient | undefined, extensions: readonly Extension[]): readonly Extension[] {
  const kept = [PROVIDER, REGISTRY].flatMap((url) =>
    extensions.some(isOf(url)) ? [] : (before?.extension ?? []).filter(isOf(url)),
  );
  return [...extensions, ...kept];
}

function changed(extensions: readonly Extension[], to: CodeableConcept, day: string): Extension[] {
  const wanted = to.coding?.[0]?.code;
  const relations = extensions.some(isOf(REGISTRY)) ? extensions : [...extensions, { url: REGISTRY }];
  return relations.map((each) => {
    const isRelation = each.url === REGISTRY || each.url === PROVIDER;
    return isRelation && codeOf(each) !== wanted ? withStatus(each, to, day) : each;
  });
}

/**
 * A Patient with the statuses that follow from it.
 * @param before the version before, where there is one
 * @param today YYYY-MM-DD, for a death whose day is not known
 */
export function withStatuses(patient: Patient, before: Patient | undefined, today: string): Patient {
  const extensions = keptFrom(before, patient.extension ?? []);
  const died = patient.deceasedDateTime?.slice(0, 'YYYY-MM-DD'.length) ?? today;
  const corrected = before !== undefined && isDead(before) && !isDead(patient);
  const next = isDead(patient)
    ? changed(extensions, DECEASED, died)
    : corrected
      ? changed(extensions, ACTIVE, today)
      : extensions;
  return next.length === 0 ? patient : { ...patient, extension: [...next] };
}

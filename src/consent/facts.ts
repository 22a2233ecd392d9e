/** What of a resource decides who may see it, read when it is stored (see visibility.ts). */
import type { Consent, DocumentReference, Immunization, Resource } from '@medplum/fhirtypes';
import type { Facts } from './visibility.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
/** Says of a dose that the person, a minor, consented to it alone. */
const MINORS_OWN = 'https://fhir-iis.org/fhir/StructureDefinition/minors-own-consent';
/** LOINC: consent document. */
const FORM = '59284-0';

/** The facts of a resource; of one that is about others, see interactions/sight.ts. */
export function factsOf(resource: Resource): Facts {
  const own = { type: resource.resourceType, id: resource.id ?? '' };
  if (resource.resourceType === 'Immunization') return { ...own, ...ofDose(resource) };
  if (resource.resourceType === 'Consent') return { ...own, filedBy: filersOf(resource) };
  if (isForm(resource)) return { ...own, filedBy: idsOf([resource.custodian]) };
  return own;
}

function ofDose(dose: Immunization): Partial<Facts> {
  const codes = (dose.vaccineCode.coding ?? [])
    .filter(({ system }) => system === CVX)
    .map(({ code }) => code ?? '');
  const day = dose.occurrenceDateTime?.slice(0, 10);
  const isMinorsOwn = (dose.extension ?? []).some((each) => each.url === MINORS_OWN && each.valueBoolean);
  return {
    administered: administeredBy(dose),
    codes,
    // Of a date that is not a whole day the first possible one counts: a period hides rather too much.
    ...(day !== undefined && { day: day.length === 4 ? `${day}-01-01` : day.padEnd(10, '-01') }),
    ...(isMinorsOwn && { minorsOwn: true }),
  };
}

/** Organizations that gave the dose; who only reports it from history did not. */
function administeredBy({ status, primarySource, performer = [] }: Immunization): string[] {
  if (status !== 'completed' || primarySource !== true) return [];
  const givers = performer.filter(({ function: task }) => {
    const codes = (task?.coding ?? []).map(({ code }) => code);
    return codes.length === 0 || codes.includes('AP');
  });
  return idsOf(givers.map(({ actor }) => actor));
}

/** Ids of the organizations that took a directive down. */
export const filersOf = ({ organization = [] }: Consent): string[] => idsOf(organization);

/** The form on which a directive was signed is seen by whoever sees the directive. */
const isForm = (resource: Resource): resource is DocumentReference =>
  resource.resourceType === 'DocumentReference' &&
  (resource.type?.coding ?? []).some(({ code }) => code === FORM);

function idsOf(references: readonly ({ readonly reference?: string } | undefined)[]): string[] {
  const found = references.flatMap((each) => {
    const match = /^Organization\/([A-Za-z0-9.-]+)/.exec(each?.reference ?? '');
    return match?.[1] === undefined ? [] : [match[1]];
  });
  return [...new Set(found)];
}

/** What is compared of a reported dose, and how it follows from a FHIR Immunization (https://hl7.org/fhir/R4/immunization.html). */
import type { Immunization } from '@medplum/fhirtypes';
import { folded } from '../search/fold.ts';

/** A report of a dose. What the report does not say is absent. */
export interface DoseReport {
  readonly id: string;
  /** `YYYY-MM-DD`, or less where no more is known. */
  readonly date?: string;
  readonly cvx?: string;
  /** Vaccine groups of the CVX; several for combinations. */
  readonly groups: readonly string[];
  /** Whether the CVX names the group only and no formulation. */
  readonly unspecified?: boolean;
  readonly lot?: string;
  readonly product?: string;
  /** Who gave the dose. */
  readonly organization?: string;
  /** Who reported it. */
  readonly reporter?: string;
  readonly source?: 'administered' | 'historical';
  /** The submitter's own number of the dose: the same again is the same report, corrected. */
  readonly number?: string;
  /** `YYYY-MM-DD` or an instant: a later correction is better than what it corrects. */
  readonly recorded?: string;
  /** How many elements the report fills: the complete one is better than the partial one. */
  readonly filled: number;
}

/** What the code tables say of a CVX; given by the caller, who has them. */
export interface VaccineFacts {
  groupsOf(cvx: string): readonly string[];
  isUnspecified(cvx: string): boolean;
}

const CVX = 'http://hl7.org/fhir/sid/cvx';
const NDC = 'http://hl7.org/fhir/sid/ndc';

const TELLING = [
  'lotNumber',
  'expirationDate',
  'manufacturer',
  'location',
  'performer',
  'site',
  'route',
  'doseQuantity',
  'programEligibility',
  'fundingSource',
  'education',
  'recorded',
] as const satisfies readonly (keyof Immunization)[];

/** A lot as it is compared: letters O and I are read as the digits that they are typed for. */
const lotOf = (written: string): string =>
  written
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0')
    .replaceAll('I', '1');

const organizationOf = ({ performer = [] }: Immunization): string | undefined =>
  performer
    .map(({ actor }) => actor.reference)
    .find((reference) => reference?.startsWith('Organization') === true);

/** The text of a vaccine code is a trade name only where a package is coded beside it. */
function productOf({ vaccineCode: { coding = [], text = '' } }: Immunization): string {
  return coding.some(({ system }) => system === NDC) ? folded(text) : '';
}

function givenOf(dose: Immunization): Partial<DoseReport> {
  const lot = lotOf(dose.lotNumber ?? '');
  const organization = organizationOf(dose);
  const product = productOf(dose);
  const source =
    dose.primarySource === undefined ? undefined : dose.primarySource ? 'administered' : 'historical';
  return {
    ...(lot !== '' && { lot }),
    ...(product !== '' && { product }),
    ...(organization !== undefined && { organization }),
    ...(source !== undefined && { source }),
  };
}

function vaccineOf(
  { vaccineCode }: Immunization,
  facts: VaccineFacts,
): Pick<DoseReport, 'cvx' | 'groups' | 'unspecified'> {
  const cvx = vaccineCode.coding?.find(({ system }) => system === CVX)?.code;
  return cvx === undefined
    ? { groups: [] }
    : { cvx, groups: facts.groupsOf(cvx), unspecified: facts.isUnspecified(cvx) };
}

function numberOf({ identifier = [] }: Immunization): Partial<DoseReport> {
  const own = identifier.find(({ system, value }) => system !== undefined && value !== undefined);
  return own === undefined
    ? {}
    : { number: `${own.system ?? ''}|${own.value ?? ''}`, reporter: own.system ?? '' };
}

/** The report that an Immunization is; undefined for what is no dose: refused, or entered in error. */
export function reportOf(dose: Immunization, facts: VaccineFacts): DoseReport | undefined {
  if (dose.status !== 'completed') return undefined;
  const date = dose.occurrenceDateTime?.slice(0, 'YYYY-MM-DD'.length);
  return {
    id: dose.id ?? '',
    ...(date !== undefined && { date }),
    ...(dose.recorded !== undefined && { recorded: dose.recorded }),
    ...vaccineOf(dose, facts),
    ...givenOf(dose),
    ...numberOf(dose),
    filled: TELLING.filter((element) => dose[element] !== undefined).length,
  };
}

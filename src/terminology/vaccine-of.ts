/** Which vaccine a dose was of, however it was coded, and on which day: what several readers of a history ask. */
import type { CodeableConcept } from '@medplum/fhirtypes';
import { terminology } from './load.ts';
import { productOf, vaccinesOfCpt } from './lookup.ts';
import { CPT, CVX, NDC, usualUri } from './tables.ts';

/** The civil day as it was written: no time zone moves it. */
export const dayOf = (dateTime: string | undefined): string | undefined => dateTime?.split('T')[0];

/** Codes of a system, in their order. */
const codesOf = (concept: CodeableConcept | undefined, system: string): string[] =>
  (concept?.coding ?? [])
    .filter((coding) => coding.code !== undefined && usualUri(coding.system ?? '') === system)
    .map(({ code = '' }) => code);

/** The package of a vaccine code, where it is one that is known. */
export function packageOf(vaccineCode: CodeableConcept | undefined) {
  return codesOf(vaccineCode, NDC)
    .map((ndc) => productOf(terminology(), ndc))
    .find((found) => found !== undefined);
}

/** The vaccine type: as it was coded, or that of the package; a procedure code only where it means one type. */
export function cvxOf(vaccineCode: CodeableConcept | undefined): string | undefined {
  const [cvx] = codesOf(vaccineCode, CVX);
  if (cvx !== undefined) return cvx;
  const byPackage = packageOf(vaccineCode)?.cvx;
  if (byPackage !== undefined) return byPackage;
  const byProcedure = codesOf(vaccineCode, CPT).map((cpt) => vaccinesOfCpt(terminology(), cpt));
  return byProcedure.find((vaccines) => vaccines.length === 1)?.[0]?.code;
}

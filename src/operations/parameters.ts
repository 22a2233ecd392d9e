/** Answers of operations: Parameters resources (https://hl7.org/fhir/R4/parameters.html). */
import type { ParametersParameter } from '@medplum/fhirtypes';
import type { Answer } from '../core/context.ts';

/** An answer of parameters; those that are undefined are left out. */
export function parametersAnswer(parameter: readonly (ParametersParameter | undefined)[]): Answer {
  const known = parameter.filter((each) => each !== undefined);
  return { status: 200, body: JSON.stringify({ resourceType: 'Parameters', parameter: known }) };
}

/** A text parameter, or none. */
export const textParameter = (
  name: string,
  valueString: string | undefined,
): ParametersParameter | undefined => (valueString === undefined ? undefined : { name, valueString });

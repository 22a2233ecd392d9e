/** CodeSystem/$lookup: what a code means (https://hl7.org/fhir/R4/codesystem-operation-lookup.html). */
import type { Coding, ParametersParameter } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import type { Handler } from '../interactions/rooms.ts';
import { conceptOf, type CodeSystem, type Concept } from '../terminology/code-system.ts';
import { library } from '../terminology/library.ts';
import { codesAsked, inputsOf } from './inputs.ts';
import { parametersAnswer, textParameter } from './parameters.ts';

const INPUTS = ['code', 'system', 'version', 'coding', 'property', 'date', 'displayLanguage'];

export const lookup: Handler = (_rooms, ask) => {
  const inputs = inputsOf(ask, INPUTS);
  const [{ system: url = '', code = '' } = NOTHING] = codesAsked(inputs, inputs.text('system'));
  const system = systemKnown(url, inputs.text('version'));
  const concept = conceptOf(system, code) ?? noSuchCode(system);
  const wanted = inputs.all('property');
  return Promise.resolve(
    parametersAnswer([
      { name: 'name', valueString: system.title },
      { name: 'version', valueString: system.version },
      // A name is demanded; of CPT none is ours to give.
      { name: 'display', valueString: concept.display ?? concept.code },
      textParameter('definition', concept.definition),
      ...propertiesOf(system, concept)
        .filter(({ code: name }) => wanted.length === 0 || wanted.includes(name) || wanted.includes('*'))
        .map(({ parameter }) => parameter),
    ]),
  );
};

const NOTHING: Coding = {};

/**
 * The code system of a URI, in the version asked for if any is.
 * @throws Failure `not-found`
 */
export function systemKnown(url: string, version: string | undefined): CodeSystem {
  const system = library().systems.get(url);
  if (system === undefined)
    return fail(
      'not-found',
      'This code system is not known here; GET [base]/CodeSystem lists those that are.',
    );
  if (version !== undefined && version !== system.version)
    fail('not-found', `This code system is known here in version ${system.version} only.`);
  return system;
}

function noSuchCode({ title, version, isComplete }: CodeSystem): never {
  return fail(
    'not-found',
    isComplete
      ? `There is no such code in ${title}, version ${version}.`
      : `The part of ${title} that is known here (${version}) does not have this code; it may be one all the same.`,
  );
}

interface Property {
  readonly code: string;
  readonly parameter: ParametersParameter;
}

function property(code: string, value: string | boolean): Property {
  const said = typeof value === 'boolean' ? { valueBoolean: value } : { valueString: value };
  return {
    code,
    parameter: {
      name: 'property',
      part: [
        { name: 'code', valueCode: code },
        { name: 'value', ...said },
      ],
    },
  };
}

function propertiesOf(
  system: CodeSystem,
  { code, parent, isInactive, properties }: Concept,
): readonly Property[] {
  const children = [...system.concepts.values()].filter((each) => each.parent === code);
  return [
    property('inactive', isInactive === true),
    ...(parent === undefined ? [] : [property('parent', parent)]),
    ...children.map((each) => property('child', each.code)),
    ...Object.entries(properties ?? {}).flatMap(([name, values]) =>
      [values].flat().map((value: string | boolean) => property(name, value)),
    ),
  ];
}

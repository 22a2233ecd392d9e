/** ConceptMap/$translate: which code of another system stands for a code (https://hl7.org/fhir/R4/conceptmap-operation-translate.html). */
import type { Coding, ParametersParameter } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import type { Handler } from '../interactions/rooms.ts';
import { conceptOf } from '../terminology/code-system.ts';
import { reversed, type ConceptMap, type Translation } from '../terminology/concept-map.ts';
import { library } from '../terminology/library.ts';
import { codesAsked, inputsOf, type Inputs } from './inputs.ts';
import { parametersAnswer, textParameter } from './parameters.ts';
import { canonicalAsked } from './published.ts';

const INPUTS = [
  ...[
    'url',
    'conceptMapVersion',
    'code',
    'system',
    'version',
    'coding',
    'codeableConcept',
    'targetsystem',
    'reverse',
  ],
  ...['source', 'target'],
];

export const translate: Handler = async (rooms, ask, grant) => {
  const inputs = inputsOf(ask, INPUTS);
  const named = await canonicalAsked(rooms, ask, grant);
  const isReverse = inputs.flag('reverse') === true;
  const target = uriKnown(inputs.text('targetsystem'));
  const matches = codesAsked(inputs, inputs.text('system')).flatMap((asked) =>
    mapsAsked(inputs, named).flatMap((map) => {
      const found = isReverse ? backwards(map, asked) : forwards(map, asked);
      return found
        .filter(({ system }) => target === undefined || system === target)
        .map((each) => matchOf(map, each));
    }),
  );
  return parametersAnswer([
    { name: 'result', valueBoolean: matches.length > 0 },
    textParameter(
      'message',
      matches.length > 0 ? undefined : 'No map that is known here has a match for the code.',
    ),
    ...matches,
  ]);
};

/**
 * The map that is asked for, or all of them: codes and systems say then which one it is.
 * @throws Failure `not-found`
 */
function mapsAsked(inputs: Inputs, named: string | undefined): readonly ConceptMap[] {
  const url = (named ?? inputs.text('url'))?.split('|')[0];
  const { maps } = library();
  if (url === undefined) return [...maps.values()];
  const map = maps.get(url);
  return map === undefined
    ? fail('not-found', 'This map is not known here; GET [base]/ConceptMap lists those that are.')
    : [map];
}

const uriKnown = (uri: string | undefined): string | undefined =>
  uri === undefined ? undefined : (library().systems.get(uri)?.url ?? uri);

/** The code as its system lists it. */
function listed({ system: uri, code = '' }: Coding): { system: string; code: string } {
  if (uri === undefined) return fail('required', 'Say of which code system the code is: system.');
  const system = library().systems.get(uri);
  const concept = system && conceptOf(system, code);
  return { system: system?.url ?? uri, code: concept?.code ?? code };
}

function forwards(map: ConceptMap, coding: Coding): readonly Translation[] {
  const { system, code } = listed(coding);
  return map.source === system ? (map.translations.get(code) ?? []) : [];
}

function backwards(map: ConceptMap, coding: Coding): readonly Translation[] {
  const { system, code } = listed(coding);
  return map.targets.includes(system) ? reversed(map, system, code) : [];
}

function matchOf(
  { url }: ConceptMap,
  { equivalence, system, code, display }: Translation,
): ParametersParameter {
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      { name: 'concept', valueCoding: { system, code, ...(display !== undefined && { display }) } },
      { name: 'source', valueUri: url },
    ],
  };
}

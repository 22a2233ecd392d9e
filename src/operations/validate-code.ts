/**
 * $validate-code: whether a code is in a code system or a value set, and under which name
 * (https://hl7.org/fhir/R4/codesystem-operation-validate-code.html, https://hl7.org/fhir/R4/valueset-operation-validate-code.html).
 */
import type { Coding } from '@medplum/fhirtypes';
import type { Answer } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Handler } from '../interactions/rooms.ts';
import { conceptOf, type CodeSystem } from '../terminology/code-system.ts';
import { library } from '../terminology/library.ts';
import { memberKey, type Members } from '../terminology/value-set.ts';
import { codesAsked, inputsOf, type Inputs } from './inputs.ts';
import { systemKnown } from './lookup.ts';
import { parametersAnswer, textParameter } from './parameters.ts';
import { canonicalAsked } from './published.ts';
import { membersAsked } from './value-set-asked.ts';

const OF_SYSTEM = [
  'url',
  'code',
  'version',
  'display',
  'coding',
  'codeableConcept',
  'date',
  'abstract',
  'displayLanguage',
];
const OF_VALUE_SET = [
  ...[
    'url',
    'valueSet',
    'valueSetVersion',
    'code',
    'system',
    'systemVersion',
    'display',
    'coding',
    'codeableConcept',
  ],
  ...['date', 'abstract', 'displayLanguage'],
];

export const validateCode: Handler = async (rooms, ask, grant) => {
  const isOfSystem = ask.type === 'CodeSystem';
  const inputs = inputsOf(ask, isOfSystem ? OF_SYSTEM : OF_VALUE_SET);
  const named = await canonicalAsked(rooms, ask, grant);
  const verdict = isOfSystem ? inSystem(inputs, named) : inValueSet(inputs, membersAsked(inputs, named));
  return answer(verdict, inputs.text('display'));
};

interface Verdict {
  readonly isIn: boolean;
  readonly display?: string | undefined;
  readonly isInactive?: true | undefined;
  readonly why?: string;
}

function inSystem(inputs: Inputs, named: string | undefined): Verdict {
  const url = named ?? inputs.text('url');
  const codings = codesAsked(inputs, url);
  const coding = codings.find(({ system }) => url === undefined || system === url);
  if (coding === undefined) return { isIn: false, why: 'The coding is of another code system.' };
  const { system: uri, code = '' } = coding;
  if (uri === undefined)
    return fail('required', 'Say of which code system: url, or the system of the coding.');
  return ofSystem(systemKnown(uri, inputs.text('version')), code);
}

function ofSystem(system: CodeSystem, code: string): Verdict {
  const concept = conceptOf(system, code);
  if (concept !== undefined) return { isIn: true, display: concept.display, isInactive: concept.isInactive };
  const part = system.isComplete ? '' : ' Only a part of it is known here.';
  return { isIn: false, why: `The code is not in ${system.title}, version ${system.version}.${part}` };
}

function inValueSet(inputs: Inputs, members: Members): Verdict {
  const codings = codesAsked(inputs, inputs.text('system'));
  const found = codings.map((coding) => memberOf(members, coding)).find((each) => each !== undefined);
  if (found !== undefined) return { isIn: true, display: found.display, isInactive: found.isInactive };
  return { isIn: false, why: 'The code is not in the value set.' };
}

/** A code may be spelled in several ways, its system come under several names. */
function memberOf(members: Members, { system: uri, code = '' }: Coding) {
  if (uri === undefined) return fail('required', 'Say of which code system the code is: system.');
  const system = library().systems.get(uri);
  const spelled = system && conceptOf(system, code)?.code;
  return members.get(memberKey(system?.url ?? uri, spelled ?? code));
}

function answer({ isIn, display, isInactive, why }: Verdict, sent: string | undefined): Answer {
  const isNamedSo =
    sent === undefined || display === undefined || sent.toLowerCase() === display.toLowerCase();
  const message = [
    ...(why === undefined ? [] : [why]),
    ...(isNamedSo ? [] : ['The code has another name than the one that was sent.']),
    ...(isInactive === true ? ['The code is no longer in use.'] : []),
  ];
  return parametersAnswer([
    { name: 'result', valueBoolean: isIn && isNamedSo },
    textParameter('message', message.length === 0 ? undefined : message.join(' ')),
    textParameter('display', display),
  ]);
}

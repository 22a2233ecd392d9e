/** ValueSet/$expand: the codes of a value set (https://hl7.org/fhir/R4/valueset-operation-expand.html). */
import type { ValueSet, ValueSetExpansionContains, ValueSetExpansionParameter } from '@medplum/fhirtypes';
import type { Handler } from '../interactions/rooms.ts';
import { fold } from '../search/fold.ts';
import type { Member } from '../terminology/value-set.ts';
import { inputsOf, type Inputs } from './inputs.ts';
import { canonicalAsked } from './published.ts';
import { membersAsked, valueSetAsked } from './value-set-asked.ts';

const INPUTS = [
  ...[
    'url',
    'valueSet',
    'valueSetVersion',
    'filter',
    'offset',
    'count',
    'activeOnly',
    'date',
    'displayLanguage',
  ],
  ...[
    'includeDesignations',
    'includeDefinition',
    'excludeNested',
    'excludeNotForUI',
    'excludePostCoordinated',
  ],
];

export const expand: Handler = async (rooms, ask, grant) => {
  const inputs = inputsOf(ask, INPUTS);
  const named = await canonicalAsked(rooms, ask, grant);
  const valueSet = valueSetAsked(inputs, named);
  const members = [...membersAsked(inputs, named).values()].filter(wanted(inputs));
  const offset = inputs.count('offset') ?? 0;
  const page = members.slice(offset, offset + (inputs.count('count') ?? members.length));
  const { compose: _compose, text: _text, expansion: _expansion, ...head } = valueSet;
  const body: ValueSet = {
    ...head,
    expansion: {
      identifier: `urn:uuid:${rooms.newId()}`,
      timestamp: rooms.now().toISOString(),
      total: members.length,
      offset,
      ...parametersOf(inputs),
      ...(page.length > 0 && { contains: page.map(contained) }),
    },
  };
  return { status: 200, body: JSON.stringify(body) };
};

/** Words of the filter begin words of the name, or the code; accents and case aside. */
function wanted(inputs: Inputs): (member: Member) => boolean {
  const words = fold(inputs.text('filter') ?? '')
    .split(' ')
    .filter(Boolean);
  const activeOnly = inputs.flag('activeOnly') === true;
  return ({ code, display = '', isInactive }) => {
    if (activeOnly && isInactive === true) return false;
    const parts = [...fold(display).split(/[^\p{L}\p{N}]+/u), fold(code)];
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
}

const contained = ({ system, code, display, isInactive }: Member): ValueSetExpansionContains => ({
  system,
  ...(isInactive === true && { inactive: true }),
  code,
  ...(display !== undefined && { display }),
});

/** Says which inputs had a say, so that the expansion can be made again. */
function parametersOf(inputs: Inputs): { parameter?: ValueSetExpansionParameter[] } {
  const filter = inputs.text('filter');
  const count = inputs.count('count');
  const activeOnly = inputs.flag('activeOnly');
  const parameter: ValueSetExpansionParameter[] = [
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...(activeOnly === undefined ? [] : [{ name: 'activeOnly', valueBoolean: activeOnly }]),
  ];
  return parameter.length === 0 ? {} : { parameter };
}

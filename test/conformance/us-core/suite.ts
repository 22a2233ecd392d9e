import { jest, type Suite } from '../suite.ts';
import { REQUIREMENTS, type Requirement } from './requirements.ts';

const shown = ({ shownBy, deviation }: Requirement): string =>
  deviation === undefined ? (shownBy ?? 'test/conformance/us-core') : 'decided otherwise, above';
const kept = REQUIREMENTS.filter(({ deviation }) => deviation === undefined);

export const usCore = (): Suite => ({
  title: 'US Core server requirements',
  against:
    'US Core 6.1.0, the requirements on servers that bear on what a registry keeps (numbers of Inferno’s US Core test kit); Immunization of 7.0.0 and 8.0.0',
  command: jest('test/conformance/us-core'),
  passes: `${kept.length} of ${REQUIREMENTS.length} requirements (or groups of them) are kept`,
  deviations: REQUIREMENTS.flatMap(({ id, strength, says, deviation }) =>
    deviation === undefined ? [] : [{ of: `${id} (${strength})`, decision: says, reason: deviation }],
  ),
  table: {
    head: ['requirement', 'strength', 'says', 'shown by'],
    rows: REQUIREMENTS.map((each) => [each.id, each.strength, each.says, shown(each)]),
  },
});

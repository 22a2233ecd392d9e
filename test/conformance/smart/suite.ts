import { jest, type Suite } from '../suite.ts';
import { REQUIREMENTS, type Requirement } from './requirements.ts';

const numbers = (list: readonly Requirement[]): number => list.flatMap(({ ids }) => ids).length;

export function smart(): Suite {
  const shown = REQUIREMENTS.filter(({ not }) => not === undefined);
  const others = REQUIREMENTS.filter(({ not }) => not !== undefined);
  return {
    title: 'SMART App Launch',
    against: `the ${numbers(REQUIREMENTS)} server SHALLs in the requirements set of SMART App Launch 2.2.0, by their numbers`,
    command: `${jest('test/auth test/policy test/conformance/smart test/conformance/clients')}; npm run test:browser; npm run test:smart-fetch`,
    passes: `${numbers(shown)} of ${numbers(REQUIREMENTS)} are shown by tests; ${numbers(others)} ask nothing of this server`,
    deviations: others.map(({ says, ids, not = '' }) => ({
      of: `${says} (${ids.join(', ')})`,
      decision: 'Not offered.',
      reason: not,
    })),
    table: {
      head: ['numbers', 'what is asked', 'shown by'],
      rows: shown.map(({ ids, says, tests = [] }) => [
        ids.join(', '),
        says,
        tests.map((test) => test.replace('#', ': ')).join('; '),
      ]),
    },
  };
}

/** Tasks of the registry that wait for a person, as clauses of a search. */
import { concept, type TaskCode } from '../../pending/codes.ts';
import type { Clause } from '../../search/clause.ts';
import { keyOf } from '../../search/key.ts';

const hasToken = (keys: readonly string[]): Clause => ({ op: 'in', field: 'tokens', keys });

/** Those of some codes that nobody has settled. */
export const openTasks = (codes: readonly TaskCode[]): readonly Clause[] => [
  hasToken(
    codes
      .flatMap((each) => concept(each).coding ?? [])
      .map(({ system = '', code = '' }) => keyOf('code', `${system}|${code}`)),
  ),
  hasToken([keyOf('status', 'requested')]),
];

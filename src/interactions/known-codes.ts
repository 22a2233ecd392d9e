/** The codes that a search by a value set or a hierarchy stands for, as the server's terminology knows them. */
import type { Code } from '../search/asked.ts';
import { isA, type CodeSystem } from '../terminology/code-system.ts';
import { library } from '../terminology/library.ts';
import { terminology } from '../terminology/load.ts';
import { groupCodesOf } from '../terminology/lookup.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';

/** The codes of a value set; undefined where it, or a part of it, is not known here. */
export function codesOf(valueSet: string): readonly Code[] | undefined {
  const members = library().members(valueSet);
  return members && [...members.values()].map(({ system, code }) => ({ system, code }));
}

/** A vaccine's code is below the code that stands for its group, as the formulation of it that is not known. */
function vaccinesBy(direction: 'above' | 'below', cvx: string): readonly string[] {
  const terms = terminology();
  if (direction === 'above') return [cvx, ...groupCodesOf(terms, cvx)];
  const groups = [...terms.groups.values()].filter((group) => group.cvx === cvx);
  return [cvx, ...groups.flatMap(({ members }) => members)];
}

function conceptsBy(direction: 'above' | 'below', system: CodeSystem, code: string): readonly string[] {
  const all = [...system.concepts.keys()];
  return all.filter((each) => (direction === 'below' ? isA(system, each, code) : isA(system, code, each)));
}

const hasHierarchy = ({ concepts }: CodeSystem): boolean =>
  [...concepts.values()].some(({ parent }) => parent !== undefined);

/** A code with all above or below it; undefined where no hierarchy of its system is known here. */
export function relativesOf(
  direction: 'above' | 'below',
  { system, code }: Code,
): readonly Code[] | undefined {
  const known = library().systems.get(system);
  if (known?.url === CVX)
    return [...new Set(vaccinesBy(direction, code))].map((each) => ({ system, code: each }));
  if (known === undefined || !hasHierarchy(known)) return undefined;
  const codes = [...new Set([code, ...conceptsBy(direction, known, code)])];
  return codes.map((each) => ({ system, code: each }));
}

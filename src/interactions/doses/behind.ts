/**
 * Which reports stand behind a better one of the same dose, as far as a caller sees. It is worked out from the reports that
 * the caller may see, whenever it is asked: where the better report is hidden, the other is the one by which the dose is shown,
 * and nothing tells that there is another.
 */
import type { Grant } from '../../policy/decide.ts';
import type { Store, Stored } from '../../storage/store.ts';
import { dosesIn, reportsOf } from './consolidated.ts';
import { mayRepeat } from './gate.ts';

/** The ids of reports that stand behind another, with the id of the report by which the dose is shown. */
export type Behind = ReadonlyMap<string, string>;

type Needs = Pick<Store, 'find' | 'decisionsAbout'>;

/** Of all reports in some records. */
export const behindOf = async (store: Needs, grant: Grant, patients: readonly string[]): Promise<Behind> =>
  behindAmong(store, await reportsOf(store, grant, patients));

/** Of reports that are all that their records have for the caller. */
export async function behindAmong(store: Needs, reports: readonly Stored[]): Promise<Behind> {
  const some = mayRepeat(reports);
  if (some.length === 0) return new Map();
  const doses = await dosesIn(store, some);
  return new Map(
    [...doses.values()]
      .flat()
      .flatMap(({ primary, sources }) => sources.slice(1).map((id) => [id, primary] as const)),
  );
}

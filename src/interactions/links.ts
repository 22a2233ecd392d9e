/** Whose record a resource says it is part of must exist: a dose without its patient would be lost to everybody. */
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import type { Rooms } from './rooms.ts';

/**
 * @param coming ids of patients that the same unit of work creates
 * @throws Failure `business-rule`
 */
export async function checkPatients(
  rooms: Rooms,
  grant: Grant,
  { type, stored }: { type: string; stored: Stored },
  coming: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (type === 'Patient') return;
  const ids = stored.patients.filter((id) => !coming.has(id));
  const found = await Promise.all(ids.map((id) => rooms.store.read(grant, 'read', 'Patient', id)));
  if (found.includes(undefined)) {
    const path = rooms.catalog.get(type)?.patient[0] ?? '';
    fail(
      'business-rule',
      'The patient that the resource refers to is not in the registry; create the Patient first.',
      [`${type}.${path}`],
    );
  }
}

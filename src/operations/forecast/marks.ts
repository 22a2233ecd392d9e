/** Which forecasts a write makes stale: those of everybody in whose record it changes what forecasts come from. */
import type { NewId } from '../../core/id.ts';
import { MARKS } from '../../storage/forecast-state.ts';
import { pastOf, type Deed, type StandingWrite, type Unit } from '../../storage/write.ts';
import { DERIVED } from './drafts.ts';
import { INPUTS } from './histories.ts';

/** Past versions count as well: a deletion, or a dose that moves to another patient, shows only there. */
const WATCHED: ReadonlySet<string> = new Set(['Patient', ...INPUTS].flatMap((type) => [type, pastOf(type)]));

/** The marks that belong to a unit of work, one for each patient. */
export function marksOf(unit: readonly Deed[], newId: NewId): Unit {
  const patients = new Set(unit.flatMap(patientsOf));
  return [...patients].map((patient) => ({ do: 'insert', in: MARKS, doc: { _id: newId(), patient } }));
}

type Restate = Extract<StandingWrite, { do: 'restate' }>;
const erases = (write: Deed): write is Restate & { readonly erases: readonly string[] } =>
  write.do === 'restate' && write.erases !== undefined;

/** Where a record is erased, what was derived from it is too, with its past: it tells of every dose. */
export function withDerived(write: Deed): Deed {
  if (!erases(write)) return write;
  const derived = DERIVED.flatMap((type) => [type, pastOf(type)]);
  return {
    ...write,
    collections: [...write.collections, ...derived],
    erases: [...write.erases, ...derived],
  };
}

function patientsOf(write: Deed): readonly string[] {
  if (erases(write)) return [write.match._id];
  if (!('doc' in write) || !WATCHED.has(write.in) || !('patients' in write.doc)) return [];
  return write.doc.patients as readonly string[];
}

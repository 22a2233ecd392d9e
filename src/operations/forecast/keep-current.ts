/**
 * Keeping stored forecasts current: what was computed before a write, on another day or by another schedule is
 * computed again before anybody reads it. A computation looks at the marks first and at the record after, and takes
 * away only the marks it has seen, so that a write that comes between leaves its forecast stale.
 */
import type { Catalog } from '../../catalog/index.ts';
import type { Clock } from '../../core/clock.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Grant } from '../../policy/decide.ts';
import {
  MARKS,
  STATES,
  type Current,
  type ForecastState,
  type ForecastStates,
  type Known,
} from '../../storage/forecast-state.ts';
import type { Secrets } from '../../storage/secrets.ts';
import type { Past, Store, Stored } from '../../storage/store.ts';
import { insert, remove, revive, supersede, type Unit } from '../../storage/write.ts';
import { resultOf, type Derived } from './answer-of.ts';
import { contentOf, DERIVED, digestOf, draftsOf, scheduleKey, type Draft } from './drafts.ts';
import { readHistories, type Read } from './histories.ts';

/** What keeping needs. */
export interface Keeping {
  readonly store: Store;
  readonly states: ForecastStates;
  readonly schedule: () => Schedule;
  /** The server's own leave: a stored forecast is computed from the whole record. */
  readonly grant: Grant;
  readonly catalog: Catalog;
  readonly secrets: Secrets;
  readonly baseUrl: string;
  readonly now: Clock;
  /** The civil day it is in the jurisdiction, YYYY-MM-DD. */
  readonly today: () => string;
  /** Whether a forecast from a part of a record may say that it may be. */
  readonly saysIncomplete: boolean;
}

const ATTEMPTS = 12;
const BY_ID = [{ field: '_id', descending: false }] as const;
const MOST = 200_000;

/** What a forecast must have been computed for. */
export const currentOf = ({ schedule, today }: Keeping): Current => ({
  day: today(),
  schedule: scheduleKey(schedule()),
});

/** How many forecasts were looked at, and how many said something new. */
export interface Kept {
  readonly stale: number;
  readonly changed: number;
}

/**
 * Makes the stored forecasts of some patients current.
 * @throws Failure `conflict` where writes to the same records kept coming between
 */
export async function keepCurrent(keeping: Keeping, patients: readonly string[]): Promise<Kept> {
  let due: readonly string[] = [...new Set(patients)];
  let changed = 0;
  const first = due.length;
  for (let tries = 0; tries < ATTEMPTS; tries += 1) {
    const known = await keeping.states.of(due);
    const current = currentOf(keeping);
    const stale = due.filter((id) => !isCurrent(known, current, id));
    if (stale.length === 0) return { stale: first, changed };
    const done = await refresh(keeping, stale, known, current);
    changed += done.changed;
    due = done.again;
    if (due.length === 0) return { stale: first, changed };
  }
  return fail('conflict', 'The records behind the forecast kept changing; send the request again.');
}

function isCurrent({ states, marks }: Known, current: Current, id: string): boolean {
  const state = states.get(id);
  return state?.day === current.day && state.schedule === current.schedule && !marks.has(id);
}

interface Done {
  readonly changed: number;
  /** Where another writer came between. */
  readonly again: readonly string[];
}

async function refresh(
  keeping: Keeping,
  patients: readonly string[],
  known: Known,
  current: Current,
): Promise<Done> {
  const { store, grant } = keeping;
  const histories = await readHistories(store, grant, patients);
  const next = patients.map((id) => nextOf(keeping, { id, known, current }, histories.get(id)));
  const same = next.filter(({ isSame }) => isSame);
  await keeping.states.confirm(
    same.flatMap(({ was }) => was ?? []),
    current.day,
  );
  const others = next.filter((each) => !same.includes(each));
  const results = await applyAll(keeping, others);
  return {
    changed: results.filter(({ isDone, isNews }) => isDone && isNews).length,
    again: results.filter(({ isDone }) => !isDone).map((each) => each.next.id),
  };
}

/** What is to become of one patient's forecast. */
interface Next {
  readonly id: string;
  readonly was: ForecastState | undefined;
  /** Undefined where the patient is no longer there. */
  readonly state: ForecastState | undefined;
  readonly drafts: () => readonly Draft[];
  readonly marks: readonly string[];
  /** Whether it says what it said before. */
  readonly isSame: boolean;
}

function nextOf(
  { schedule }: Keeping,
  { id, known, current }: { id: string; known: Known; current: Current },
  read: Read | undefined,
): Next {
  const was = known.states.get(id);
  const marks = (known.marks.get(id) ?? []).map(({ _id }) => _id);
  if (read === undefined) return { id, was, state: undefined, drafts: () => [], marks, isSame: false };
  const rules = schedule();
  const result = resultOf(rules, read.history, current.day);
  const digest = digestOf(result, read.from);
  const drafts = (): readonly Draft[] => draftsOf(rules, read.history, result);
  // Where something was written, what is stored is compared itself: it may be gone.
  const isSame = marks.length === 0 && was?.digest === digest && was.schedule === current.schedule;
  const state = { _id: id, turn: (was?.turn ?? 0) + 1, ...current, digest };
  return { id, was, state, drafts, marks, isSame };
}

interface Applied {
  readonly next: Next;
  readonly isDone: boolean;
  /** Whether it says something else than before. */
  readonly isNews: boolean;
}

/** Stores what is new; the store does several patients' units in one transaction. */
async function applyAll(keeping: Keeping, some: readonly Next[]): Promise<Applied[]> {
  const stored = await storedOf(
    keeping,
    some.map(({ id }) => id),
  );
  return Promise.all(
    some.map(async (next): Promise<Applied> => {
      const contents = await contentsOf(keeping, next, stored.get(next.id) ?? []);
      const clash = await keeping.store.commit([...contents, ...bookkeepingOf(next)]);
      return { next, isDone: clash === undefined, isNews: contents.length > 0 };
    }),
  );
}

interface Kind {
  readonly type: string;
  readonly stored: Stored;
}

async function storedOf(
  { store, grant }: Keeping,
  patients: readonly string[],
): Promise<Map<string, Kind[]>> {
  if (patients.length === 0) return new Map();
  const where = [{ op: 'in', field: 'patients', keys: patients } as const];
  const found = await Promise.all(
    DERIVED.map(async (type) => {
      const some = await store.find(grant, type, { where, order: BY_ID, limit: MOST });
      return some.map((stored): Kind => ({ type, stored }));
    }),
  );
  return Map.groupBy(found.flat(), ({ stored }) => stored.patients[0] ?? '');
}

/** Only what says something else gets a new version; what is no longer said leaves. */
async function contentsOf(keeping: Keeping, next: Next, there: readonly Kind[]): Promise<Unit> {
  const before = new Map(there.map(({ stored }) => [stored._id, stored]));
  const drafts = next.drafts();
  const ids = new Set(drafts.map(({ id }) => id));
  const gone = there.filter(({ stored }) => !ids.has(stored._id));
  const written = await Promise.all(
    drafts.map((draft) => writesOf(keeping, draft, before.get(draft.id), next.was !== undefined)),
  );
  const now = keeping.now();
  return [...written.flat(), ...gone.flatMap(({ type, stored }) => remove(type, stored, now))];
}

async function writesOf(
  keeping: Keeping,
  draft: Draft,
  was: Stored | undefined,
  maybePast: boolean,
): Promise<Unit> {
  const { type, id, resource } = draft;
  const form = (version: number): Stored =>
    storedForm(keeping, resource, { id, version, lastUpdated: keeping.now() });
  if (was !== undefined) {
    const isSame = contentOf(parseJson(was.json) as Derived) === contentOf(resource);
    return isSame ? [] : supersede(type, was, form(was.version + 1));
  }
  const past: Past | undefined = maybePast
    ? await keeping.store.lastPast(keeping.grant, type, id)
    : undefined;
  return past === undefined ? insert(type, form(1)) : revive(type, past, form(past.version + 1));
}

/** The state that says what was computed, and the marks that it answers. */
function bookkeepingOf({ id, was, state, marks }: Next): Unit {
  const seen: Unit = marks.map((_id) => ({ do: 'delete', in: MARKS, match: { _id } }));
  if (was === undefined) {
    return state === undefined ? seen : [...seen, { do: 'insert', in: STATES, doc: state }];
  }
  const match = { _id: id, turn: was.turn };
  if (state === undefined) return [...seen, { do: 'delete', in: STATES, match }];
  return [...seen, { do: 'replace', in: STATES, match, doc: state }];
}

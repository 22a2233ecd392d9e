/** Reads the schedule file of the release: vaccines and their antigens, groups, conflicts and observations. */
import { fail } from '../../core/failure.ts';
import type { ConflictRow, ObservationData, VaccineData, VaccineGroupData } from './release.ts';
import { duration, flag, present, requiredText } from './read-values.ts';
import { cvxCode } from './cvx.ts';
import { all, filled, one, type XmlElement } from './read-xml.ts';

export interface ScheduleFile {
  readonly vaccineGroups: readonly VaccineGroupData[];
  readonly vaccines: Readonly<Record<string, VaccineData>>;
  readonly conflicts: readonly ConflictRow[];
  readonly observations: Readonly<Record<string, ObservationData>>;
}

export function readSchedule(root: XmlElement): ScheduleFile {
  const rows = (list: string, row: string): XmlElement[] => {
    const element = one(root, list);
    return element === undefined ? [] : filled(element, row);
  };
  return {
    vaccineGroups: readGroups(
      rows('vaccineGroups', 'vaccineGroup'),
      rows('vaccineGroupToAntigenMap', 'vaccineGroupMap'),
    ),
    vaccines: Object.fromEntries(rows('cvxToAntigenMap', 'cvxMap').map(readVaccine)),
    conflicts: readConflicts(rows('liveVirusConflicts', 'liveVirusConflict')),
    observations: Object.fromEntries(rows('observations', 'observation').map(readObservation)),
  };
}

function readGroups(groups: readonly XmlElement[], maps: readonly XmlElement[]): VaccineGroupData[] {
  return groups.map((group) => {
    const name = requiredText(group, 'name');
    const map = maps.find((row) => requiredText(row, 'name') === name);
    return {
      name,
      administerFullVaccineGroup: flag(group, 'administerFullVaccineGroup') ?? false,
      antigens: map === undefined ? [] : filled(map, 'antigen').map((antigen) => antigen.text),
    };
  });
}

function readVaccine(row: XmlElement): [string, VaccineData] {
  const antigens = filled(row, 'association').map((association) =>
    present({
      antigen: requiredText(association, 'antigen'),
      beginAge: duration(association, 'associationBeginAge'),
      endAge: duration(association, 'associationEndAge'),
    }),
  );
  return [cvxCode(requiredText(row, 'cvx')), { name: requiredText(row, 'shortDescription'), antigens }];
}

type Pair = Omit<ConflictRow, 'previous'> & { readonly previous: string };

/** Rows that differ only in the previous vaccine are kept as one; a pair given twice keeps its longer intervals. */
function readConflicts(rows: readonly XmlElement[]): ConflictRow[] {
  const pairs = new Map<string, Pair>();
  for (const pair of rows.map(readPair)) {
    const key = `${pair.current} ${pair.previous}`;
    pairs.set(key, longer(pairs.get(key) ?? pair, pair));
  }
  const merged = new Map<string, ConflictRow & { previous: string[] }>();
  for (const { previous, ...rest } of pairs.values()) {
    const key = JSON.stringify(rest);
    const row = merged.get(key) ?? { ...rest, previous: [] };
    row.previous.push(previous);
    merged.set(key, row);
  }
  return [...merged.values()];
}

function longer(a: Pair, b: Pair): Pair {
  return {
    ...a,
    minEnd: Math.max(a.minEnd, b.minEnd),
    end: Math.max(a.end, b.end),
    begin: Math.min(a.begin, b.begin),
  };
}

function readPair(row: XmlElement): Pair {
  const vaccine = (name: string): string => {
    const element = one(row, name) ?? fail('required', `A vaccine conflict has no <${name}>`);
    return cvxCode(requiredText(element, 'cvx'));
  };
  return {
    current: vaccine('current'),
    begin: days(row, 'conflictBeginInterval'),
    minEnd: days(row, 'minConflictEndInterval'),
    end: days(row, 'conflictEndInterval'),
    previous: vaccine('previous'),
  };
}

function days(row: XmlElement, name: string): number {
  const { y, m, d } = duration(row, name) ?? fail('required', `A vaccine conflict has no <${name}>`);
  if (y !== undefined || m !== undefined)
    return fail('not-understood', `<${name}> of a vaccine conflict is not counted in days`);
  return d ?? 0;
}

function readObservation(row: XmlElement): [string, ObservationData] {
  const codes: Record<string, string[]> = {};
  for (const coded of all(row, 'codedValues').flatMap((values) => filled(values, 'codedValue'))) {
    (codes[requiredText(coded, 'codeSystem')] ??= []).push(requiredText(coded, 'code'));
  }
  const title = titleOf(requiredText(row, 'observationTitle'));
  return [
    requiredText(row, 'observationCode'),
    Object.keys(codes).length === 0 ? { title } : { title, codes },
  ];
}

/** A title in one line; a few of the release are whole definitions, of which the part before the colon names the thing. */
function titleOf(words: string): string {
  const line = words.replace(/\s+/g, ' ');
  return line.length > 160 ? (line.split(':')[0] ?? line) : line;
}

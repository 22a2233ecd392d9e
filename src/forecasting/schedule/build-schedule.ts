/** Builds the schedule that the engine uses from a release. */
import { fail } from '../../core/failure.ts';
import { buildDose, type DoseParts } from './build-dose.ts';
import { dayOf, numbersOf, type Numbers } from './number-values.ts';
import {
  RELEASE_FORMAT,
  type AllowableVaccines,
  type AntigenData,
  type AntigenSeries,
  type PreferableVaccine,
  type Release,
} from './release.ts';
import { NONE } from './schedule.ts';
import type {
  AgeRange,
  AllowableList,
  Antigen,
  Conflict,
  PreferableList,
  PreferableRow,
  Schedule,
  Series,
  Vaccine,
  VaccineId,
} from './schedule.ts';

/**
 * The schedule of a release.
 * @param guidance the project's own words for CDC's guidance texts, by key; texts without words are left out.
 * @throws Failure `not-understood` if the release was compiled to another format.
 */
export function buildSchedule(release: Release, guidance: Readonly<Record<string, string>> = {}): Schedule {
  if ((release.format as number) !== RELEASE_FORMAT) {
    fail(
      'not-understood',
      `The release has format ${release.format}, this program reads ${RELEASE_FORMAT}: compile it again`,
    );
  }
  const numbers = numbersOf(release);
  const antigens = buildAntigens(release, numbers);
  const vaccines = buildVaccines(release, numbers);
  return {
    version: release.version,
    digest: release.digest,
    ages: numbers.ages,
    vaccines,
    vaccineIds: new Map(vaccines.map(({ cvx, id }) => [cvx, id])),
    antigens,
    groups: release.vaccineGroups.map((group) => ({
      ...group,
      antigens: antigens.filter(({ name }) => group.antigens.includes(name)),
    })),
    calendar: numbers.calendar,
    observations: new Map(
      Object.entries(release.observations).map(([code, { title, codes = {} }]) => [code, { title, codes }]),
    ),
    guidance: new Map(Object.entries(guidance)),
  };
}

function conflictsOf(release: Release, numbers: Numbers): Map<VaccineId, Map<VaccineId, Conflict>> {
  const conflicts = new Map<VaccineId, Map<VaccineId, Conflict>>();
  for (const { current, previous, ...conflict } of release.conflicts) {
    const id = numbers.vaccineId(current);
    const row = conflicts.get(id) ?? new Map<VaccineId, Conflict>();
    for (const cvx of previous) row.set(numbers.vaccineId(cvx), conflict);
    conflicts.set(id, row);
  }
  return conflicts;
}

function buildVaccines(release: Release, numbers: Numbers): Vaccine[] {
  const conflicts = conflictsOf(release, numbers);
  const conflicting = new Set(release.conflicts.flatMap(({ previous }) => previous));
  const antigenIndex = new Map(release.antigens.map(({ name }, index) => [name, index]));
  return numbers.cvxCodes.map((cvx, id) => {
    const { name = `CVX ${cvx}`, antigens = [] } = release.vaccines[cvx] ?? {};
    return {
      id,
      cvx,
      name,
      associations: antigens.flatMap((row) => {
        const antigen = antigenIndex.get(row.antigen);
        return antigen === undefined ? [] : [{ antigen, ...numbers.range(row) }];
      }),
      conflicts: conflicts.get(id),
      isConflicting: conflicting.has(cvx),
    };
  });
}

function buildAntigens(release: Release, numbers: Numbers): Antigen[] {
  const conflicts = conflictsOf(release, numbers);
  const preferable = release.preferableVaccines.map((rows) => buildPreferable(numbers, conflicts, rows));
  const allowable = release.allowableVaccines.map((rows) => buildAllowable(numbers, rows));
  const inConflicts = new Set(
    release.conflicts
      .flatMap(({ current, previous }) => [current, ...previous])
      .flatMap((cvx) => antigensOf(release, cvx)),
  );
  return release.antigens.map((antigen, index) => {
    const calendar = numbers.calendarOf(antigen.name);
    const holdsAntigen = (cvx: string): boolean => antigensOf(release, cvx).includes(antigen.name);
    const parts: DoseParts = { numbers, calendar, preferable, allowable, holdsAntigen };
    return {
      index,
      name: antigen.name,
      inConflicts: inConflicts.has(antigen.name),
      ...buildRules(numbers, antigen),
      series: buildSeries(parts, antigen),
    };
  });
}

function antigensOf(release: Release, cvx: string): string[] {
  return (release.vaccines[cvx]?.antigens ?? []).map(({ antigen }) => antigen);
}

function buildRules(numbers: Numbers, antigen: AntigenData) {
  return {
    immunityObservations: antigen.immunity?.observations ?? [],
    immunityBirthDates: (antigen.immunity?.birthDate ?? []).map((row) => ({
      before: dayOf(row.immunityBirthDate),
      country: row.birthCountry,
      exclusions: row.exclusions ?? [],
    })),
    contraindications: (antigen.contraindications ?? []).map((row) => ({
      observation: row.observation,
      guidance: row.guidance,
      ...numbers.range(row),
    })),
    vaccineContraindications: (antigen.vaccineContraindications ?? []).map((row) => ({
      observation: row.observation,
      guidance: row.guidance,
      vaccines: buildAllowable(numbers, row.vaccines),
    })),
  };
}

function buildPreferable(
  numbers: Numbers,
  conflicts: ReadonlyMap<VaccineId, ReadonlyMap<VaccineId, Conflict>>,
  vaccines: readonly PreferableVaccine[],
): PreferableList {
  const rows = vaccines.map(({ cvx, tradeName, mvx, volume, forecast = false, ...ages }) => {
    return { vaccine: numbers.vaccineId(cvx), tradeName, mvx, volume, forecast, ...numbers.range(ages) };
  });
  const byVaccine = new Map<VaccineId, PreferableRow[]>();
  for (const row of rows) byVaccine.set(row.vaccine, [...(byVaccine.get(row.vaccine) ?? []), row]);
  const found = [...byVaccine.keys()].map((vaccine) => conflicts.get(vaccine));
  return {
    rows,
    byVaccine,
    conflicts: found.some((one) => one === undefined) ? [] : found.flatMap((one) => one ?? []),
  };
}

function buildAllowable(numbers: Numbers, rows: readonly AllowableVaccines[]): AllowableList {
  const list = new Map<VaccineId, AgeRange[]>();
  for (const row of rows) {
    const range = numbers.range(row);
    for (const cvx of row.cvx)
      list.set(numbers.vaccineId(cvx), [...(list.get(numbers.vaccineId(cvx)) ?? []), range]);
  }
  return list;
}

function buildSeries(parts: DoseParts, antigen: AntigenData): Series[] {
  return inOrderOfDependence(antigen).map((series) =>
    withSeason(parts.numbers, {
      name: series.name,
      antigen: antigen.name,
      type: series.type,
      group: series.seriesGroup,
      groupName: series.seriesGroupName,
      equivalentGroups: series.equivalentSeriesGroups ?? [],
      requiredGender: series.requiredGender ?? [],
      isDefault: series.defaultSeries ?? false,
      isProduct: series.productPath ?? false,
      priority: series.seriesPriority,
      preference: series.seriesPreference ?? Number.MAX_SAFE_INTEGER,
      minAgeToStart: parts.numbers.age(series.minAgeToStart),
      maxAgeToStart: parts.numbers.age(series.maxAgeToStart),
      indications: (series.indications ?? []).map((row) => ({
        observation: row.observation,
        guidance: row.guidance,
        ...parts.numbers.range(row),
      })),
      guidance: series.guidance ?? [],
      doses: series.doses.map((dose) => buildDose(parts, dose)),
    }),
  );
}

function withSeason({ calendar }: Numbers, series: Omit<Series, 'season'>): Series {
  const dates = series.doses.flatMap(({ seasonStart, seasonEnd }) => [seasonStart, seasonEnd]);
  const seasonal = dates.find((date) => date !== NONE);
  return { ...series, season: seasonal === undefined ? NONE : (calendar.windowOf[seasonal] ?? NONE) };
}

/** Table 6-7 asks whether a series group has a complete series, so that group's series must have been forecast. */
function inOrderOfDependence(antigen: AntigenData): AntigenSeries[] {
  const ordered: AntigenSeries[] = [];
  let waiting = [...antigen.series];
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ seriesGroup }) => seriesGroup));
    const ready = waiting.filter((series) =>
      groupsAskedBy(series).every((group) => group !== series.seriesGroup && !open.has(group)),
    );
    if (ready.length === 0)
      fail('invalid', `Series of ${antigen.name} ask each other whether they are complete`);
    ordered.push(...ready);
    waiting = waiting.filter((series) => !ready.includes(series));
  }
  return ordered;
}

function groupsAskedBy(series: AntigenSeries): string[] {
  return series.doses
    .flatMap(({ conditionalSkip = [] }) => conditionalSkip.flatMap(({ sets }) => sets))
    .flatMap(({ conditions }) => conditions)
    .flatMap((condition) => (condition.type === 'Completed Series' ? condition.seriesGroups : []));
}

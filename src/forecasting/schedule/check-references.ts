/** Finds what a release names but does not hold: antigens, vaccines, observations, series groups, target doses. */
import type { AntigenData, AntigenSeries, Release, SeriesDose, SkipCondition } from './release.ts';

/** One sentence for each dangling reference, without repetition. */
export function checkReferences(release: Release): string[] {
  const names = new Set(release.antigens.map(({ name }) => name));
  const said = [
    ...release.vaccineGroups.flatMap((group) =>
      group.antigens
        .filter((antigen) => !names.has(antigen))
        .map((antigen) => `Vaccine group ${group.name} names the antigen ${antigen}, which has no file`),
    ),
    ...Object.entries(release.vaccines).flatMap(([cvx, { antigens }]) =>
      antigens
        .filter(({ antigen }) => !names.has(antigen))
        .map(({ antigen }) => `CVX ${cvx} names the unknown antigen ${antigen}`),
    ),
    ...release.antigens.flatMap((antigen) => checkAntigen(release, antigen)),
    ...missingVaccines(
      release,
      'The table of vaccine conflicts',
      release.conflicts.flatMap(({ current, previous }) => [current, ...previous]),
    ),
  ];
  return [...new Set(said)];
}

function missingVaccines(release: Release, where: string, codes: readonly string[]): string[] {
  return codes
    .filter((cvx) => release.vaccines[cvx] === undefined)
    .map((cvx) => `${where} names CVX ${cvx}, which has no antigen`);
}

function missingObservations(release: Release, where: string, codes: readonly string[]): string[] {
  return codes
    .filter((code) => release.observations[code] === undefined)
    .map((code) => `${where} names the unknown observation ${code}`);
}

function checkAntigen(release: Release, antigen: AntigenData): string[] {
  const group = release.vaccineGroups.find(({ name }) => name === antigen.vaccineGroup);
  const observations = [
    ...(antigen.immunity?.observations ?? []),
    ...(antigen.immunity?.birthDate ?? []).flatMap(({ exclusions = [] }) => exclusions),
    ...[...(antigen.contraindications ?? []), ...(antigen.vaccineContraindications ?? [])].map(
      ({ observation }) => observation,
    ),
  ];
  const vaccines = (antigen.vaccineContraindications ?? []).flatMap((row) =>
    row.vaccines.flatMap(({ cvx }) => cvx),
  );
  return [
    ...(group?.antigens.includes(antigen.name) === true
      ? []
      : [`Antigen ${antigen.name} is in no vaccine group`]),
    ...missingObservations(release, `Antigen ${antigen.name}`, observations),
    ...missingVaccines(release, `A contraindication of ${antigen.name}`, vaccines),
    ...antigen.series.flatMap((series) => checkSeries(release, antigen, series)),
  ];
}

function checkSeries(release: Release, antigen: AntigenData, series: AntigenSeries): string[] {
  const groups = new Set(antigen.series.map(({ seriesGroup }) => seriesGroup));
  const named = [
    ...(series.equivalentSeriesGroups ?? []),
    ...series.doses.flatMap(conditionsOf).flatMap(groupsOf),
  ];
  return [
    ...named
      .filter((group) => !groups.has(group))
      .map((group) => `${series.name} names the unknown series group ${group}`),
    ...missingObservations(
      release,
      series.name,
      (series.indications ?? []).map(({ observation }) => observation),
    ),
    ...series.doses.flatMap((dose) => checkDose(release, series, dose)),
  ];
}

function groupsOf(condition: SkipCondition): readonly string[] {
  return condition.type === 'Completed Series' ? condition.seriesGroups : [];
}

function conditionsOf(dose: SeriesDose): SkipCondition[] {
  return (dose.conditionalSkip ?? []).flatMap(({ sets }) => sets.flatMap(({ conditions }) => conditions));
}

function checkDose(release: Release, series: AntigenSeries, dose: SeriesDose): string[] {
  const where = `${series.name}, dose ${dose.doseNumber},`;
  const preferable = dose.preferable === undefined ? [] : (release.preferableVaccines[dose.preferable] ?? []);
  const allowable = dose.allowable === undefined ? [] : (release.allowableVaccines[dose.allowable] ?? []);
  const vaccines = [
    ...preferable.map(({ cvx }) => cvx),
    ...allowable.flatMap(({ cvx }) => cvx),
    ...(dose.inadvertent ?? []),
    ...conditionsOf(dose).flatMap((condition) =>
      condition.type === 'Vaccine Count' ? condition.vaccineTypes : [],
    ),
  ];
  return [...missingVaccines(release, where, vaccines), ...checkIntervals(release, where, series, dose)];
}

function checkIntervals(release: Release, where: string, series: AntigenSeries, dose: SeriesDose): string[] {
  return [...(dose.interval ?? []), ...(dose.allowableInterval ?? [])].flatMap(({ from }) => {
    if (from === 'previous') return [];
    if ('mostRecent' in from) return missingVaccines(release, where, from.mostRecent);
    if ('observation' in from) return missingObservations(release, where, [from.observation]);
    const known = series.doses.some(({ doseNumber }) => doseNumber === from.targetDose);
    return known
      ? []
      : [`${where} counts an interval from target dose ${from.targetDose}, which it does not have`];
  });
}

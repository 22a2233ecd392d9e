/** Decides what is contraindicated: an antigen, a vaccine, a target dose (Logic Specification 4.6, §7.3, Tables 7-5 to 7-8). */
import { isAtAge, type Run } from '../patient-series.ts';
import type { Antigen, SeriesDosePlan, VaccineId } from '../schedule/schedule.ts';

/** Table 7-5: an antigen contraindication applies, so that every series of the antigen is contraindicated. */
export function isAntigenContraindicated(run: Run, antigen: Antigen): boolean {
  if (run.observations.size === 0) return false;
  const found = antigen.contraindications.find(({ observation, begin, end }) => {
    return run.observations.has(observation) && isAtAge(run, run.today, begin, end);
  });
  if (found === undefined) return false;
  run.trace?.note(
    { step: '7.3', rules: ['Table 7-5', 'CALCDTCI-1', 'CALCDTCI-2'], antigen: antigen.name },
    'antigen-contraindicated',
    { observation: found.observation, title: run.schedule.observations.get(found.observation)?.title },
  );
  return true;
}

/** Table 7-6: a vaccine contraindication of the antigen applies to a vaccine type. */
export function isVaccineContraindicated(run: Run, antigen: Antigen, vaccine: VaccineId): boolean {
  if (run.observations.size === 0) return false;
  return antigen.vaccineContraindications.some(({ observation, vaccines }) => {
    if (!run.observations.has(observation)) return false;
    return (vaccines.get(vaccine) ?? []).some(({ begin, end }) => isAtAge(run, run.today, begin, end));
  });
}

/**
 * Table 7-7, read for the target dose that is forecast: no preferable vaccine is left, nor an allowable one (after
 * encephalopathy a DT can still be given for DTaP). A target dose without preferable vaccines is not contraindicated.
 */
export function isTargetDoseContraindicated(run: Run, antigen: Antigen, target: SeriesDosePlan): boolean {
  if (run.observations.size === 0 || antigen.vaccineContraindications.length === 0) return false;
  const isOut = (vaccine: VaccineId): boolean => isVaccineContraindicated(run, antigen, vaccine);
  const { rows } = target.preferable;
  if (rows.length === 0 || !rows.every(({ vaccine }) => isOut(vaccine))) return false;
  return [...target.allowable.keys()].every(isOut);
}

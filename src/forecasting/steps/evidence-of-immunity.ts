/** Decides whether the patient has evidence of immunity to an antigen (Logic Specification 4.6, §7.2, Table 7-3). */
import type { Run } from '../patient-series.ts';
import type { Antigen, BirthDateImmunity } from '../schedule/schedule.ts';

export function hasEvidenceOfImmunity(run: Run, antigen: Antigen): boolean {
  const guideline = antigen.immunityObservations.find((code) => run.observations.has(code));
  if (guideline === undefined && !antigen.immunityBirthDates.some((row) => isImmuneByBirth(run, row)))
    return false;
  run.trace?.note(
    { step: '7.2', rules: ['Table 7-3'], antigen: antigen.name },
    guideline === undefined ? 'immune-by-birth-date' : 'immune-by-history',
    { born: run.birth, title: guideline && run.schedule.observations.get(guideline)?.title },
  );
  return true;
}

/** An empty country matches every patient; an exclusion such as health care personnel ends the assumption. */
function isImmuneByBirth(run: Run, { before, country, exclusions }: BirthDateImmunity): boolean {
  if (run.birth.day >= before || exclusions.some((code) => run.observations.has(code))) return false;
  return country === undefined || countryName(country) === countryName(run.countryOfBirth);
}

/** U.S., US, USA and United States are one country, whatever the letter case and punctuation. */
function countryName(country: string): string {
  const name = country.toUpperCase().replace(/[^A-Z]/g, '');
  return ['USA', 'UNITEDSTATES', 'UNITEDSTATESOFAMERICA'].includes(name) ? 'US' : name;
}

/**
 * Which vaccine a dose was of: by CVX code, or by a package (NDC) or procedure (CPT) that says it. CVX is what a
 * registry counts, evaluates and forecasts by.
 */
import type { Terminology, Vaccine } from '../../terminology/load.ts';
import { productOf, vaccineOf, vaccinesOfCpt } from '../../terminology/lookup.ts';
import { CPT, CVX, NDC, usualUri } from '../../terminology/tables.ts';
import { DETECTED } from './detected.ts';
import { isNode, nodesAt, report, textAt, warn, type Findings, type Node } from '../findings.ts';

interface Coded {
  readonly system: string;
  readonly code: string;
  /** Its place in the list of codings. */
  readonly at: number;
}

function codedIn(concept: Node): readonly Coded[] {
  return nodesAt(concept, 'coding').flatMap((coding, at) => {
    const [system, code] = [textAt(coding, 'system'), textAt(coding, 'code')];
    return system === undefined || code === undefined ? [] : [{ system: usualUri(system), code, at }];
  });
}

const ofSystem = (all: readonly Coded[], system: string): readonly Coded[] =>
  all.filter((each) => each.system === system);

/** CPT has one code for vaccines that followed one another; those out of use count only where no other is left. */
function procedureVaccine(terms: Terminology, cpt: string): Vaccine | undefined {
  const all = vaccinesOfCpt(terms, cpt);
  const active = all.filter(({ status }) => status === 'Active');
  const some = active.length > 0 ? active : all;
  return some.length === 1 ? some[0] : undefined;
}

function packageVaccine(terms: Terminology, ndc: string): Vaccine | undefined {
  const product = productOf(terms, ndc);
  return product && vaccineOf(terms, product.cvx);
}

/** The one vaccine that packages or procedures say; undefined where they say none or several. */
function translated(terms: Terminology, all: readonly Coded[]): Vaccine | undefined {
  const packages = ofSystem(all, NDC).flatMap(({ code }) => packageVaccine(terms, code) ?? []);
  const said =
    packages.length > 0
      ? packages
      : ofSystem(all, CPT).flatMap(({ code }) => procedureVaccine(terms, code) ?? []);
  return new Set(said).size === 1 ? said[0] : undefined;
}

/** The dose with a CVX coding under its usual URI, where its codes say which vaccine it was. */
export function withVaccine(terms: Terminology, dose: Node): Node {
  const { vaccineCode } = dose;
  if (!isNode(vaccineCode)) return dose;
  const codings = nodesAt(vaccineCode, 'coding');
  if (codings.some((coding) => coding['system'] === CVX)) return dose;
  const all = codedIn(vaccineCode);
  const [byOid] = ofSystem(all, CVX);
  const vaccine = byOid === undefined ? translated(terms, all) : vaccineOf(terms, byOid.code);
  if (vaccine === undefined) return dose;
  const coding = { system: CVX, code: vaccine.code, display: vaccine.short };
  return { ...dose, vaccineCode: { ...vaccineCode, coding: [...codings, coding] } };
}

function checkKnown(findings: Findings, terms: Terminology, { code, at }: Coded): void {
  const vaccine = vaccineOf(terms, code);
  if (vaccine === undefined)
    report(
      findings,
      DETECTED.vaccineUnrecognized,
      `This is no code of CDC's CVX table of ${terms.about['cvx']?.version ?? ''}; correct it. A newer code has to be loaded into the registry first.`,
      ...['vaccineCode', 'coding', at, 'code'],
    );
  else if (vaccine.status === 'Never Active')
    warn(
      findings,
      DETECTED.vaccineNeverActive,
      'CDC never put this vaccine into use; check the code.',
      ...['vaccineCode', 'coding', at, 'code'],
    );
}

/** What is said where no code names the vaccine: the sender's codes may be unknown, or stand for several vaccines. */
function checkUntranslated(findings: Findings, all: readonly Coded[]): void {
  const sent = all.find(({ system }) => system === NDC || system === CPT);
  if (sent === undefined)
    report(
      findings,
      DETECTED.vaccineMissing,
      'The registry needs the CVX code of the vaccine, or an NDC or CPT code that it can translate.',
      'vaccineCode',
    );
  else
    report(
      findings,
      DETECTED.packageUnrecognized,
      'This package or procedure is unknown here or stands for several vaccines; send the CVX code beside it.',
      ...['vaccineCode', 'coding', sent.at, 'code'],
    );
}

function checkPackages(findings: Findings, terms: Terminology, all: readonly Coded[], cvx: string): void {
  for (const { code, at } of ofSystem(all, NDC)) {
    const vaccine = packageVaccine(terms, code);
    if (vaccine !== undefined && vaccine.code !== cvx)
      warn(
        findings,
        DETECTED.packageInconsistent,
        'The NDC is of another vaccine than the CVX code says; correct whichever is wrong.',
        ...['vaccineCode', 'coding', at, 'code'],
      );
  }
}

/** Notes a dose, completed, that does not say by CVX which vaccine it was. */
export function checkVaccine(findings: Findings, terms: Terminology, dose: Node): void {
  const { vaccineCode } = dose;
  if (!isNode(vaccineCode)) return;
  const all = codedIn(vaccineCode);
  const vaccines = ofSystem(all, CVX);
  const [first] = vaccines;
  if (first === undefined) {
    checkUntranslated(findings, all);
    return;
  }
  for (const each of vaccines) checkKnown(findings, terms, each);
  checkPackages(findings, terms, all, first.code);
}

/** What a code means and what belongs to it: CVX, MVX, NDC, CPT, trade names, groups, VIS and the v2 value sets. */
import type { Manufacturer, Product, SetCode, Statement, Terminology, Vaccine } from './load.ts';

/** The vaccine of a CVX code; a lost leading zero is not forgiven, since `3` and `03` could mean different codes. */
export function vaccineOf(terms: Terminology, cvx: string): Vaccine | undefined {
  return terms.vaccines.get(cvx);
}

/** The manufacturer of an MVX code. */
export function manufacturerOf(terms: Terminology, mvx: string): Manufacturer | undefined {
  return terms.manufacturers.get(mvx);
}

/** The eleven digits that a written NDC can stand for: 5-4-2, or shortened by a zero to 4-4-2, 5-3-2, 5-4-1 or ten digits. */
export function ndcDigits(written: string): readonly string[] {
  const parts = written.trim().split('-');
  if (parts.length === 3 && parts.every((part) => /^\d+$/.test(part))) {
    const [labeler = '', product = '', size = ''] = parts;
    return [labeler.padStart(5, '0') + product.padStart(4, '0') + size.padStart(2, '0')];
  }
  if (parts.length > 1 || !/^\d{10,11}$/.test(written.trim())) return [];
  const digits = parts[0] ?? '';
  if (digits.length === 11) return [digits];
  return [
    `0${digits}`,
    `${digits.slice(0, 5)}0${digits.slice(5)}`,
    `${digits.slice(0, 9)}0${digits.slice(9)}`,
  ];
}

/** The package of an NDC, hyphenated or not; none where ten digits fit several packages. */
export function productOf(terms: Terminology, ndc: string): Product | undefined {
  const found = ndcDigits(ndc).flatMap((digits) => terms.products.get(digits) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

const isSoldOn = (product: Product, day: string): boolean =>
  (product.start ?? '') <= day && (product.end === null || day <= product.end);

/** Units of use of a vaccine, newest first; those on the market on a day (`YYYY-MM-DD`) where one is given. */
export function productsOf(terms: Terminology, cvx: string, day?: string): readonly Product[] {
  const all = terms.unitsOfUse.get(cvx) ?? [];
  return day === undefined ? all : all.filter((product) => isSoldOn(product, day));
}

/** The vaccines of a CPT code; some CPT codes stand for several. */
export function vaccinesOfCpt(terms: Terminology, cpt: string): readonly Vaccine[] {
  return (terms.cpt.get(cpt) ?? []).flatMap((cvx) => terms.vaccines.get(cvx) ?? []);
}

/** Names of the groups of a vaccine: none, one or several. */
export function groupsOf(terms: Terminology, cvx: string): readonly string[] {
  return terms.vaccines.get(cvx)?.groups ?? [];
}

/** The codes that stand for the groups of a vaccine: what it is reported as when the formulation is unknown. */
export function groupCodesOf(terms: Terminology, cvx: string): readonly string[] {
  return groupsOf(terms, cvx).flatMap((group) => terms.groups.get(group)?.cvx ?? []);
}

/** Whether two vaccines share a group, or are one: the first test of a duplicate dose. */
export function sharesGroup(terms: Terminology, one: string, other: string): boolean {
  return one === other || groupsOf(terms, one).some((group) => groupsOf(terms, other).includes(group));
}

/** Trade names of a vaccine. */
export function tradeNamesOf(terms: Terminology, cvx: string): readonly string[] {
  return [...new Set(terms.tradeNames.filter((name) => name.cvx === cvx).map((name) => name.product))];
}

/** The statement for a vaccine that was in force on a day (`YYYY-MM-DD`). */
export function statementFor(terms: Terminology, cvx: string, day: string): Statement | undefined {
  return (terms.statements.get(cvx) ?? []).find((statement) => statement.edition <= day);
}

/** A code of one of the v2 value sets, deprecated ones included: see its status. */
export function codeIn(terms: Terminology, set: string, code: string): SetCode | undefined {
  return terms.sets.get(set)?.get(code);
}

/** How a vaccine is given: route, place on the body and volume, by CVX. What is not listed is 0.5 mL into a muscle. */

export type Route = 'IM' | 'SC' | 'PO' | 'NS';

export interface Form {
  readonly route: Route;
  /** Millilitres. */
  readonly volume: number;
}

const FORMS: Readonly<Record<string, Form>> = {
  '02': { route: 'PO', volume: 0.5 },
  '03': { route: 'SC', volume: 0.5 },
  '10': { route: 'SC', volume: 0.5 },
  '21': { route: 'SC', volume: 0.5 },
  '25': { route: 'PO', volume: 1 },
  '37': { route: 'SC', volume: 0.5 },
  '43': { route: 'IM', volume: 1 },
  '52': { route: 'IM', volume: 1 },
  '94': { route: 'SC', volume: 0.5 },
  '104': { route: 'IM', volume: 1 },
  '111': { route: 'NS', volume: 0.2 },
  '116': { route: 'PO', volume: 2 },
  '119': { route: 'PO', volume: 1.5 },
  '121': { route: 'SC', volume: 0.65 },
  '149': { route: 'NS', volume: 0.2 },
  '161': { route: 'IM', volume: 0.25 },
  '175': { route: 'IM', volume: 1 },
  '176': { route: 'IM', volume: 1 },
  '197': { route: 'IM', volume: 0.7 },
  '206': { route: 'SC', volume: 0.5 },
  '208': { route: 'IM', volume: 0.3 },
  '218': { route: 'IM', volume: 0.2 },
  '219': { route: 'IM', volume: 0.2 },
  '228': { route: 'IM', volume: 0.25 },
  '300': { route: 'IM', volume: 0.3 },
  '301': { route: 'IM', volume: 0.2 },
  '307': { route: 'IM', volume: 1 },
  '308': { route: 'IM', volume: 0.3 },
  '309': { route: 'IM', volume: 0.3 },
  '310': { route: 'IM', volume: 0.3 },
  '311': { route: 'IM', volume: 0.25 },
  '332': { route: 'IM', volume: 0.7 },
  '334': { route: 'IM', volume: 0.2 },
};
const USUAL: Form = { route: 'IM', volume: 0.5 };

/** How a vaccine is given. */
export function formOf(cvx: string): Form {
  return FORMS[cvx] ?? USUAL;
}

/** Codes of HL7 table 0163 for where an injection can go: thighs of the small, arms of the others; none for what is swallowed. */
export function sitesFor(route: Route, ageDays: number): readonly string[] {
  if (route === 'PO') return [];
  if (route === 'NS') return ['BN'];
  if (ageDays < 365) return ['LT', 'RT', 'LVL', 'RVL'];
  return route === 'SC' ? ['LA', 'RA'] : ['LD', 'RD'];
}

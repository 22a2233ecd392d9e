/**
 * Who may see what, written down once more, plainly and without a line of the server's: the rules of each state as a
 * person reads them off the law, and a question about one thing, one caller and one day.
 */

export type Kind =
  | 'public-health'
  | 'provider'
  | 'school'
  | 'child-care'
  | 'health-plan'
  | 'other-registry'
  | 'patient'
  | 'guardian';

export interface Caller {
  readonly kind: Kind;
  readonly organization?: string;
}

export interface Directive {
  readonly code: string;
  readonly isActive: boolean;
  /** First and last day; without them always. */
  readonly start?: string;
  readonly end?: string;
}

export interface Person {
  readonly id: string;
  readonly birthDate: string;
  readonly isDead: boolean;
  readonly directives: readonly Directive[];
  readonly doses: readonly Dose[];
}

export interface Dose {
  readonly id: string;
  readonly organization: string;
  /** Given there, and not only reported as history. */
  readonly isAdministered: boolean;
  readonly vaccine: string;
  readonly isMinorsOwn: boolean;
}

interface Closing {
  /** Who still sees everything. */
  readonly open: readonly Kind[];
  /** Whether who gave a dose sees it, and the person. */
  readonly giver: boolean;
}

interface Law {
  readonly directives: Readonly<Record<string, Closing>>;
  /** Kinds that never see anybody. */
  readonly never: readonly Kind[];
  /** Kinds that see a child, or an adult, only after somebody has consented to it. */
  readonly askFirst: Readonly<Record<'child' | 'adult', readonly Kind[]>>;
  /** Codes of the directives by which somebody consents to it, with whom they let in; for children. */
  readonly opening: Readonly<Record<string, readonly Kind[]>>;
}

const FAMILY: readonly Kind[] = ['public-health', 'patient', 'guardian'];
const NOBODY_ASKS = { child: [], adult: [] } as const;

export const LAWS: Readonly<Record<string, Law>> = {
  virginia: {
    directives: {
      'limited-opt-out': { open: FAMILY, giver: true },
      'complete-opt-out': { open: ['public-health'], giver: false },
    },
    never: [],
    askFirst: NOBODY_ASKS,
    opening: {},
  },
  massachusetts: {
    directives: { 'sharing-objection': { open: FAMILY, giver: true } },
    never: ['child-care'],
    askFirst: NOBODY_ASKS,
    opening: {},
  },
  maryland: {
    directives: { refusal: { open: FAMILY, giver: true } },
    never: [],
    askFirst: NOBODY_ASKS,
    opening: {},
  },
  vermont: {
    directives: {},
    never: [],
    askFirst: { child: ['child-care'], adult: ['child-care', 'school'] },
    opening: { 'child-care-consent': ['child-care'] },
  },
  sandbox: {
    directives: {
      'limited-opt-out': { open: FAMILY, giver: true },
      'complete-opt-out': { open: ['public-health'], giver: false },
      'sharing-objection': { open: FAMILY, giver: true },
    },
    never: [],
    askFirst: NOBODY_ASKS,
    opening: {},
  },
};

/** Vaccines against sexually transmitted disease, to which a minor may consent alone. */
const SENSITIVE = ['62', '165'];

const holds = ({ isActive, start = '', end = '9999' }: Directive, day: string): boolean =>
  isActive && start <= day && day <= end;

/** Eighteen years old. */
function isAdult({ birthDate }: Person, day: string): boolean {
  const [year, ...rest] = birthDate.split('-');
  return day >= [String(Number(year) + 18), ...rest].join('-');
}

const gave = (dose: Dose, { organization }: Caller): boolean =>
  dose.isAdministered && dose.organization === organization;

/** A question: may this caller see one of the person's doses, or (without a dose) who the person is, on that day? */
export interface Question {
  readonly state: string;
  readonly caller: Caller;
  readonly person: Person;
  readonly dose?: Dose | undefined;
  readonly day: string;
}

/** The answer. */
export function maySee(question: Question): boolean {
  const { state, caller, person, dose } = question;
  const law = LAWS[state] as Law;
  if (caller.kind === 'public-health') return true;
  if (law.never.includes(caller.kind) || person.isDead || isKeptFromGuardian(question)) return false;
  const isGiver = dose === undefined ? person.doses.some((each) => gave(each, caller)) : gave(dose, caller);
  return isLeftOpen(law, question, isGiver) && (isLetIn(law, question) || isGiver);
}

/** A guardian sees no grown-up, and no dose that the minor consented to alone. */
function isKeptFromGuardian({ caller, person, dose, day }: Question): boolean {
  if (caller.kind !== 'guardian') return false;
  return isAdult(person, day) || (dose?.isMinorsOwn === true && SENSITIVE.includes(dose.vaccine));
}

/** Whether every directive in force leaves it open. */
function isLeftOpen(law: Law, { caller, person, day }: Question, isGiver: boolean): boolean {
  const closings = person.directives
    .filter((each) => holds(each, day))
    .flatMap(({ code }) => law.directives[code] ?? []);
  return closings.every(({ open, giver }) => open.includes(caller.kind) || (giver && isGiver));
}

/** Where somebody must have consented first. */
function isLetIn(law: Law, { caller: { kind }, person, day }: Question): boolean {
  const band = isAdult(person, day) ? 'adult' : 'child';
  if (!law.askFirst[band].includes(kind)) return true;
  // A consent to child care is of children.
  const lets = (code: string): boolean => law.opening[code]?.includes(kind) === true;
  return band === 'child' && person.directives.some((each) => holds(each, day) && lets(each.code));
}

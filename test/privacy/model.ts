/**
 * Who may see what, plainly and without a line of the server's: a question about one thing, one caller and one day. What
 * the caller's role, purpose and token open is in rights.ts; here is what the person, the law and the day leave of it.
 */
import type { Kind, Law } from './law.ts';

export interface Directive {
  readonly id: string;
  /** A code of the law's, or `limits`. */
  readonly code: string;
  readonly isActive: boolean;
  /** First and last day; without them always. */
  readonly start?: string;
  readonly end?: string;
  /** Organization that took it down. */
  readonly filedBy?: string;
  readonly limit?: Limit;
}

/** What a person closes in words of its own: a denial, each part of which must fit, with those who are excepted. */
export interface Limit {
  readonly to?: readonly Kind[];
  readonly purposes?: readonly string[];
  readonly vaccines?: readonly string[];
  /** Days of the doses. */
  readonly given?: { readonly from: string; readonly to: string };
  readonly except?: readonly Kind[];
  /** Whether who gave a dose is excepted. */
  readonly exceptGiver?: true;
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
  readonly lot: string;
  readonly organization: string;
  /** Given there, and not only reported as history. */
  readonly isAdministered: boolean;
  readonly vaccine: string;
  readonly day: string;
  readonly isMinorsOwn: boolean;
}

/** The caller as the law looks at it. */
export interface Asker {
  readonly kind: Kind;
  /** Its organization, and those of which that is a site. */
  readonly organizations: readonly string[];
  /** The purpose, and what that is a kind of. */
  readonly purposes: readonly string[];
  /** Whether it has opened the record in an emergency. */
  readonly inEmergency?: boolean;
}

/** May this caller see one of the person's doses, one of the directives, or (without either) who the person is? */
export interface Question {
  readonly law: Law;
  readonly asker: Asker;
  readonly person: Person;
  readonly dose?: Dose | undefined;
  readonly directive?: Directive | undefined;
  readonly day: string;
}

/** What the law, the person and the day leave. */
export function lawLeaves(question: Question): boolean {
  const { law, asker, person, directive } = question;
  if (asker.kind === 'public-health') return true;
  if (law.never.includes(asker.kind)) return false;
  if (person.isDead && !law.afterDeath.includes(asker.kind)) return false;
  if (isKeptFromGuardian(question)) return false;
  const isGiver = directive === undefined && givesIn(question);
  if (!isLetIn(question) && !isGiver) return false;
  return directive === undefined ? isLeftOpen(question, isGiver) : mayRead(asker, directive);
}

const READ_DIRECTIVES: readonly Kind[] = ['privacy', 'patient', 'guardian'];

/** A directive is read by the person, a guardian, privacy staff, and who took it down. */
const mayRead = ({ kind, organizations }: Asker, { filedBy = '' }: Directive): boolean =>
  READ_DIRECTIVES.includes(kind) || organizations.includes(filedBy);

/** Who gave a dose knows it, and who gave any knows who the person is. */
function givesIn({ asker, person, dose }: Question): boolean {
  const gave = (each: Dose): boolean =>
    each.isAdministered && asker.organizations.includes(each.organization);
  return dose === undefined ? person.doses.some(gave) : gave(dose);
}

/** A guardian sees no grown-up, and no dose that the minor consented to alone. */
function isKeptFromGuardian({ law, asker, person, dose, day }: Question): boolean {
  if (asker.kind !== 'guardian') return false;
  return isOfAge(person, 18, day) || (dose?.isMinorsOwn === true && law.minors.includes(dose.vaccine));
}

/** Whether somebody is so old; who was born on a leap day has the birthday on the first of March of other years. */
function isOfAge({ birthDate }: Person, years: number, day: string): boolean {
  const [year, ...rest] = birthDate.split('-');
  return day >= [String(Number(year) + years), ...rest].join('-');
}

const holds = ({ isActive, start = '', end = '9999' }: Directive, day: string): boolean =>
  isActive && start <= day && day <= end;

/** Whether every directive in force leaves it open: the strictest counts. */
function isLeftOpen(question: Question, isGiver: boolean): boolean {
  const { law, asker, person, day } = question;
  return person.directives
    .filter((each) => holds(each, day))
    .every(({ code, limit }) => {
      if (asker.inEmergency === true && law.emergency.includes(code)) return true;
      if (limit !== undefined) return !isLimited(limit, question, isGiver);
      const closing = law.directives[code];
      if (closing === undefined) return true;
      if (closing.endsAtAge !== undefined && isOfAge(person, closing.endsAtAge, day)) return true;
      return closing.open.includes(asker.kind) || (closing.giver && isGiver);
    });
}

/** Whether a denial of the person's own closes it: it is of this caller, of this thing, and makes no exception. */
function isLimited(limit: Limit, question: Question, isGiver: boolean): boolean {
  const { except = [], exceptGiver } = limit;
  const isExcepted = except.includes(question.asker.kind) || (exceptGiver === true && isGiver);
  return isOfCaller(limit, question) && isOfThing(limit, question) && !isExcepted;
}

const isOfCaller = ({ to, purposes }: Limit, { asker }: Question): boolean =>
  (to?.includes(asker.kind) ?? true) && (purposes?.some((each) => asker.purposes.includes(each)) ?? true);

/** What is said of vaccines and days is said of doses. */
function isOfThing({ vaccines, given }: Limit, { dose }: Question): boolean {
  if (vaccines === undefined && given === undefined) return true;
  if (dose === undefined) return false;
  const isThen = given === undefined || (given.from <= dose.day && dose.day <= given.to);
  return isThen && (vaccines?.includes(dose.vaccine) ?? true);
}

/** Where somebody must have consented first. */
function isLetIn({ law, asker: { kind }, person, day }: Question): boolean {
  const band = isOfAge(person, law.adultAt, day) ? 'adult' : 'child';
  if (!law.askFirst[band].includes(kind)) return true;
  return person.directives.some((each) => {
    const opening = law.opening[each.code];
    return holds(each, day) && opening?.to.includes(kind) === true && opening.of.includes(band);
  });
}

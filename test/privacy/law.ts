/**
 * The law of each jurisdiction as a person reads it off its sources, written down once more and without a line of the
 * server's: who still sees what under which directive, and what holds where nobody has said anything.
 */

/** Kinds of callers that the laws tell apart. */
export type Kind =
  | 'public-health'
  | 'privacy'
  | 'provider'
  | 'school'
  | 'child-care'
  | 'health-plan'
  | 'other-registry'
  | 'researcher'
  | 'patient'
  | 'guardian';

/** What a directive closes. */
interface Closing {
  /** Who still sees everything. */
  readonly open: readonly Kind[];
  /** Whether who gave a dose sees it, and the person. */
  readonly giver: boolean;
  /** The birthday on which it ends of itself. */
  readonly endsAtAge?: number;
}

/** What somebody says first where the law wants it. */
interface Opening {
  readonly to: readonly Kind[];
  readonly of: readonly ('child' | 'adult')[];
}

export interface Law {
  /** Hours that civil time is behind UTC in November. */
  readonly hoursBehind: number;
  readonly adultAt: number;
  readonly directives: Readonly<Record<string, Closing>>;
  readonly opening: Readonly<Record<string, Opening>>;
  /** Whether people may close parts of a record, to some, in words of their own. */
  readonly limits: boolean;
  /** Kinds that never see anybody. */
  readonly never: readonly Kind[];
  /** Kinds that see a child, or an adult, only after somebody has consented to it. */
  readonly askFirst: Readonly<Record<'child' | 'adult', readonly Kind[]>>;
  /** Whether doses of a child, or an adult, may be stored before somebody has consented. */
  readonly stores: Readonly<Record<'child' | 'adult', boolean>>;
  /** Whether taking an opening directive back erases what was stored. */
  readonly erases: boolean;
  /** Who sees the record of one who died, beside public health. */
  readonly afterDeath: readonly Kind[];
  /** Codes of the directives that give way in an emergency; none: there is no emergency access. */
  readonly emergency: readonly string[];
  /** Vaccines to which a minor may consent alone. */
  readonly minors: readonly string[];
}

const FAMILY: readonly Kind[] = ['public-health', 'patient', 'guardian'];
const TO_GIVERS: Closing = { open: FAMILY, giver: true };
const TO_NOBODY: Closing = { open: ['public-health'], giver: false };

/** Hepatitis B, human papillomavirus and mpox, of which the generator uses two. */
const SENSITIVE = ['62', '165'];

const USUAL: Law = {
  hoursBehind: 5,
  adultAt: 18,
  directives: {},
  opening: {},
  limits: false,
  never: ['researcher'],
  askFirst: { child: [], adult: [] },
  stores: { child: true, adult: true },
  erases: false,
  afterDeath: [],
  emergency: [],
  minors: SENSITIVE,
};

const SANDBOX: Law = {
  ...USUAL,
  hoursBehind: 0,
  directives: {
    'limited-opt-out': TO_GIVERS,
    'complete-opt-out': TO_NOBODY,
    'sharing-objection': TO_GIVERS,
  },
  limits: true,
  emergency: ['limited-opt-out', 'sharing-objection', 'limits'],
};

export const LAWS: Readonly<Record<string, Law>> = {
  virginia: {
    ...USUAL,
    directives: { 'limited-opt-out': TO_GIVERS, 'complete-opt-out': TO_NOBODY },
    emergency: ['limited-opt-out'],
  },
  massachusetts: {
    ...USUAL,
    directives: { 'sharing-objection': TO_GIVERS },
    never: ['researcher', 'child-care'],
    emergency: ['sharing-objection'],
  },
  maryland: { ...USUAL, directives: { refusal: TO_GIVERS } },
  vermont: {
    ...USUAL,
    askFirst: { child: ['child-care'], adult: ['child-care', 'school'] },
    opening: { 'child-care-consent': { to: ['child-care'], of: ['child'] } },
    limits: true,
    emergency: ['limits'],
  },
  sandbox: SANDBOX,
  // Two that are no state's, written as files of somebody else's (packs.ts).
  'opt-in': {
    ...SANDBOX,
    adultAt: 19,
    askFirst: { child: [], adult: ['provider', 'school', 'child-care', 'health-plan', 'other-registry'] },
    stores: { child: true, adult: false },
    opening: {
      'opt-in': { to: ['provider', 'school', 'child-care', 'health-plan', 'other-registry'], of: ['adult'] },
    },
    erases: true,
  },
  border: {
    ...SANDBOX,
    hoursBehind: 10,
    directives: {
      ...SANDBOX.directives,
      'stays-here': {
        open: ['public-health', 'provider', 'school', 'child-care', 'health-plan', 'patient', 'guardian'],
        giver: false,
        endsAtAge: 18,
      },
    },
    askFirst: { child: ['other-registry'], adult: ['other-registry'] },
    opening: { 'may-cross': { to: ['other-registry'], of: ['child', 'adult'] } },
    afterDeath: ['other-registry'],
  },
};

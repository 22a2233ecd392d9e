/**
 * What a jurisdiction decides, as data: one pack a jurisdiction, each rule with the law it comes from. Code reads
 * packs and never asks which jurisdiction it serves. The shape in JSON Schema is pack.schema.json.
 */

/** Kinds of recipients that the rules of jurisdictions tell apart. */
export const RECIPIENTS = {
  'public-health': 'health department staff, for a public health purpose',
  privacy: 'the privacy officer of the registry and its auditors',
  provider: 'health care providers: clinicians, pharmacies and their systems',
  school: 'schools',
  'child-care': 'child-care providers',
  'health-plan': 'health plans',
  'other-registry': 'registries of other jurisdictions',
  researcher: 'researchers',
  patient: 'the person itself',
  guardian: 'parents and guardians',
} as const;
export type Recipient = keyof typeof RECIPIENTS;

/** A rule: what it says in plain words, and by which of the pack's sources. */
export interface Ruled {
  readonly text: string;
  /** Names of `sources`. */
  readonly sources: readonly string[];
}

export interface Source {
  readonly cite: string;
  readonly about: string;
  readonly url?: string;
}

export interface Years extends Ruled {
  readonly years: number;
}

export interface Days extends Ruled {
  readonly days: number;
}

export type Band = 'child' | 'adult';

/** What holds for people of whom nothing is on file. */
export interface NothingOnFile extends Ruled {
  /** Who sees nothing until a directive opens the record to them. */
  readonly closedTo: readonly Recipient[];
  /** Whether doses may be stored before an opening directive is on file. */
  readonly stores: boolean;
}

/** What a person or guardian may say. */
export interface Directive extends Ruled {
  /** Code of Consent.category, in the code system of directives. */
  readonly code: string;
  readonly title: string;
  /**
   * `restricts`: the record is closed but for who is named; `opens`: what is closed while nothing is on file opens;
   * `limits`: the provisions of the Consent alone say what is closed, and to whom.
   */
  readonly effect: 'restricts' | 'opens' | 'limits';
  /** Of `restricts`: who still sees all of the record. */
  readonly sees?: readonly Recipient[];
  /** Of `restricts`: a provider still sees the doses that it administered itself, and who the person is. */
  readonly administering?: boolean;
  /** Of `opens`: to whom; without it, to everybody. */
  readonly opensTo?: readonly Recipient[];
  readonly policy: string;
  readonly for: readonly Band[];
  /** The age at which it ends of itself. */
  readonly endsAtAge?: number;
  readonly filedBy: readonly Recipient[];
  readonly withdrawnBy: readonly Recipient[];
}

export interface Pack {
  readonly name: string;
  readonly title: string;
  readonly registry: string;
  /** The day on which the rules were read, YYYY-MM-DD. */
  readonly asOf: string;
  /** IANA name; civil days begin at midnight there. */
  readonly timeZone: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly purposes: readonly Purpose[];
  readonly ages: {
    /** From when the rules of adults hold. */
    readonly adultRules: Years;
    /** Until when a guardian has access. */
    readonly guardianAccessEnds: Years;
  };
  readonly nothingOnFile: Readonly<Record<Band, NothingOnFile>>;
  readonly directives: readonly Directive[];
  readonly withdrawal: Ruled & {
    /** What becomes of a record whose opening directive is withdrawn. */
    readonly ofOpening: 'hide' | 'erase';
  };
  readonly death: Ruled & { readonly sees: readonly Recipient[] };
  readonly consents: Ruled & { readonly readBy: readonly Recipient[] };
  readonly minorsOwn: Ruled & {
    /** CVX codes of vaccines to which a minor may consent alone; such doses are hidden from guardians. */
    readonly vaccines: readonly string[];
  };
  readonly recipients: Readonly<Partial<Record<Recipient, Access>>>;
  readonly employers: Ruled & { readonly mayCheck: false };
  readonly lookup: Lookup;
  readonly statuses: StatusRules;
  /** In how many days a person's wish to have the record amended is answered. */
  readonly amendments: Days;
  readonly reporting: {
    readonly online: Days;
    readonly exchange: Days;
    readonly healthPlans?: Days;
    readonly vitalRecords?: Days;
  };
  readonly fields: {
    readonly patient: Fields;
    readonly dose: Fields;
  };
  /** What the data of a sender must be like; absent: nothing is asked of them. */
  readonly quality?: Quality;
  readonly registration: { readonly renewal: Days };
  readonly inactivity: { readonly account: Days; readonly patient?: Days };
  /** In how many days the staff settle what waits for them. */
  readonly pending: Days;
  readonly aggregates: Ruled & { readonly releasedBy: readonly Releaser[]; readonly needsApproval: boolean };
  readonly emergency: Emergency;
  /** Whether those who see part of a record are told that its forecast may rest on part of it; else they are not. */
  readonly forecasts?: Ruled & { readonly saysIncomplete: boolean };
}

/** How the status of a person changes with each provider and with the jurisdiction (status/rules.ts). */
export interface StatusRules {
  readonly providers: Ruled & {
    /** Whether a person has several active providers, or the last one that gave a dose. */
    readonly doses: 'one-to-many' | 'one-to-one';
    /** Of `one-to-one`: what the person becomes with the one before. */
    readonly former: 'moved' | 'inactive';
    /** Codes of Organization.type: a dose given by such an organisation makes nobody its patient. */
    readonly passing: readonly string[];
  };
  readonly jurisdiction: Ruled & {
    /** How an address of the jurisdiction writes the state. */
    readonly states: readonly string[];
    /** Statuses with the jurisdiction that a dose administered in it ends. */
    readonly endedByDoses: readonly ('inactive' | 'moved' | 'lost' | 'unknown' | 'outside')[];
  };
}

/** What a search names one person by, in the names of search parameters; `name` is any part of a name. */
export type LookupCriterion =
  'identifier' | 'name' | 'birthdate' | 'gender' | 'phone' | 'address-postalcode' | 'mothers-maiden-name';

/** How those look up a person who may not browse. */
export interface Lookup extends Ruled {
  /** Each is enough: all that it lists together. The registry's id always is. */
  readonly by: readonly (readonly LookupCriterion[])[];
  /** The most people whom such a search shows; of more it shows none. */
  readonly candidates: number;
}

/** Measures of data quality that a pack can set limits to (quality/scores.ts). */
export const QUALITY_MEASURES = [
  'timeliness',
  'required-of-doses',
  'if-available-of-doses',
  'required-of-patients',
  'if-available-of-patients',
  'validity',
  'duplicates',
  'rejected',
  'pending',
  'volume',
] as const;
export type QualityMeasure = (typeof QUALITY_MEASURES)[number];

/** Limits of a measure: shares from 0 to 1, days of the oldest record, doses for each one of the month before. */
export interface Threshold {
  readonly measure: QualityMeasure;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Quality extends Ruled {
  /** Shares of fewer are not judged. */
  readonly leastCases: number;
  /** Months in a row beyond a limit after which staff are to consider a suspension. */
  readonly flagAfterMonths: number;
  readonly thresholds: readonly Threshold[];
}

export interface Purpose extends Ruled {
  /** Code of HL7 v3 ActReason. */
  readonly code: string;
}

/** How a kind of recipients takes part. */
export interface Access extends Ruled {
  /** `none`: no individual record is shown to it. */
  readonly access: 'none' | 'read' | 'read-write';
  /** Whether it may look for people other than one whom it names. */
  readonly browses: boolean;
}

export type Releaser = 'registry-staff' | 'registry-manager';

export interface Fields extends Ruled {
  /** Elements in FHIRPath from the resource, such as Patient.birthDate. */
  readonly required: readonly string[];
  readonly ifAvailable: readonly string[];
}

export interface Emergency extends Ruled {
  readonly allowed: boolean;
  /** Codes of the directives that give way to it. */
  readonly opens: readonly string[];
  readonly minutes: number;
  readonly perDay: number;
}

/** The code system of Consent.category; a pack's directives are codes of it. */
export const DIRECTIVE_SYSTEM = 'https://fhir-iis.org/fhir/CodeSystem/directive';
/** The code of a Consent that ends another. */
export const WITHDRAWAL = 'withdrawal';

/** The directive of a code. */
export const directiveOf = (pack: Pack, code: string): Directive | undefined =>
  pack.directives.find((each) => each.code === code);

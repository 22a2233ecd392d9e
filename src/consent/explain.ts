/** Who sees what of a record on a day, and by which directive, rule or law: the standing told to a person. */
import { RECIPIENTS, type Directive, type Pack, type Recipient, type Ruled } from '../jurisdictions/pack.ts';
import { keysOf } from './keys.ts';
import { UNREADABLE } from './said.ts';
import { isAmong, keepsAway, visibilityOf, type Cause, type Facts, type Standing } from './visibility.ts';

/** Somebody who could ask. */
export interface Viewer {
  readonly recipient: Recipient;
  /** One of the organizations that administered a dose, or took a directive down. */
  readonly organization?: string;
}

/** What somebody sees of a record for some purposes. */
export interface Sees {
  readonly viewer: Viewer;
  /** Codes of the purposes for which it is so. */
  readonly purposes: readonly string[];
  readonly isPersonSeen: boolean;
  readonly doses: number;
  /** How many doses there are. */
  readonly of: number;
  /** What closes the rest. */
  readonly because: readonly Because[];
}

export interface Because extends Ruled {
  readonly cause: Cause;
}

/** What is asked of. */
export interface OfRecord {
  readonly patient: string;
  readonly doses: readonly (readonly Facts[])[];
  readonly day: string;
  /** A purpose, and all that it is a kind of. */
  readonly purposeAndAbove: (code: string) => readonly string[];
}

/** Organizations of which the record says something of its own. */
const providersOf = ({ administering, restrictions }: Standing): readonly string[] => [
  ...new Set([...administering, ...restrictions.flatMap(({ knownTo = [] }) => knownTo)]),
];

/** Everybody's sight, those with the same for several purposes told once. */
export function explain(
  pack: Pack,
  standing: Standing,
  { patient, doses, day, purposeAndAbove }: OfRecord,
): Sees[] {
  const viewers: Viewer[] = [
    ...(Object.keys(RECIPIENTS) as Recipient[]).map((recipient) => ({ recipient })),
    ...providersOf(standing).map((organization) => ({ recipient: 'provider', organization }) as const),
  ];
  return viewers.flatMap((viewer) => {
    const each = pack.purposes.map(({ code }) =>
      seenBy(pack, standing, { patient, doses, day, viewer, purposes: purposeAndAbove(code) }),
    );
    return [...Map.groupBy(each, (one) => JSON.stringify({ ...one, purposes: [] })).values()].map((some) => ({
      ...(some[0] as Sees),
      purposes: some.flatMap(({ purposes }) => purposes),
    }));
  });
}

interface Asked {
  readonly patient: string;
  readonly doses: readonly (readonly Facts[])[];
  readonly day: string;
  readonly viewer: Viewer;
  /** The purpose, and what it is a kind of. */
  readonly purposes: readonly string[];
}

function seenBy(pack: Pack, standing: Standing, { patient, doses, day, viewer, purposes: all }: Asked): Sees {
  const { recipient, organization } = viewer;
  const purposes = all.slice(0, 1);
  const shut = pack.recipients[recipient];
  const facts: readonly (readonly Facts[])[] = [[{ type: 'Patient', id: patient }], ...doses];
  if (shut?.access === 'none') {
    const because = [{ text: shut.text, sources: shut.sources, cause: { why: 'no-access' } as const }];
    return { viewer, purposes, isPersonSeen: false, doses: 0, of: doses.length, because };
  }
  const own = organization === undefined ? [] : [organization];
  const keys = keysOf({ recipient, organizations: own, purposes: all });
  const asks = { patient, keys, day };
  const [person = false, ...seen] = facts.map((each) => isSeen(asks, standing, each));
  const closing = standing.restrictions.filter((restriction) => {
    const about = facts.filter((some) => some.some((each) => isAmong(each, restriction.data ?? {})));
    const narrow = { ...standing, restrictions: [restriction] };
    return about.some((each) => !isSeen(asks, narrow, each));
  });
  return {
    viewer,
    purposes,
    isPersonSeen: person,
    doses: seen.filter((each) => each).length,
    of: doses.length,
    because: closing.map(({ cause }) => ({ cause, ...ruleOf(pack, cause) })),
  };
}

interface Asks {
  readonly patient: string;
  readonly keys: readonly string[];
  readonly day: string;
}

const isSeen = ({ patient, keys, day }: Asks, standing: Standing, facts: readonly Facts[]): boolean =>
  visibilityOf(patient, standing, facts).every((entry) => !keepsAway(entry, keys, day));

/** The rule of the pack behind a cause. */
function ruleOf(pack: Pack, { why, code }: Cause): Ruled {
  const directive: Directive | undefined = pack.directives.find((each) => each.code === code);
  const band = code === 'adult' ? 'adult' : 'child';
  const rules: Readonly<Record<Cause['why'], Ruled>> = {
    directive: directive ?? UNREADABLE,
    limits: directive ?? UNREADABLE,
    'nothing-on-file': pack.nothingOnFile[band],
    death: pack.death,
    'guardian-age': pack.ages.guardianAccessEnds,
    'minors-own': pack.minorsOwn,
    'directives-themselves': pack.consents,
    'no-access': UNREADABLE,
    'other-submitter': OTHER_SUBMITTER,
  };
  const { text, sources } = rules[why];
  return { text, sources };
}

const OTHER_SUBMITTER: Ruled = {
  text: 'Reported by somebody who may not see the person: only that submitter and public health see what was reported.',
  sources: [],
};

/** Organization/[id]/$data-quality: how timely and complete is what an organisation reported, and what was wrong with it. */
import { daysBetween } from '../../core/civil-day.ts';
import type { ParametersParameter } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { isRealDate } from '../../fhir/date.ts';
import { idOf, type Handler } from '../../interactions/rooms.ts';
import { absent } from '../../interactions/read.ts';
import type { Pack } from '../../jurisdictions/pack.ts';
import { decide, Denied, type Grant } from '../../policy/decide.ts';
import { ownOrganizations } from '../../policy/known.ts';
import { isRegistryStaff } from '../../policy/roles.ts';
import type { Ages, FieldFigure, Period } from '../../quality/figures.ts';
import { DETECTIONS } from '../../quality/detections.ts';
import { median, share, shareWithin } from '../../quality/measures.ts';
import { validityOf } from '../../quality/scores.ts';
import type { FindingCount } from '../../storage/store.ts';
import { inputsOf } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { figuresOf, stretchOf } from './reported.ts';

const MOST_DAYS = 366;
/** Documents that one request looks through. */
const MOST = 200_000;
const STEPS = [1, 3, 7, 14, 30] as const;
const OWN: ReadonlySet<string> = new Set(['organization-administrator', 'provider']);

export const dataQuality: Handler = async (rooms, ask, caller, entry) => {
  const organization = idOf(ask);
  const period = periodOf(ask);
  const grant = grantOf(ask, caller, organization);
  if ((await rooms.store.read(caller, 'read', 'Organization', organization)) === undefined) {
    return absent(rooms, caller, 'Organization', organization);
  }
  entry.wrote(`Organization/${organization}`);
  const figures = await figuresOf({ rooms, grant, organization, most: MOST }, period);
  const during = stretchOf({ rooms }, period.start, period.end);
  const { doses, messages, records, repeated } = figures;
  const { of, has } = validityOf(figures);
  const found = await rooms.store.findingsOf(organization, during);
  return parametersAnswer([
    { name: 'period', valuePeriod: { ...period } },
    integer('doses', doses),
    integer('doses-before', figures.dosesBefore),
    timeliness(figures.late, rooms.pack),
    ...figures.fields.flatMap(completeness),
    {
      name: 'validity',
      part: [
        integer('messages', messages.of),
        integer('records', records.of),
        ...decimal('share', share(has, of)),
      ],
    },
    { name: 'duplicates', part: [integer('count', repeated), ...decimal('share', share(repeated, doses))] },
    ...withTold(found, figures.told).map(finding),
    queued('rejected', figures.rejected),
    queued('uncorrected', figures.uncorrected),
    queued('pending', figures.pending),
  ]);
};

/** Of what was found in something that is stored. */
const REMARKS: ReadonlySet<string> = new Set(
  Object.values(DETECTIONS).flatMap(({ code, severity }) => (severity === 'I' ? [code] : [])),
);
const severityOf = (code: string): string => (REMARKS.has(code) ? 'I' : 'W');

/** What was found in messages and refused records, and beside them what was told of records that are stored. */
function withTold(
  found: readonly FindingCount[],
  told: ReadonlyMap<string, number>,
): readonly FindingCount[] {
  const all = [...found, ...[...told].map(([code, count]) => ({ code, severity: severityOf(code), count }))];
  const byKey = Map.groupBy(all, ({ code, severity }) => `${code} ${severity}`);
  return [...byKey.keys()].sort().flatMap((key) => {
    const some = byKey.get(key) ?? [];
    return some
      .slice(0, 1)
      .map((first) => ({ ...first, count: some.reduce((sum, each) => sum + each.count, 0) }));
  });
}

/** @throws Failure `required`, `invalid-value` or `too-costly` */
function periodOf(ask: Ask): Period {
  const inputs = inputsOf(ask, ['start', 'end']);
  const day = (name: string): string => {
    const text = inputs.text(name) ?? fail('required', `The parameter ${name} is needed.`);
    return /^\d{4}-\d\d-\d\d$/.test(text) && isRealDate(text)
      ? text
      : fail('invalid-value', `${name} must be a day, YYYY-MM-DD.`);
  };
  const [start, end] = [day('start'), day('end')];
  if (end < start) fail('invalid-value', 'end must not be before start.');
  if (daysBetween(start, end) >= MOST_DAYS) fail('too-costly', `Ask for at most ${MOST_DAYS} days.`);
  return { start, end };
}

/**
 * By which leave it is counted. Who works for an organisation may browse no doses: it is told numbers alone, of what is
 * in that organisation's own custody.
 * @throws Denied `not_manager`
 */
function grantOf(ask: Ask, grant: Grant, organization: string): Grant {
  const { role } = grant.actor;
  const isOwn = OWN.has(role) && ownOrganizations(grant.known)[0] === organization;
  if (!isRegistryStaff(role) && !isOwn) throw new Denied('not_manager');
  if (!isOwn) return grant;
  return decide(
    [() => ({ filter: [{ op: 'in', field: 'custodians', keys: [organization] }] })],
    ask,
    grant.known,
  );
}

const integer = (name: string, valueInteger: number): ParametersParameter => ({ name, valueInteger });
const decimal = (name: string, valueDecimal: number | undefined): ParametersParameter[] =>
  valueDecimal === undefined ? [] : [{ name, valueDecimal }];

function timeliness(late: readonly number[], { reporting: { online, exchange } }: Pack): ParametersParameter {
  const within = (days: number, rule?: string): ParametersParameter => ({
    name: 'within',
    part: [
      ...(rule === undefined ? [] : [{ name: 'rule', valueCode: rule }]),
      integer('days', days),
      ...decimal('share', shareWithin(late, days)),
    ],
  });
  const shares = [
    ...STEPS.map((days) => within(days)),
    within(online.days, 'online'),
    within(exchange.days, 'exchange'),
  ];
  return {
    name: 'timeliness',
    part: [
      integer('doses', late.length),
      ...decimal('median-days', median(late)),
      ...(late.length > 0 ? shares : []),
    ],
  };
}

const completeness = ({ field, rule, of, has }: FieldFigure): ParametersParameter[] =>
  of === 0
    ? []
    : [
        {
          name: 'completeness',
          part: [
            { name: 'field', valueString: field },
            { name: 'rule', valueCode: rule },
            ...decimal('share', share(has, of)),
          ],
        },
      ];

const finding = ({ code, severity, count }: FindingCount): ParametersParameter => ({
  name: 'finding',
  part: [
    { name: 'code', valueCode: code },
    { name: 'severity', valueCode: severity },
    integer('count', count),
  ],
});

const queued = (name: string, ages: Ages): ParametersParameter => ({
  name,
  part: [
    integer('count', ages.length),
    ...decimal('median-days', median(ages)),
    ...(ages.length > 0
      ? [
          integer(
            'oldest-days',
            ages.reduce((most, age) => Math.max(most, age)),
          ),
        ]
      : []),
  ],
});

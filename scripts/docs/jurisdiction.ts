/** The page of a jurisdiction: every rule of its pack in plain words, with the source that it comes from. */
import { RECIPIENTS, type Pack, type Recipient, type Ruled } from '../../src/jurisdictions/pack.ts';

const NAMES = RECIPIENTS as Readonly<Record<Recipient, string>>;
const named = (who: readonly Recipient[] = []): string =>
  who.length === 0 ? 'nobody' : who.map((each) => NAMES[each]).join('; ');

/** Sources are told by their places in the list at the page's end. */
function citer({ sources }: Pack): (rule: Ruled) => string {
  const order = Object.keys(sources);
  return (rule) => rule.sources.map((name) => `[${order.indexOf(name) + 1}](#sources)`).join(' ');
}

type Cite = (rule: Ruled) => string;
const item = (cite: Cite, title: string, rule: Ruled, more = ''): string =>
  `- **${title}** ${rule.text}${more === '' ? '' : ` ${more}`} ${cite(rule)}`;

const days = (rule: Ruled & { days: number }): string => `(${rule.days} days)`;

function directives(pack: Pack, cite: Cite): string {
  return pack.directives
    .map((each) => {
      const facts = [
        `Code \`${each.code}\`, policy <${each.policy}>.`,
        each.sees === undefined ? '' : `Still seen by: ${named(each.sees)}.`,
        each.administering === true
          ? 'A provider still sees the doses that it administered itself, and who the person is.'
          : '',
        each.opensTo === undefined ? '' : `Opens the record to: ${named(each.opensTo)}.`,
        `For: ${each.for.join(' and ')}.`,
        each.endsAtAge === undefined ? '' : `Ends at the age of ${each.endsAtAge}.`,
        `Filed by: ${named(each.filedBy)}. Withdrawn by: ${named(each.withdrawnBy)}.`,
      ].filter((fact) => fact !== '');
      return `### ${each.title}\n\n${each.text} ${cite(each)}\n\n${facts.join(' ')}`;
    })
    .join('\n\n');
}

function recipients({ recipients: some }: Pack, cite: Cite): string {
  return Object.entries(some)
    .map(([who, rule]) =>
      item(cite, `${NAMES[who as Recipient]} (${rule.access}${rule.browses ? ', may browse' : ''}):`, rule),
    )
    .join('\n');
}

function nothingOnFile({ nothingOnFile: { child, adult } }: Pack, cite: Cite): string {
  const told = (title: string, rule: Pack['nothingOnFile']['child']): string =>
    item(
      cite,
      title,
      rule,
      `Closed to: ${named(rule.closedTo)}. Doses are ${rule.stores ? 'stored' : 'not stored'}.`,
    );
  return [told('Children:', child), told('Adults:', adult)].join('\n');
}

const fields = (cite: Cite, title: string, rule: Pack['fields']['patient']): string =>
  `- **${title}** ${rule.text} ${cite(rule)} Required: ${rule.required.map((each) => `\`${each}\``).join(', ')}. If available: ${rule.ifAvailable.map((each) => `\`${each}\``).join(', ')}.`;

function reporting({ reporting: { online, exchange, healthPlans, vitalRecords } }: Pack, cite: Cite): string {
  return [
    item(cite, 'At the screen:', online, days(online)),
    item(cite, 'By data exchange:', exchange, days(exchange)),
    ...(healthPlans ? [item(cite, 'Health plans:', healthPlans, days(healthPlans))] : []),
    ...(vitalRecords ? [item(cite, 'Vital records:', vitalRecords, days(vitalRecords))] : []),
  ].join('\n');
}

const lookup = ({ lookup: { by, candidates } }: Pack): string =>
  `Enough is: the registry's id; ${by.map((each) => each.join(' with ')).join('; ')}. At most ${candidates} candidates are shown.`;

const ofProviders = ({ statuses: { providers } }: Pack): string =>
  [
    providers.doses === 'one-to-one' ? `With the one before: ${providers.former}.` : '',
    `Take nobody over: organizations of type ${providers.passing.map((each) => `\`${each}\``).join(', ') || '(none)'}.`,
  ]
    .filter((each) => each !== '')
    .join(' ');

const ofJurisdiction = ({ statuses: { jurisdiction } }: Pack): string =>
  `Addresses of it say: ${jurisdiction.states.join(', ')}. A dose ends: ${jurisdiction.endedByDoses.join(', ') || 'nothing'}.`;

function quality({ quality: rule }: Pack, cite: Cite): string {
  if (rule === undefined) return 'Nothing is asked of the data of senders.';
  const limits = rule.thresholds.map(({ measure, atLeast, atMost }) => {
    const words = [
      ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
      ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ];
    return `  - \`${measure}\`: ${words.join(', ')}`;
  });
  const more = `Shares of fewer than ${rule.leastCases} are not judged; flagged after ${rule.flagAfterMonths} months in a row. Limits ([measures](../quality.md)):`;
  return [item(cite, 'Limits:', rule, more), '', ...limits].join('\n');
}

/** The whole page; `sight` is the table of who sees what. */
export function jurisdictionPage(pack: Pack, sight: string): string {
  const cite = citer(pack);
  const { ages, death, withdrawal, consents, minorsOwn, employers, registration, inactivity } = pack;
  return `# ${pack.title}

${pack.registry}. Rules as read on ${pack.asOf}; civil days begin at midnight in ${pack.timeZone}. A server runs under them
with \`JURISDICTION=${pack.name}\`. Numbers lead to the sources at the end.

## For what it may be used

${pack.purposes.map((rule) => item(cite, `\`${rule.code}\``, rule)).join('\n')}
${item(cite, 'Employers:', employers)}

## What the person may say

${directives(pack, cite)}

### Asking for an amendment

${pack.amendments.text} ${days(pack.amendments)} ${cite(pack.amendments)}

### Taking it back

${withdrawal.text}${withdrawal.ofOpening === 'erase' ? ' What an opened record held is erased.' : ''} ${cite(withdrawal)}

## Where nothing is on file

${nothingOnFile(pack, cite)}

## Who sees what

${sight}

${item(cite, 'Death:', death, `Seen by: ${named(death.sees)}.`)}
${item(cite, 'The directives themselves:', consents)}
${item(cite, 'Adult rules:', ages.adultRules, `(from ${ages.adultRules.years})`)}
${item(cite, 'Guardians:', ages.guardianAccessEnds, `(until ${ages.guardianAccessEnds.years})`)}
${item(cite, 'Doses a minor consented to:', minorsOwn, `(CVX ${minorsOwn.vaccines.join(', ')})`)}
${item(cite, 'Emergencies:', pack.emergency, pack.emergency.allowed ? `At most ${pack.emergency.minutes} minutes, ${pack.emergency.perDay} a day. Gives way: ${pack.emergency.opens.join(', ')}.` : 'Not offered.')}
${pack.forecasts === undefined ? '' : item(cite, 'Forecasts:', pack.forecasts)}

## Who takes part

${recipients(pack, cite)}
${item(cite, 'Looking up a person:', pack.lookup, lookup(pack))}
${item(cite, 'Registration:', registration.renewal, days(registration.renewal))}
${item(cite, 'Accounts:', inactivity.account, days(inactivity.account))}
${inactivity.patient === undefined ? '' : item(cite, 'Patients:', inactivity.patient, days(inactivity.patient))}

## Whose patient a person is

${item(cite, 'With providers:', pack.statuses.providers, ofProviders(pack))}
${item(cite, 'With the jurisdiction:', pack.statuses.jurisdiction, ofJurisdiction(pack))}

## What waits for the registry

${item(cite, 'Settling:', pack.pending, days(pack.pending))}

## What is reported, and when

${reporting(pack, cite)}
${fields(cite, 'About the person:', pack.fields.patient)}
${fields(cite, 'About the dose:', pack.fields.dose)}

## Data quality

${quality(pack, cite)}

## Aggregates

${item(cite, 'Release:', pack.aggregates, `By: ${pack.aggregates.releasedBy.join(', ')}${pack.aggregates.needsApproval ? ', each with an approval' : ''}.`)}

## Sources

${Object.values(pack.sources)
  .map(
    ({ cite: name, about, url }, at) =>
      `${at + 1}. ${url === undefined ? name : `[${name}](${url})`}: ${about}`,
  )
  .join('\n')}
`;
}

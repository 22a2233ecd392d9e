/** The wiring: from settings to the rooms that every request passes, built once and passed as arguments. */
import { openLedger, type Ledger } from './audit/ledger.ts';
import { recording } from './audit/record.ts';
import type { Security } from './catalog/capability.ts';
import { OAUTH_PATH } from './auth/server/parts.ts';
import { issuerOf, securityOf } from './auth/smart.ts';
import { catalog } from './catalog/index.ts';
import type { Config } from './config.ts';
import { dayOf } from './consent/days.ts';
import { systemClock } from './core/clock.ts';
import type { Answer, Ask } from './core/context.ts';
import { idsFrom } from './core/id.ts';
import type { Log } from './core/log.ts';
import { resumeMessage } from './hl7v2/resume.ts';
import { handle, together } from './interactions/handle.ts';
import { renewStandings } from './interactions/renew-standings.ts';
import type { Rooms } from './interactions/rooms.ts';
import { recordCollections } from './interactions/sight.ts';
import { turns } from './interactions/turns.ts';
import { loadPack } from './jurisdictions/load.ts';
import type { Pack } from './jurisdictions/pack.ts';
import { schedule } from './operations/forecast/answer-of.ts';
import type { Keeping } from './operations/forecast/keep-current.ts';
import { keptStore } from './operations/forecast/kept-store.ts';
import { saysIncomplete } from './operations/forecast/told.ts';
import { knower, termsOf } from './participants/know.ts';
import { operations } from './operations/index.ts';
import { readMatching, type Matching } from './matching/weights.ts';
import { decide, type Rule } from './policy/decide.ts';
import { directives } from './policy/rules/directives.ts';
import { nothingKnown } from './policy/known.ts';
import { purpose } from './policy/rules/purpose.ts';
import { reach } from './policy/rules/reach.ts';
import { standing } from './policy/rules/standing.ts';
import { statuses } from './policy/rules/statuses.ts';
import { scopes } from './policy/rules/scopes.ts';
import { connect, isConnected, type Connection } from './storage/connect.ts';
import { emergenciesOf } from './storage/emergencies.ts';
import { forecastStates } from './storage/forecast-state.ts';
import { prepareCollections } from './storage/indexes.ts';
import { readKeyring } from './storage/keyring.ts';
import { agreeOnKeys } from './storage/known-keys.ts';
import { participantsOf } from './storage/participants.ts';
import { mongoStore } from './storage/mongo-store.ts';
import { recordKeeping } from './storage/record-keeping.ts';
import { endingSignOns } from './storage/oidc-adapter.ts';
import { revocationsOf } from './storage/revocations.ts';
import { keepSearchable } from './storage/searchable.ts';
import { secretsOf, sealingOf, type Secrets } from './storage/secrets.ts';

/** What a server runs on; `close` leaves nothing open. */
export interface Services {
  readonly rooms: Rooms;
  readonly connection: Connection;
  /** What keeps stored forecasts current. */
  readonly keeping: Keeping;
  readonly isReady: () => boolean;
  /** Kept when everything that is declared can be searched by; the server serves before that. */
  readonly searchable: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Totals beyond this are not counted. */
const TOTAL_MAX = 1_000_000;
const INCLUDED_MAX = 1000;

/** What differs from one server to another. */
export interface Wiring {
  readonly uri: string;
  readonly database: string;
  readonly secrets: Secrets;
  readonly baseUrl: string;
  readonly bundleEntries: number;
  /** The rules of the jurisdiction. */
  readonly pack: Pack;
  readonly log: Log;
  /** What the server says of its authorization. */
  readonly security?: Security;
  /** How people are told apart, where it is not by the weights that are shipped. */
  readonly matching?: Matching;
  /** Whether notices leave by mail. */
  readonly sendsMail?: boolean;
  readonly now?: () => Date;
}

/** The wiring that the settings ask for. */
export function wiringOf(config: Config, uri: string, baseUrl: string, log: Log): Wiring {
  const secrets = secretsOf(readKeyring(config.KEYS_DIR));
  return {
    uri,
    database: config.MONGODB_DATABASE,
    secrets,
    baseUrl,
    bundleEntries: config.BUNDLE_ENTRIES,
    pack: loadPack(config.JURISDICTION),
    log,
    matching: readMatching(config.MATCHING_WEIGHTS),
    sendsMail: config.SMTP_URL !== undefined,
    ...saidOf(config.AUTH, baseUrl),
  };
}

/** What the statement of capabilities says of the way to a token. */
export const saidOf = (mode: Config['AUTH'], baseUrl: string): Pick<Wiring, 'security'> =>
  mode === 'none' ? {} : { security: mode === 'smart' ? securityOf(issuerOf(baseUrl, OAUTH_PATH)) : {} };

/** Connects, makes what collections and indexes are missing, and builds the rooms. */
export async function openServices(wiring: Wiring): Promise<Services> {
  const connection = await connect(wiring.uri, wiring.database);
  const fresh = await prepareCollections(connection, catalog);
  await agreeOnKeys(connection, wiring.secrets.keys);
  const { log, now = systemClock } = wiring;
  const searchable = await keepSearchable({ connection, catalog, log, now, fresh });
  const newId = idsFrom(now);
  const ledger = await openLedger({ connection, secrets: wiring.secrets, now });
  const recorder = recording({ now, append: ledger.append });
  const rules = rulesOf(wiring);
  const keeping = keepingOf(wiring, { connection, rules, ledger });
  const rooms = roomsOf(wiring, {
    keeping,
    rules,
    newId,
    record: recorder.record,
    happened: ledger.happened,
    draftOf: ledger.draftOf,
    isSearchable: searchable.isSearchable,
    endSignOns: endingSignOns(connection, revocationsOf(connection, now), now),
    know: knower({
      participants: participantsOf(connection),
      terms: termsOf(wiring.pack),
      emergencies: emergenciesOf(connection),
      now,
      today: () => dayOf(now(), wiring.pack.timeZone),
    }),
  });
  await renewStandings(rooms, recordKeeping(connection, recordCollections(rooms)));
  return {
    rooms,
    searchable: searchable.done,
    connection,
    keeping,
    isReady: () => isConnected(connection),
    close: async () => {
      await searchable.stop();
      await recorder.idle();
      await ledger.end();
      await connection.close();
    },
  };
}

type Rules = readonly [Rule, ...Rule[]];

/** In the order in which they refuse; each can only narrow what is left. */
const rulesOf = ({ baseUrl, pack, now = systemClock }: Wiring): Rules => [
  standing,
  scopes({ catalog, base: baseUrl, now }),
  purpose,
  reach(catalog, pack),
  directives(catalog, pack),
  statuses,
];

function keepingOf(wiring: Wiring, { connection, rules, ledger }: Memory): Keeping {
  const { secrets, baseUrl, now = systemClock } = wiring;
  return {
    store: mongoStore(connection, catalog, ledger.recording),
    states: forecastStates(connection),
    schedule,
    grant: decide(rules, OWN_ASK, nothingKnown(dayOf(now(), wiring.pack.timeZone))),
    catalog,
    secrets,
    baseUrl,
    now,
    today: () => dayOf(now(), wiring.pack.timeZone),
    saysIncomplete: saysIncomplete(wiring.pack),
  };
}

/** The server itself asks: what it derives comes from the whole record, and is no access by anybody. */
const OWN_ASK: Ask = {
  interaction: 'search-type',
  actor: { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' },
  requestId: 'forecast',
  door: 'command',
  type: 'Immunization',
  query: [],
  queryInUrl: false,
  conditions: {},
  prefer: {},
};

interface Memory {
  readonly connection: Connection;
  readonly rules: Rules;
  readonly ledger: Ledger;
}

interface Parts extends Pick<
  Rooms,
  'newId' | 'record' | 'happened' | 'draftOf' | 'isSearchable' | 'know' | 'endSignOns'
> {
  readonly keeping: Keeping;
  readonly rules: Rules;
}

function roomsOf(wiring: Wiring, { keeping, rules, ...given }: Parts): Rooms {
  const { secrets, baseUrl, log, now = systemClock } = wiring;
  const rooms: Rooms = {
    catalog,
    pack: wiring.pack,
    store: keptStore(keeping, given.newId),
    rules,
    ...given,
    secrets,
    cursors: sealingOf(secrets, 'page'),
    matching: wiring.matching ?? readMatching(),
    now,
    log,
    baseUrl,
    ...(wiring.security && { security: wiring.security }),
    ...(wiring.sendsMail === true && { sendsMail: true }),
    limits: { entries: wiring.bundleEntries, total: TOTAL_MAX, included: INCLUDED_MAX },
    operations,
    inTurn: turns(),
    handle: (ask: Ask): Promise<Answer> => handle(rooms, ask),
    together: (ask, work) => together(rooms, ask, work),
    resume: new Map([['hl7v2', (kept) => resumeMessage(rooms, kept)]]),
  };
  return rooms;
}

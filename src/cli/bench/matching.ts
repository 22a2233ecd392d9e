/**
 * Measures matching against a register: `$match` of one person against all of them, the consolidated history of 60
 * reports, a merge and its undo with 200 doses. In this process, on a database of its own that is thrown away.
 */
import type { Parameters, Patient, Resource } from '@medplum/fhirtypes';
import { readConfig } from '../../config.ts';
import type { Ask } from '../../core/context.ts';
import { fewAtOnce } from '../../interactions/at-once.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { generate } from '../../sandbox/generate.ts';
import { openServices, wiringOf, type Services } from '../../services.ts';
import { sizeOf } from '../../storage/collection-size.ts';
import { startThrowAway } from '../../storage/embedded/throw-away.ts';
import type { Stored } from '../../storage/store.ts';
import { insert } from '../../storage/write.ts';
import { logOf } from '../logging.ts';
import { doseTimes } from '../matching/dose-figures.ts';
import { sandboxPeople } from '../matching/sandbox-people.ts';
import type { Measurement } from './forecast.ts';

/** People that are generated; a larger register has copies of them who were born, live and are numbered elsewhere. */
const GENERATED = 4_000;
const TODAY = '2026-06-30';
const BATCH = 500;
/** The indexes of a register are in memory: in a cache for a sandbox the bench would measure the disk. */
const CACHE_MB = 1024;
const MATCHES = 2_000;
const DOSES = 200;
const MERGES = 12;
const TEN_MILLION = 10_000_000;

const base = { requestId: 'bench', door: 'command', queryInUrl: false, conditions: {}, prefer: {} } as const;
const actor = { client: 'bench', role: 'developer', purpose: 'PUBHLTH' };

const operation = (name: string, parameters: Parameters): Ask => ({
  ...base,
  interaction: 'operation',
  actor,
  type: 'Patient',
  operation: name,
  query: [],
  body: { kind: 'resource', resource: parameters },
});

function generatedPatients(count: number): Patient[] {
  const patients: Patient[] = [];
  for (const step of generate({
    seed: 11,
    people: count,
    today: TODAY,
    refer: (type, key) => `${type}/${key}`,
  })) {
    if (step.kind === 'record') patients.push(step.bundle.entry?.[0]?.resource as Patient);
  }
  return patients;
}

const DAY_MS = 86_400_000;
const AWAY_DAYS = 397;

/** Somebody with the same name, and nothing else in common. */
function namesake(patient: Patient, copy: number): Patient {
  if (copy === 0) return patient;
  const born = Date.parse((patient.birthDate ?? TODAY).slice(0, 10)) - copy * AWAY_DAYS * DAY_MS;
  return {
    ...patient,
    birthDate: new Date(born).toISOString().slice(0, 10),
    ...(patient.identifier && {
      identifier: patient.identifier.map((each) => ({ ...each, value: `${each.value ?? ''}${copy}` })),
    }),
    ...(patient.address && {
      address: patient.address.map((each) => ({
        ...each,
        line: (each.line ?? []).map((line) => `${copy}${line}`),
        postalCode: String((Number(each.postalCode ?? 0) * 7 + copy * 131) % 100_000).padStart(5, '0'),
      })),
    }),
    ...(patient.telecom && {
      telecom: patient.telecom.map((each) => ({
        ...each,
        value: (each.value ?? '').replace(/\d/, String(copy % 10)),
      })),
    }),
  };
}

async function store(rooms: Rooms, type: string, resources: readonly Resource[]): Promise<string[]> {
  const forms = resources.map((each) =>
    storedForm(rooms, each, { id: rooms.newId(), version: 1, lastUpdated: rooms.now() }),
  );
  await rooms.store.commit(forms.flatMap((form) => insert(type, form)));
  return forms.map(({ _id }) => _id);
}

/** Nobody looks on, and what is half done is thrown away: without a transaction an index takes the entries as they come. */
async function storeStraight({ connection, rooms }: Services, patients: readonly Patient[]): Promise<void> {
  const forms = patients.map((each) =>
    storedForm(rooms, each, { id: rooms.newId(), version: 1, lastUpdated: rooms.now() }),
  );
  await connection.collection<Stored>('Patient').insertMany(forms, { ordered: false });
}

async function fill(services: Services, people: number): Promise<readonly Patient[]> {
  const generated = generatedPatients(Math.min(people, GENERATED));
  const all = Array.from({ length: Math.ceil(people / generated.length) }, (_, copy) =>
    generated.map((each) => namesake(each, copy)),
  ).flat();
  const batches = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, at) =>
    all.slice(at * BATCH, (at + 1) * BATCH),
  );
  await fewAtOnce(batches, (batch) => storeStraight(services, batch));
  return generated;
}

interface Times {
  readonly median: number;
  readonly p99: number;
}

function timesOf(milliseconds: readonly number[]): Times {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Records as another clinic would send them: without numbers. */
async function matchTimes(rooms: Rooms, known: readonly Patient[]): Promise<Times> {
  const took: number[] = [];
  for (let at = 0; at < MATCHES; at += 1) {
    const { identifier: _identifier, ...patient } = known[(at * 37) % known.length] as Patient;
    const parameters: Parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: patient }],
    };
    took.push(await timed(() => rooms.handle(operation('match', parameters))));
  }
  return timesOf(took.slice(MATCHES / 10));
}

const dose = (patient: string, at: number): Resource => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '88' }] },
  patient: { reference: `Patient/${patient}` },
  occurrenceDateTime: new Date(Date.parse('2020-01-01') + at * DAY_MS).toISOString().slice(0, 10),
  lotNumber: `L${at}`,
});

async function mergeTimes(rooms: Rooms): Promise<readonly [merge: Times, undo: Times]> {
  const [merges, undos]: [number[], number[]] = [[], []];
  const side = (name: string, id: string) => ({ name, valueReference: { reference: `Patient/${id}` } });
  for (let at = 0; at < MERGES; at += 1) {
    const person: Patient = { resourceType: 'Patient', name: [{ family: 'Bench' }], birthDate: '2019-01-01' };
    const [source = '', target = ''] = await store(rooms, 'Patient', [person, person]);
    await store(
      rooms,
      'Immunization',
      Array.from({ length: DOSES }, (_, n) => dose(source, n)),
    );
    const both = [side('source-patient', source), side('target-patient', target)];
    const ask = (name: string, parameter: typeof both): Ask =>
      operation(name, { resourceType: 'Parameters', parameter });
    merges.push(await timed(() => rooms.handle(ask('merge', both))));
    undos.push(await timed(() => rooms.handle(ask('unmerge', both.slice(0, 1)))));
  }
  return [timesOf(merges), timesOf(undos)];
}

const below = (name: string, value: number, unit: string, limit: number): Measurement => ({
  name,
  value,
  unit,
  target: `< ${limit}`,
  reached: value < limit,
});
const told = (name: string, value: number, unit: string): Measurement => ({
  name,
  value,
  unit,
  target: '',
  reached: true,
});

const MB = 1e6;

async function sizes({ connection }: Services): Promise<readonly Measurement[]> {
  const { documents, data, indexes } = await sizeOf(connection, 'Patient');
  const blocks = Object.entries(indexes).find(([name]) => name.startsWith('blocks'))?.[1] ?? 0;
  return [
    told('people on file', documents, ''),
    told('their documents', data / MB, 'MB'),
    told('index of matching', blocks / MB, 'MB'),
    told('the same for 10 million', ((blocks / MB) * TEN_MILLION) / documents, 'MB'),
  ];
}

const HISTORIES = 2_000;

/** Runs the bench. */
export async function benchMatching(
  people: number,
  say: (text: string) => void,
): Promise<readonly Measurement[]> {
  const config = readConfig();
  const log = logOf('error');
  const embedded = await startThrowAway({
    cacheDir: config.CACHE_DIR,
    cacheMb: Math.max(config.MONGOD_CACHE_MB, CACHE_MB),
    ...(config.MONGOD_BINARY !== undefined && { binary: config.MONGOD_BINARY }),
    log,
    say,
  });
  try {
    const services = await openServices(wiringOf(config, embedded.uri, 'http://localhost/fhir/R4', log));
    await services.searchable;
    say(`Storing ${people} people …`);
    const known = await fill(services, people);
    const match = await matchTimes(services.rooms, known);
    const size = await sizes(services);
    const [merge, undo] = await mergeTimes(services.rooms);
    await services.close();
    const doses = timesOf(doseTimes(sandboxPeople(12, HISTORIES)));
    return [
      ...size,
      told('$match, median', match.median, 'ms'),
      below('$match, p99', match.p99, 'ms', 20),
      below('history of 60 reports, median', doses.median, 'ms', 2),
      below(`merge with ${DOSES} doses, median`, merge.median, 'ms', 200),
      below(`undo with ${DOSES} doses, median`, undo.median, 'ms', 200),
    ];
  } finally {
    await embedded.stop();
  }
}

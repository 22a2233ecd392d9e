import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@medplum/fhirtypes';
import type { Ask } from '../../src/core/context.ts';
import { recording, type Recording } from '../../src/audit/record.ts';
import { Failure } from '../../src/core/failure.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import type { Stored } from '../../src/storage/store.ts';
import { world, type World } from '../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const json = 'application/fhir+json';
const person = { resourceType: 'Patient', name: [{ family: 'Marković' }], birthDate: '2024-03-01' };
const create = async (): Promise<string> => {
  const answer = await w.fhir.post('/Patient').set('Content-Type', json).send(JSON.stringify(person));
  return (answer.body as { id: string }).id;
};

const collection = () => databaseOf(w.services.connection).collection<Stored>('AuditEvent');
/** The events that a request left, found by its id. */
const eventsOf = async (requestId: string): Promise<readonly AuditEvent[]> =>
  (await collection().find().toArray())
    .map(({ json: text }) => JSON.parse(text) as AuditEvent)
    .filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === requestId));
const named = ({ entity = [] }: AuditEvent): readonly (string | undefined)[] =>
  entity.map(({ what }) => what?.reference);

describe('every request leaves one event before its answer', () => {
  test('what it did, to what, whose record it was, and what came of it', async () => {
    const id = await create();
    const asked: readonly [string, () => ReturnType<typeof w.fhir.get>, string, string, string][] = [
      ['a read', () => w.fhir.get(`/Patient/${id}`), 'read', 'R', '0'],
      ['a search', () => w.fhir.get('/Patient?family=mark'), 'search-type', 'E', '0'],
      ['a history', () => w.fhir.get(`/Patient/${id}/_history`), 'history-instance', 'R', '0'],
      ['a read of nothing', () => w.fhir.get('/Patient/none'), 'read', 'R', '4'],
      ['a refused search', () => w.fhir.get('/Patient?nonsense=1'), 'search-type', 'E', '4'],
      [
        'a refused create',
        () =>
          w.fhir.post('/Patient').set('Content-Type', json).send('{"resourceType":"Patient","nonsense":1}'),
        'create',
        'C',
        '4',
      ],
      ['a deletion', () => w.fhir.delete(`/Patient/${id}`), 'delete', 'D', '0'],
    ];
    for (const [name, send, interaction, action, outcome] of asked) {
      const requestId = name.replaceAll(' ', '-');
      await send().set('X-Request-Id', requestId);
      const events = await eventsOf(requestId);
      expect(
        events.map(({ subtype, action: did, outcome: came }) => [name, subtype?.[0]?.code, did, came]),
      ).toEqual([[name, interaction, action, outcome]]);
      if (outcome === '0') expect(named(events[0] as AuditEvent)).toContain(`Patient/${id}`);
    }
  });

  test('a write that had to be tried again leaves one', async () => {
    const id = await create();
    const body = JSON.stringify({ ...person, id, gender: 'female' });
    const puts = Array.from({ length: 8 }, (_, n) =>
      w.fhir
        .put(`/Patient/${id}`)
        .set('Content-Type', json)
        .set('X-Request-Id', `again-${n}`)
        .send(body.replace('female', n % 2 ? 'female' : 'male')),
    );
    for (const answer of await Promise.all(puts)) expect(answer.status).toBe(200);
    for (let n = 0; n < 8; n += 1) expect(await eventsOf(`again-${n}`)).toHaveLength(1);
  });

  test('more than a hundred patients are named in linked events', async () => {
    await Promise.all(Array.from({ length: 250 }, create));
    await w.fhir.get('/Patient?_count=500').set('X-Request-Id', 'many');
    const events = await eventsOf('many');
    const patients = events.flatMap(named).filter((reference) => reference?.startsWith('Patient/'));
    expect(new Set(patients).size).toBe(patients.length);
    expect(patients.length).toBeGreaterThanOrEqual(250);
    const [first] = events.filter(
      (event) => !named(event).some((reference) => reference?.startsWith('AuditEvent/')),
    );
    const others = events.filter((event) => event !== first);
    expect(others.length).toBeGreaterThanOrEqual(2);
    for (const event of others) expect(named(event)).toContain(`AuditEvent/${first?.id ?? ''}`);
  });
});

describe('what was searched for', () => {
  const SSN = 'http://hl7.org/fhir/sid/us-ssn';
  const queries = async (requestId: string): Promise<readonly string[]> =>
    (await eventsOf(requestId))
      .flatMap(({ entity = [] }) => entity.map(({ query }) => query ?? ''))
      .filter((query) => query !== '')
      .map((query) => decodeURIComponent(Buffer.from(query, 'base64').toString()));

  test('is recorded as it was asked', async () => {
    await w.fhir.get('/Patient?family=mark&birthdate=2024-03-01').set('X-Request-Id', 'asked');
    expect(await queries('asked')).toEqual(['family=mark&birthdate=2024-03-01']);
  });

  test.each([
    [`${SSN}|123-45-6789`, `${SSN}|***`],
    ['123-45-6789', '***'],
    ['urn:mrn|5,123456789', 'urn:mrn|5,***'],
    ['|123 45 6789', '|***'],
    ['urn:mrn|123456789', 'urn:mrn|123456789'],
  ])('is recorded without secret numbers: %s', async (value, recorded) => {
    const requestId = `secret-${value.replace(/\W/g, '-')}`.slice(0, 60);
    await w.fhir
      .post('/Patient/_search')
      .set('X-Request-Id', requestId)
      .type('form')
      .send({ identifier: value });
    expect(await queries(requestId)).toEqual([`identifier=${recorded}`]);
  });
});

describe('where the record cannot be written', () => {
  const validate = (validator: object): Promise<unknown> =>
    databaseOf(w.services.connection).command({ collMod: 'AuditEvent', validator });
  const forbid = (): Promise<unknown> => validate({ _id: { $exists: false } });
  afterEach(() => validate({}));

  test('nothing is read: every caller is refused, and nothing of what was asked leaves', async () => {
    const id = await create();
    await forbid();
    const answers = await Promise.all([
      w.fhir.get(`/Patient/${id}`),
      w.fhir.get('/Patient?family=mark'),
      w.fhir.get(`/Patient/${id}/_history`),
      w.fhir.get('/Patient/none'),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(answer.text).not.toMatch(/Marković|2024-03-01/);
    }
  });

  test('nothing is written, and what was asked can be asked again afterwards', async () => {
    const id = await create();
    await forbid();
    const body = JSON.stringify({ ...person, id, gender: 'female' });
    const put = () =>
      w.fhir.put(`/Patient/${id}`).set('Content-Type', json).set('Idempotency-Key', 'k').send(body);
    expect((await put()).status).toBeGreaterThanOrEqual(500);
    expect((await w.fhir.delete(`/Patient/${id}`)).status).toBeGreaterThanOrEqual(500);
    await validate({});
    const read = await w.fhir.get(`/Patient/${id}`);
    expect((read.body as { meta: { versionId: string } }).meta.versionId).toBe('1');
    expect((await put()).status).toBe(200);
  });

  test('one request whose record fails takes no other with it', async () => {
    const answers = await Promise.all([w.fhir.get('/Patient?family=mark'), w.fhir.get('/Patient/none')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  });
});

describe('the recording', () => {
  const ask: Ask = {
    ...{ interaction: 'read', type: 'Patient', id: '1', requestId: 'r', door: 'http' },
    ...{
      actor: { client: 'c', role: 'provider', purpose: 'TREAT' },
      query: [],
      queryInUrl: false,
      conditions: {},
      prefer: {},
    },
  };
  const made = (append: (events: readonly Stored[]) => Promise<void>): Recording =>
    recording({
      now: () => new Date('2026-11-22T12:00:00Z'),
      append: (draft) => append(draft(() => 'event')),
    });
  const outcomes = (events: readonly Stored[]): readonly unknown[] =>
    events.map(({ json: text }) => (JSON.parse(text) as AuditEvent).outcome);

  test('waits for the record before it answers', async () => {
    const order: string[] = [];
    const { record } = made(async () => {
      await new Promise((done) => setImmediate(done));
      order.push('recorded');
    });
    await record(ask, () => Promise.resolve({ status: 200 }));
    order.push('answered');
    expect(order).toEqual(['recorded', 'answered']);
  });

  test('records what fails, and tells the failure as it was', async () => {
    const recorded: unknown[] = [];
    const { record } = made((events) => Promise.resolve(void recorded.push(...outcomes(events))));
    const refusal = new Failure({ kind: 'not-found', message: 'There is none.' });
    await expect(record(ask, () => Promise.reject(refusal))).rejects.toBe(refusal);
    await expect(record(ask, () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault');
    expect(recorded).toEqual(['4', '8']);
  });

  test('tells the software from the person who uses it', async () => {
    let event: AuditEvent | undefined;
    const { record } = made(([first]) => {
      event = JSON.parse(first?.json ?? '') as AuditEvent;
      return Promise.resolve();
    });
    await record({ ...ask, actor: { ...ask.actor, user: 'nurse' } }, () => Promise.resolve({ status: 200 }));
    expect(event?.agent.map(({ who, requestor }) => [who?.identifier?.value, requestor])).toEqual([
      ['c', false],
      ['nurse', true],
      [undefined, false],
    ]);
  });

  test('records nothing twice: what a unit of work recorded is not appended', async () => {
    const recorded: unknown[] = [];
    const { record } = made((events) => Promise.resolve(void recorded.push(...outcomes(events))));
    await record(ask, (entry) => {
      expect(entry.draft(201)(() => 'event')).toMatchObject([{ _id: 'event', version: 1 }]);
      entry.committed();
      return Promise.resolve({ status: 201 });
    });
    expect(recorded).toEqual([]);
  });

  test('of an attempt that is made again forgets what the first one touched', async () => {
    let event: AuditEvent | undefined;
    const { record } = made(([first]) => {
      event = JSON.parse(first?.json ?? '') as AuditEvent;
      return Promise.resolve();
    });
    await record(ask, (entry) => {
      entry.wrote('Patient/1/_history/1');
      entry.concerns(['1']);
      entry.startAgain();
      entry.wrote('Patient/1/_history/2');
      return Promise.resolve({ status: 200 });
    });
    expect(named(event as AuditEvent)).toEqual(['Patient/1/_history/2', undefined]);
  });
});

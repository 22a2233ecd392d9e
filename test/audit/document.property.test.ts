import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { documentOf } from '../../src/audit/document.ts';
import { eventsOf } from '../../src/audit/event.ts';
import { catalog } from '../../src/catalog/index.ts';
import type { Ask } from '../../src/core/context.ts';
import { keysOf } from '../../src/search/index-of.ts';

const word = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/);
const entry = catalog.get('AuditEvent');

const asks = fc
  .record({ client: word, requestId: word, purpose: fc.constantFrom('TREAT', 'PUBHLTH') })
  .map(({ client, requestId, purpose }): Ask => ({
    interaction: 'read',
    actor: { client, role: 'provider', purpose },
    requestId,
    door: 'http',
    query: [],
    queryInUrl: true,
    conditions: {},
    prefer: {},
    from: '127.0.0.1',
  }));
const touched = fc.record({
  resources: fc.array(
    word.map((id) => `Immunization/${id}/_history/1`),
    { maxLength: 3 },
  ),
  patients: fc.uniqueArray(word, { maxLength: 230 }),
});

describe('an audit event', () => {
  test('is stored under the keys that a search would look for', () => {
    fc.assert(
      fc.property(asks, touched, fc.constantFrom(200, 404, 500), (ask, what, status) => {
        let number = 0;
        const outcome = { status, recorded: new Date('2026-11-22T12:00:00.123Z') };
        const events = eventsOf(ask, what, outcome, () => `event-${(number += 1)}`);
        for (const event of events) {
          const { tokens, beside = [], index, sort, patients, custodians } = documentOf(event);
          const keys = keysOf(entry!, event);
          expect([...tokens].sort()).toEqual([...keys.tokens].sort());
          expect([...beside].sort()).toEqual([...(keys.beside ?? [])].sort());
          expect({ index, sort, custodians }).toEqual({
            index: keys.index,
            sort: keys.sort,
            custodians: keys.custodians,
          });
          expect([...patients].sort()).toEqual([...keys.patients].sort());
        }
      }),
      { numRuns: 60 },
    );
  });

  test('names every patient once, a hundred an event, the others linked to the first', () => {
    fc.assert(
      fc.property(asks, touched, (ask, what) => {
        let number = 0;
        const events = eventsOf(
          ask,
          what,
          { status: 200, recorded: new Date(0) },
          () => `event-${(number += 1)}`,
        );
        const named = events.flatMap((event) => documentOf(event).patients);
        expect(named).toEqual(what.patients);
        expect(events).toHaveLength(Math.max(1, Math.ceil(what.patients.length / 100)));
        for (const linked of events.slice(1)) {
          expect(linked.entity?.map((each) => each.what?.reference)).toContain('AuditEvent/event-1');
        }
      }),
      { numRuns: 60 },
    );
  });
});

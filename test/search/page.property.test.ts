import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OrderKey } from '../../src/search/clause.ts';
import { holds } from '../../src/search/holds.ts';
import type { Keyed } from '../../src/search/keys.ts';
import { pageOf, readFrom, type Page, type Place } from '../../src/search/page.ts';
import { after, keyed } from './arbitrary.ts';

const documents = fc.uniqueArray(keyed, { selector: ({ _id }) => _id, maxLength: 5 });
const order = after.map(({ keys }) => keys);
const count = fc.integer({ min: 1, max: 3 });

/** Storage's part: what holds, in the order, one more than the page takes. */
function read(stored: readonly Keyed[], keys: readonly OrderKey[], size: number, from?: Place): Page<Keyed> {
  const { order: direction, clauses } = readFrom(keys, from);
  const isBefore = (a: Keyed, b: Keyed): boolean =>
    holds({ op: 'after', keys: direction, place: direction.map(({ field }) => valueAt(a, field)) }, b);
  const found = stored
    .filter((document) => holds({ op: 'and', of: clauses }, document))
    .toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return pageOf(found.slice(0, size + 1), { order: keys, count: size }, from);
}

function valueAt(document: Keyed, field: string): string | number | Date | undefined {
  if (field === '_id') return document._id;
  return field === 'lastUpdated' ? document.lastUpdated : document.sort[field.slice('sort.'.length)];
}

const ids = (page: readonly Keyed[]): readonly string[] => page.map(({ _id }) => _id);

test('pages, read one after the other, show every document once, in one order', () => {
  fc.assert(
    fc.property(documents, order, count, (stored, keys, size) => {
      const whole = read(stored, keys, stored.length + 1).documents;
      const shown: Keyed[] = [];
      let page: Page<Keyed> | undefined = read(stored, keys, size);
      while (page !== undefined) {
        shown.push(...page.documents);
        page = page.next && read(stored, keys, size, page.next);
      }
      expect(ids(shown)).toEqual(ids(whole));
    }),
  );
});

test('the page before the next page is the page one came from', () => {
  fc.assert(
    fc.property(documents, order, count, (stored, keys, size) => {
      const first = read(stored, keys, size);
      if (first.next === undefined) return;
      const next = read(stored, keys, size, first.next);
      if (next.previous === undefined) throw new Error('The second page knows no page before it.');
      const again = read(stored, keys, size, next.previous);
      expect(ids(again.documents)).toEqual(ids(first.documents));
      expect(again.previous).toBeUndefined();
      expect(again.next).toEqual(first.next);
    }),
  );
});

test('writes between two pages neither repeat nor lose what was there before and after them', () => {
  const changes = fc.record({ before: documents, added: documents, stays: fc.func(fc.boolean()) });
  fc.assert(
    fc.property(changes, order, count, ({ before, added, stays }, keys, size) => {
      const first = read(before, keys, size);
      if (first.next === undefined) return;
      const kept = before.filter(({ _id }) => stays(_id));
      const stored = [...kept, ...added.filter(({ _id }) => !ids(before).includes(_id))];
      const second = read(stored, keys, stored.length + 1, first.next);
      const shown = [...ids(first.documents), ...ids(second.documents)];
      expect(new Set(shown).size).toBe(shown.length);
      expect(ids(kept).every((id) => shown.includes(id))).toBe(true);
    }),
  );
});

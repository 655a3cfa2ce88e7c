import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listAt, packLists } from '../../src/lib/packed-lists.ts';
import { openStrings, packStrings, stringAt } from '../../src/lib/string-table.ts';

const strings = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', 'é', 'ü', '中文', '\ud800'));

test('whatever strings are packed, then each is found at its place, and no other is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(strings, { maxLength: 200 }), strings, (all, other) => {
      const table = openStrings(packStrings(all));
      expect([...table]).toEqual(all);
      expect(all.map((text) => table.get(text))).toEqual(all.map((_, place) => place));
      expect([table.length, table.at(all.length), table.at(-1)]).toEqual([all.length, undefined, undefined]);
      expect([table.has(other), table.get(other) ?? -1]).toEqual([all.includes(other), all.indexOf(other)]);
    }),
  );
});

test('when no character needs two bytes, then each takes one', () => {
  expect(packStrings(['robot', 'café']).text).toBeInstanceOf(Uint8Array);
  const wide = packStrings(['robot', 'λ-calculus']);
  expect([wide.text.BYTES_PER_ELEMENT, stringAt(wide, 0), stringAt(wide, 1)]).toEqual([2, 'robot', 'λ-calculus']);
});

test('whatever lists are packed, then each is read at its place, and none beyond them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(), { maxLength: 5 })), (lists) => {
      const packed = packLists(lists);
      expect(lists.map((_, place) => [...listAt(packed, place)])).toEqual(lists);
      expect([...listAt(packed, lists.length)]).toEqual([]);
    }),
  );
});

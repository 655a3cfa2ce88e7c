import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, shorten } from '../../src/compose/text/clean-text.ts';

test.each([
  ['a\u0000b\u001bc\u007fd', 'abcd'],
  ['line\r\nbreak\ttab', 'line break tab'],
  ['next\u0085line \u0085', 'next line'],
  ['in\u202evisible\u2066turn\u200b\u2060\ufeff', 'invisibleturn'],
  ['soft\u00adhyphen \ud800 lone', 'softhyphen lone'],
  ['z\u0301\u0301\u0301\u0301\u0301\u0301\u0301go', '\u017a\u0301\u0301\u0301\u0301go'],
  ['family 👩‍👩‍👧 and 👍🏽', 'family 👩‍👩‍👧 and 👍🏽'],
  ['می‌خواهم', 'می‌خواهم'],
  ['a\u200db', 'ab'],
])('when text is %j, then %j is left', (text, cleaned) => {
  expect(cleanText(text)).toBe(cleaned);
});

test('when anything comes in, then one clean line comes out, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const cleaned = cleanText(text);
      // oxlint-disable-next-line no-control-regex
      expect(cleaned).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]|^\s|\s$/);
      expect(cleanText(cleaned)).toBe(cleaned);
    }),
  );
});

test('when a megabyte comes in, then only its beginning is looked at', () => {
  expect(cleanText('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(20_000);
});

test('when text is too long, then it is cut at a word with an ellipsis, and never in a character', () => {
  expect(shorten('one two three four', 12)).toBe('one two…');
  expect(shorten('short', 12)).toBe('short');
  expect(shorten('😀😀😀😀😀', 3)).toBe('😀😀…');
  expect(shorten('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
});

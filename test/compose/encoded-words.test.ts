import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { folded, headerPhrase, headerText } from '../../src/compose/wire/encoded-words.ts';

test('when text is printable ASCII, then it stays as it is', () => {
  expect(headerText('7 papers: Mamba and 6 more')).toBe('7 papers: Mamba and 6 more');
  expect(headerPhrase('O"Brien')).toBe('"O\\"Brien"');
});

test('whatever the subject, a reader gets it back, and no line is over 76 or holds anything but printable ASCII', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }), async (subject) => {
      const field = `Subject: ${headerText(subject)}`;
      for (const line of field.split('\r\n')) {
        expect(line).toMatch(/^[ -~]*$/);
        if (line.includes('=?')) expect(line.length).toBeLessThanOrEqual(76);
      }
      const read = await PostalMime.parse(`${field}\r\n\r\n`);
      expect(read.subject ?? '').toBe(subject.trim());
    }),
    { numRuns: 200 },
  );
});

test('when a header value would add a line, then it becomes a blank', () => {
  expect(headerText('a\r\nBcc: x@example.org')).toBe('a Bcc: x@example.org');
});

test('when a value is long, then it is folded at blanks', () => {
  const value = `<https://example.org/${'x'.repeat(60)}>, <mailto:a@example.org?subject=unsubscribe>`;
  expect(folded(value, 18).split('\r\n')).toHaveLength(2);
});

test('whatever the name in front of an address, no line with encoded-words is over 76, and the name comes back', async () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((name) => name.trim() !== '');
  await fc.assert(
    fc.asyncProperty(names, fc.nat({ max: 40 }), async (name, length) => {
      const address = `papers-of-the-${'x'.repeat(length)}@digest.example.org`;
      const field = `From: ${folded(`${headerPhrase(name)} <${address}>`, 'From: '.length)}`;
      for (const line of field.split('\r\n').filter((each) => each.includes('=?')))
        expect(line.length).toBeLessThanOrEqual(76);
      const read = await PostalMime.parse(`${field}\r\n\r\n`);
      expect(read.from?.address).toBe(address);
    }),
    { numRuns: 200 },
  );
});

import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { encodePiece } from '../../src/compose/wire/quoted-printable.ts';

const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 6 });
const awkward = fc.array(
  fc.constantFrom('.', 'From ', ' ', '\t', '\n', '=', 'é', '漢', 'a', '.\n', ' \n', 'x'.repeat(80)),
  { maxLength: 60 },
);

test('when pieces are encoded one by one and joined, then a reader sees the joined text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(texts, awkward), async (pieces) => {
      const joined = Buffer.concat(pieces.map(encodePiece)).toString('latin1');
      const mail = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${joined}`;
      const read = await PostalMime.parse(mail);
      const lines = (text: string) => text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
      expect(lines(read.text ?? '')).toBe(lines(pieces.join('')));
    }),
    { numRuns: 200 },
  );
});

test('when anything is encoded, then lines are ASCII of at most 76, none starts with a dot or «From », none ends with a blank', () => {
  fc.assert(
    fc.property(fc.oneof(texts, awkward), (pieces) => {
      for (const line of Buffer.concat(pieces.map(encodePiece)).toString('latin1').split('\r\n')) {
        expect(line.length).toBeLessThanOrEqual(76);
        expect(line).toMatch(/^[\t -~]*$/);
        expect(line).not.toMatch(/^\.|^From |[ \t]$/);
      }
    }),
  );
});

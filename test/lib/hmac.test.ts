import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmac } from '../../src/lib/hmac.ts';

test('when the first two cases of RFC 4231 are signed, then the signatures are those printed there', () => {
  const first = Buffer.alloc(20, 0x0b);
  expect(hmac('sha256', first, 'Hi There', 'hex')).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(hmac('sha512', first, 'Hi There', 'hex')).toMatch(/^87aa7cdea5ef619d4ff0b4241a1d6cb0/);
  const second = Buffer.from('Jefe');
  expect(hmac('sha256', second, 'what do ya want for nothing?', 'hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('when anything is signed with any key, then the signature is that of createHmac', () => {
  const keys = [randomBytes(32), randomBytes(1), randomBytes(64), randomBytes(128), randomBytes(200), Buffer.alloc(0)];
  fc.assert(
    fc.property(
      fc.constantFrom('sha256' as const, 'sha512' as const),
      fc.constantFrom(...keys),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 2_000 })),
      (algorithm, key, text) => {
        const expected = createHmac(algorithm, key).update(text).digest('base64url');
        expect(hmac(algorithm, key, text, 'base64url')).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('when a text is as long as fits, or a little longer, whatever its signs, then none of it is left out', () => {
  for (const sign of ['a', 'é', '€', '𝄞', '\ud800']) {
    for (const times of [128, 170, 171, 255, 256, 257, 512, 513]) {
      const text = sign.repeat(times);
      const expected = createHmac('sha512', 'key').update(text).digest('hex');
      expect(hmac('sha512', Buffer.from('key'), text, 'hex')).toBe(expected);
    }
  }
});

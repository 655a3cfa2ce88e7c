import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacWith } from '../../src/lib/hmac.ts';

test('whatever the key and the text, the HMAC is the one of RFC 2104 that Node makes', () => {
  const secrets = fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets));
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(secrets, texts, (secret, each) => {
      for (const text of each) {
        for (const algorithm of ['sha256', 'sha512'] as const) {
          const expected = createHmac(algorithm, secret).update(text).digest('hex');
          expect(hmacWith(algorithm, secret)(text)).toBe(expected);
        }
      }
    }),
  );
});

test('when keys were opened in turn, then each signs as its own', () => {
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const sign = (secret: Buffer) => hmacWith('sha512', secret)('links.reader.1');
  const alone = sign(one);
  expect(sign(two)).not.toBe(alone);
  expect(sign(Buffer.from(one))).toBe(alone);
});

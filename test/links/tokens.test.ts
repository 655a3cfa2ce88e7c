import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signReaderTokens, signToken, verifyToken, type LinkKey, type ReaderPurpose } from '../../src/links/tokens.ts';
import { newPublicId } from '../../src/lib/public-id.ts';

const old: LinkKey = { id: 1, secret: randomBytes(32) };
const current: LinkKey = { id: 2, secret: randomBytes(32) };

describe('tokens', () => {
  const token = signToken(current, 'unsubscribe', 'abc_DEF-123', 3);

  test('when signed by a live key, then it says what was signed, also after a rotation', () => {
    expect(verifyToken([current, old], 'unsubscribe', token)).toEqual({
      purpose: 'unsubscribe',
      subject: 'abc_DEF-123',
      generation: 3,
    });
    expect(verifyToken([current, old], 'unsubscribe', signToken(old, 'unsubscribe', 'x', 1))?.subject).toBe('x');
    expect(token).toMatch(/^unsubscribe\.abc_DEF-123\.3\.[\w-]{21}$/);
  });

  test('when all links of a reader are signed at once, then each is the one signed alone, and none opens what another does', () => {
    const tokens = signReaderTokens(current, 'abc', 7);
    const macs = Object.entries(tokens).map(([purpose, each]) => {
      expect(each).toBe(signToken(current, purpose as ReaderPurpose, 'abc', 7));
      return each.split('.')[3];
    });
    expect(new Set(macs).size).toBe(4);
    for (const mac of macs) expect(mac).toMatch(/^[\w-]{21}$/);
    expect(verifyToken([current], 'preferences', tokens.react.replace('react', 'preferences'))).toBeNull();
  });

  test('when anything is changed, another purpose asked or the key gone, then it is refused', () => {
    expect(verifyToken([current], 'preferences', token)).toBeNull();
    expect(verifyToken([old], 'unsubscribe', token)).toBeNull();
    for (let at = 0; at < token.length; at++) {
      const flipped = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(verifyToken([current], 'unsubscribe', flipped)).toBeNull();
    }
    for (const odd of [
      '',
      '.',
      `${token}x`,
      `${token}.`,
      token.replace('unsubscribe', 'constructor'),
      'x'.repeat(10_000),
    ]) {
      expect(verifyToken([current], 'unsubscribe', odd)).toBeNull();
    }
  });

  test('when many public ids are made, then none repeats and each may stand in a token', () => {
    const ids = new Set(Array.from({ length: 10_000 }, newPublicId));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/);
  });
});

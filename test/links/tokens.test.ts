import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  signReaderTokens,
  signToken,
  verifyToken,
  type LinkKey,
  type ReaderPurpose,
  type TokenPurpose,
} from '../../src/links/tokens.ts';
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
    expect(token).toMatch(/^unsubscribe\.abc_DEF-123\.3\.[0-9a-f]{32}$/);
  });

  test('when all links of a reader are signed at once, then each is the one signed alone, and none opens what another does', () => {
    const tokens = signReaderTokens(current, 'abc', 7);
    const macs = Object.entries(tokens).map(([purpose, each]) => {
      expect(each).toBe(signToken(current, purpose as ReaderPurpose, 'abc', 7));
      return each.split('.')[3];
    });
    expect(new Set(macs).size).toBe(4);
    for (const mac of macs) expect(mac).toMatch(/^[0-9a-f]{32}$/);
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
    for (const id of ids) expect(id).toMatch(/^[0-9b-hjkmnp-z]{20}$/);
  });

  test('when a link is made, then it ends in a letter or a digit, and means the same all in capitals', () => {
    for (let made = 0; made < 2_000; made++) {
      const id = newPublicId();
      const tokens = { ...signReaderTokens(current, id, made), newsletter: signToken(current, 'newsletter', id, made) };
      for (const [purpose, text] of Object.entries(tokens)) {
        expect(text).toMatch(/[0-9a-z]$/);
        const claim = { purpose, subject: id, generation: made };
        expect(verifyToken([current], purpose as TokenPurpose, text.toUpperCase())).toEqual(claim);
      }
    }
  });
});

/** The tokens of two mails of November 2026, made by the release that sent them, with a key of 32 sevens. */
const SENT = {
  unsubscribe: 'unsubscribe.Abcdefgh12345678.1.lM_Dwjj82AGsdZ6iwOrD2',
  confirm: 'confirm.q_Z-Abcdefgh1234.0.iUghwmMmwnqkdZZiSbsta',
};

describe('tokens of mails that were sent with the older signature', () => {
  const key: LinkKey = { id: 1, secret: Buffer.alloc(32, 7) };

  test('when they come, then they still open what they did, and nothing else', () => {
    expect(verifyToken([current, key], 'unsubscribe', SENT.unsubscribe)?.subject).toBe('Abcdefgh12345678');
    expect(verifyToken([key], 'confirm', SENT.confirm)?.subject).toBe('q_Z-Abcdefgh1234');
    expect(verifyToken([current], 'confirm', SENT.confirm)).toBeNull();
    expect(verifyToken([key], 'confirm', SENT.confirm.toUpperCase())).toBeNull();
    for (let at = 0; at < SENT.unsubscribe.length; at++) {
      const flipped = SENT.unsubscribe.slice(0, at) + (SENT.unsubscribe[at] === 'A' ? 'B' : 'A');
      expect(verifyToken([key], 'unsubscribe', flipped + SENT.unsubscribe.slice(at + 1))).toBeNull();
    }
  });

  test('when one ended in - or _ and a program cut that off, then it still works', () => {
    for (const whole of [
      'unsubscribe.Abcdefgh12345678.2.KeU-mFtqcUKHj7mFbaDG-',
      'unsubscribe.Abcdefgh12345678.9.bOC7NN7W4vkx3WxH0f8A_',
    ]) {
      expect(whole).toMatch(/[-_]$/);
      const shorter = whole.replace(/[-_]+$/, '');
      expect(verifyToken([key], 'unsubscribe', whole)).not.toBeNull();
      expect(verifyToken([key], 'unsubscribe', shorter)).toEqual(verifyToken([key], 'unsubscribe', whole));
      expect(verifyToken([key], 'unsubscribe', shorter.slice(0, -1))).toBeNull();
    }
  });
});

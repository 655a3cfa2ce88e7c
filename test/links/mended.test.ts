import { describe, expect, test } from 'vitest';
import { mendedToken, mendedUrl } from '../../src/links/mended.ts';
import { signToken } from '../../src/links/tokens.ts';
import { outgrows } from '../support/growth.ts';

const KEY = { id: 1, secret: Buffer.alloc(32, 7) };
const TOKEN = signToken(KEY, 'unsubscribe', 'k3v9q2w8x7c6b5n4m2tz', 12);
/** Of a mail sent before, whose signature ends in `-`. */
const OLD = 'unsubscribe.Abcdefgh12345678.12.ZyXwVuTsRqPoNmLkJiH1-';

/** What the server makes of the token in an address. */
function tokenIn(url: string): string {
  return mendedToken(decodeURIComponent(mendedUrl(url).split('/')[2] ?? ''));
}

/** What programs glue to the end of a link, as browsers send it. */
const GLUED = [
  ...[
    '.',
    ',',
    ';',
    ':',
    '!',
    ')',
    ']',
    '}',
    '>',
    '"',
    "'",
    '*',
    '|',
    '~',
    '_',
    '-',
    '…',
    '»',
    '”',
    '’',
    '。',
    '）',
    '、',
  ],
  ...[
    ').',
    '&gt;',
    '&gt',
    '&quot;',
    '&amp;',
    '=',
    '=20',
    '=3D',
    '=0A',
    '/',
    '\\',
    '</a>',
    '>.',
    ').Next',
    '、次の',
    ' Next',
  ],
  ...['\u200b', '\u00a0', '\r\n', '=\r\n'],
];

describe('a link that a program damaged', () => {
  test.each(GLUED)('when %j is glued on, then the token is the one that was sent', (glued) => {
    for (const encode of [encodeURI, encodeURIComponent]) {
      expect(tokenIn(`/unsubscribe/${TOKEN}${encode(glued)}`)).toBe(TOKEN);
      expect(tokenIn(`/unsubscribe/${OLD}${encode(glued)}`)).toBe(OLD.replace(/-$/, ''));
    }
  });

  test('when a stray percent sign is left, or half of an escape, then the page is found', () => {
    for (const stray of ['%', '%2', '%E3%80', '%253E']) expect(tokenIn(`/unsubscribe/${TOKEN}${stray}`)).toBe(TOKEN);
  });

  test('when a line was broken anywhere in it, then it is joined', () => {
    const path = `/unsubscribe/${TOKEN}`;
    for (let at = 1; at < path.length; at++) {
      for (const broken of ['=%0D%0A', '=%0A', '=%20', '%0D%0A', '%E2%80%8B']) {
        expect(tokenIn(path.slice(0, at) + broken + path.slice(at)), `${broken} at ${at}`).toBe(TOKEN);
      }
    }
    const inToken = path.lastIndexOf('/') + 1;
    for (let at = inToken + 1; at < path.length; at++) {
      expect(tokenIn(`${path.slice(0, at)}=${path.slice(at)}`), `= at ${at}`).toBe(TOKEN);
    }
  });

  test('when an address is whole, then it stays as it is', () => {
    for (const whole of [
      '/',
      '/?lang=de',
      `/unsubscribe/${TOKEN}`,
      `/feed/${TOKEN}.xml`,
      '/feeds/robotics.json',
      '/digests/2025-12-31?q=a=b&sort=%3E',
      `/react/react.abc.1.x?paper=Abc_DEF-12345678&do=more`,
      '/papers/Abcdefgh1234567-',
      '/preview?interests=graph%20networks',
    ]) {
      expect(mendedUrl(whole)).toBe(whole);
    }
  });

  test('when nothing would be left of it, then it stays what it was: no page of ours', () => {
    for (const odd of ['/%5Cx', '/digests/%5Cx', '/papers/%00', '/)', '/%E3%80%82']) expect(mendedUrl(odd)).toBe(odd);
  });

  test('when something else is said than a token, then it is handed on, to be refused', () => {
    for (const odd of ['', 'x', 'a'.repeat(3_000), `${TOKEN}x`, '....', '=', 'unsubscribe.x.1.']) {
      expect(mendedToken(odd)).toBe(odd);
    }
  });

  test('when somebody sends a very long address, then it is read in a moment', () => {
    const mend = (url: string) => mendedToken(mendedUrl(`/${url}`));
    const signs = ['=20', '=', '.', '%', 'a', 'a.', '/=20', '-'];
    const slow = signs.map((sign) => outgrows(mend, (length) => sign.repeat(length / sign.length)));
    expect(slow.filter(Boolean)).toEqual([]);
  });
});

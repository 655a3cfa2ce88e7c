import { expect, test } from 'vitest';
import fc from 'fast-check';
import { routeOf } from '../../src/http/app.ts';

test.each([
  ['/unsubscribe/unsubscribe.2hn-elshx5bMLRM2.2.BKkNNN8q2F_cmTkLvRoCiA', '/unsubscribe/…'],
  ['/preferences/preferences.2hn-elshx5bMLRM2.2.1i2qrwEBiNtDRgvFeJJ_qg/data.json', '/preferences/…'],
  ['/feed/feed.2hn-elshx5bMLRM2.2.1i2qrwEBiNtDRgvFeJJ_qg.xml', '/feed/…'],
  ['/admin/sign-in/abcdefghijklmnopqrstuvwxyz', '/admin/…'],
  ['/digests/2025-12-31', '/digests/2025-12-31'],
  ['/papers/l3AyjgfXqTaHOJEQ', '/papers/l3AyjgfXqTaHOJEQ'],
  ['/', '/'],
  ['/feeds/graph-learning.xml', '/feeds/graph-learning.xml'],
  ['/assets/offprint.css', '/assets/offprint.css'],
  ['/admin/audit', '/admin/audit'],
  ['/preferences', '/preferences'],
  [`/${'x'.repeat(500)}`, '/…'],
])('when %.60s is logged, then as %s', (path, logged) => {
  expect(routeOf(path).path).toBe(logged);
});

const TOKEN = 'unsubscribe.2hn-elshx5bMLRM2.2.BKkNNN8q2F_cmTkLvRoCi';

/** Every way to write a token's path that some program has. */
const spelt = fc.record({
  head: fc.constantFrom(
    '',
    '/',
    '//',
    '/.',
    '/x/',
    'http://host/',
    'https://u:p@host:3000/',
    '/admin/',
    '/feeds/',
    '/papers/',
    '/digests/',
  ),
  place: fc.constantFrom(
    'unsubscribe/',
    'Unsubscribe/',
    'UNSUBSCRIBE//',
    '%75nsubscribe/',
    'unsubscribe',
    'preferences/',
    'feed/',
    '',
    ';a=1/',
  ),
  token: fc.constantFrom(
    TOKEN,
    TOKEN.toUpperCase(),
    TOKEN.replaceAll('.', '%2e'),
    TOKEN.replaceAll('.', '%252E'),
    TOKEN.split('.').slice(1).join('.'),
  ),
  tail: fc.constantFrom('', '/', '.', '...', '.xml', ';jsessionid=1', '/data.json', '%20', '%00', '\\', '?a=b', '#c'),
});

test('when a token is asked for in whatever spelling, then no stretch of it is logged', () => {
  fc.assert(
    fc.property(spelt, ({ head, place, token, tail }) => {
      const logged = routeOf(`${head}${place}${token}${tail}`).path;
      expect(logged).not.toMatch(/2hn|elshx|BKkNNN|cmTkL/i);
      expect(logged.length).toBeLessThan(60);
    }),
    { numRuns: 2_000 },
  );
});

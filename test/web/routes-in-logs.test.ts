import { expect, test } from 'vitest';
import { routeOf } from '../../src/web/problems.ts';

test.each([
  ['/unsubscribe/unsubscribe.2hn-elshx5bMLRM2.2.BKkNNN8q2F_cmTkLvRoCiA', '/unsubscribe/…'],
  ['/preferences/preferences.2hn-elshx5bMLRM2.2.1i2qrwEBiNtDRgvFeJJ_qg/data.json', '/preferences/…'],
  ['/feed/feed.2hn-elshx5bMLRM2.2.1i2qrwEBiNtDRgvFeJJ_qg.xml', '/feed/…'],
  ['/admin/sign-in/abcdefghijklmnopqrstuvwxyz', '/admin/…'],
  ['/digests/2025-12-31', '/digests/2025-12-31'],
  ['/papers/l3AyjgfXqTaHOJEQ', '/papers/l3AyjgfXqTaHOJEQ'],
  ['/', '/'],
  [`/${'x'.repeat(500)}`, `/${'x'.repeat(59)}`],
])('when %.60s is logged, then as %s', (path, logged) => {
  expect(routeOf(path)).toBe(logged);
});

import { expect, test } from 'vitest';
import { safeUrl } from '../../src/compose/text/safe-url.ts';

test.each([
  ['https://arxiv.org/abs/2512.00001', 'https://arxiv.org/abs/2512.00001'],
  [' http://example.org/a b?c={d}|"e"', 'http://example.org/a%20b?c=%7Bd%7D%7C%22e%22'],
  ['https://аррӏе.com/x', 'https://xn--80ak6aa92e.com/x'],
])('when a link is %j, then it may be followed as %j', (link, safe) => {
  expect(safeUrl(link)).toBe(safe);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://user:pass@example.org/',
  'https://example.org:8443/',
  'https://localhost/',
  'https://192.0.2.7/',
  'https://[::1]/',
  'nonsense',
  '',
  `https://example.org/${'x'.repeat(3000)}`,
  null,
])('when a link is %j, then there is none', (link) => {
  expect(safeUrl(link)).toBeNull();
});

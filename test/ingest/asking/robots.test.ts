import { expect, test } from 'vitest';
import { robotsAllow } from '../../../src/ingest/asking/robots.ts';

const allows = (text: string, path = '/papers/today') => robotsAllow(text, 'Offprint', path);
const ALL = 'User-agent: *\n';

test.each([
  ['', true],
  ['User-agent: *\nDisallow:', true],
  ['User-agent: *\nDisallow: /', false],
  ['Disallow: /', true], // a rule of nobody's
  ['user-AGENT :  *  # all\r\ndisAllow: / # everything', false],
  ['User-agent: other\nDisallow: /', true],
  ['User-agent: other\nUser-agent: *\nDisallow: /', false],
  ['User-agent: *\nDisallow: /\n\nUser-agent: offprint\nDisallow: /admin', true],
  ['User-agent: *\nAllow: /\n\nUser-agent: OFFPRINT\nDisallow: /papers', false],
  // Groups of one name are one.
  ['User-agent: offprint\nAllow: /\nUser-agent: offprint\nDisallow: /papers/today', false],
  ['User-agent: *\nCrawl-delay: 5\nSitemap: https://a.example/s.xml\nDisallow: /papers', false],
  [`${ALL}Disallow: /papers\nAllow: /papers/today`, true], // the longest decides
  [`${ALL}Disallow: /papers/today\nAllow: /papers/today`, true], // of two alike the one that allows
  [`${ALL}Disallow: /*today`, false],
  [`${ALL}Disallow: /*/today$`, false],
  [`${ALL}Disallow: /papers$`, true],
  [`${ALL}Disallow: *pers*day$`, false],
  [`${ALL}Disallow: /papers/today*today`, true],
  [`${ALL}Disallow: /Papers`, true],
])('%j lets us ask for a page: %s', (text, expected) => {
  expect(allows(text)).toBe(expected);
});

test('when a path holds letters beyond ASCII, then it is one however it is spelt; and robots.txt itself is for all', () => {
  expect(allows(`${ALL}Disallow: /täglich`, '/t%c3%a4glich')).toBe(false);
  expect(allows(`${ALL}Disallow: /a%3cb`, '/a%3Cb')).toBe(false);
  expect(allows(`${ALL}Disallow: /`, '/robots.txt')).toBe(true);
});

test('when a file is long and hostile, then it is read at once all the same', () => {
  const text = ALL + `Disallow: /${'*a'.repeat(500)}b\n`.repeat(450);
  const started = performance.now();
  expect(allows(text, `/${'a'.repeat(2_000)}`)).toBe(true);
  expect(performance.now() - started).toBeLessThan(1_000);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/config.ts';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';

const folder = join(PACKAGE_ROOT, 'seeds', 'digests');
const digests = readdirSync(folder).map((name) =>
  parseCapture(readFileSync(join(folder, name)), { name, fetchedAt: new Date('2026-11-22T09:00:00Z') }),
);
const entries = digests.flatMap((digest) => digest.entries);

it('when the sample days are read, then their oddities are those of real lists and nothing is wrong', () => {
  expect(digests.flatMap((digest) => digest.warnings).map(({ field }) => field)).toEqual([
    'byline',
    'byline',
    'byline',
  ]);
  expect(entries.some((entry) => entry.authorCount === 1)).toBe(true);
  expect(entries.some((entry) => entry.authors.length > 0 && entry.upvotes !== null)).toBe(true);
  expect(
    entries.filter((entry) => entry.organization && entry.organization.slug !== entry.organization.name).length,
  ).toBeGreaterThan(7);
  expect(entries.filter((entry) => /\\%|\\\(|\dtimes/.test(entry.abstract)).length).toBeGreaterThan(20);
  expect(new Set(entries.map((entry) => entry.title)).size).toBe(entries.length - 2);
});

it('when the sample days are read, then abstracts are as long as real ones', () => {
  for (const { title, abstract } of entries) {
    expect(abstract.length, title).toBeGreaterThanOrEqual(700);
    expect(abstract.length, title).toBeLessThanOrEqual(1900);
  }
});

it('when the sample days are read, then every address in them is an example', () => {
  const hosts = entries.flatMap(({ abstract, url, codeUrl, discussionUrl }) =>
    [...[abstract, url, codeUrl, discussionUrl].join(' ').matchAll(/https?:\/\/([^/\s]+)/g)].map((found) => found[1]),
  );
  expect(hosts.length).toBeGreaterThan(8);
  expect(hosts.filter((host) => !/(^|\.)example\.org\.?$/.test(host!))).toEqual([]);
});

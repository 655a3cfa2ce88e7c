import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/package.ts';

/** Where a threat is shown to be met: a file, and words of the name of a test in it. */
const SHOWN = /`(test\/[\w./-]+)` «([^»]+)»/;

const page = readFileSync(join(PACKAGE_ROOT, 'docs', 'threat-model.md'), 'utf8');
const tables = page.split('\n## ').filter((section) => section.includes('| threat |'));
const lines = tables.flatMap((table) => [...table.matchAll(/^\|(.*)\|(.*)\|(.*)\|$/gm)].slice(2));

test('when the threat model is read, then each line names its test', () => {
  expect(tables.length).toBe(5);
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.filter(([, , , shown = '']) => !SHOWN.test(shown)).map(([line]) => line)).toEqual([]);
});

test.each(lines.map(([, threat = '', , shown = '']) => [threat.trim(), SHOWN.exec(shown)] as const))(
  'when somebody looks for what stands against «%s», then the test that is named is there',
  (_, found) => {
    const [, path = '', name = ''] = found ?? [];
    expect(existsSync(join(PACKAGE_ROOT, path)), path).toBe(true);
    expect(readFileSync(join(PACKAGE_ROOT, path), 'utf8')).toContain(name);
  },
);

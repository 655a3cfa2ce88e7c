import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { pages } from './command-blocks.ts';

const read = (page: string) => readFileSync(join(PACKAGE_ROOT, page), 'utf8');
const OURS = /(?<![\w./-])(?:src|test|bench)\/[\w./-]+\.(?:ts|mjs|md)\b/g;

/** The files that a text names, but for those that somebody is to make. */
function filesIn(text: string): string[] {
  return [...text.matchAll(OURS)].map((found) => found[0]).filter((path) => !/NAME|YYYY/.test(path));
}

test('when a page names a file of ours, then it is there', () => {
  const named = [...pages(), 'SECURITY.md', 'src/db/README.md'].flatMap((page) =>
    filesIn(read(page)).map((path) => ({ page, path })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ path }) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([]);
});

test('when a text names files, then those are found, and what stands for any is none', () => {
  const text = 'A row in `test/db/lists.db.test.ts` (`src/jobs.ts`), `src/web/routes/NAME.ts`, ../src/db/README.md.';
  expect(filesIn(text)).toEqual(['test/db/lists.db.test.ts', 'src/jobs.ts']);
});

test('when there is a folder of the program, then the map of its rooms has it', () => {
  const map = read('docs/architecture.md');
  const folders = readdirSync(join(PACKAGE_ROOT, 'src'), { withFileTypes: true }).filter((one) => one.isDirectory());
  expect(folders.length).toBeGreaterThan(20);
  expect(folders.map(({ name }) => name).filter((name) => !map.includes(`\`src/${name}/\``))).toEqual([]);
});

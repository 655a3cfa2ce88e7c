import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { migrationNames } from '../../src/db/migrate.ts';
import { mayRun } from '../../src/model/release.ts';
import { packageVersion } from '../../src/package.ts';

const FOLDER = join(PACKAGE_ROOT, 'prisma', 'migrations');
/** Those before are older than every release. */
const FIRST = '20261130100000';

test('when a migration is added, then its first line says which releases may run on it, and this one may', async () => {
  const newer = (await migrationNames(FOLDER)).filter((name) => name >= FIRST);
  expect(newer.length).toBeGreaterThan(0);
  for (const name of newer) {
    const [first = ''] = readFileSync(join(FOLDER, name, 'migration.sql'), 'utf8').split('\n');
    const runsWith = /^-- runs with: (.+)$/.exec(first)?.[1] ?? null;
    expect([name, first, mayRun(packageVersion(), runsWith)]).toEqual([name, first, true]);
  }
});

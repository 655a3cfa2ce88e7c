import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { chooseIdentity, findBinaries, findOlder } from './binaries.ts';
import { initialise, urlOf } from './cluster.ts';
import { launch, runningPort, stopServer } from './launch.ts';
import { withLockFile, type HeldLock } from './lock-file.ts';
import { compareMajors, refuseMajor, type MajorMove } from './majors.ts';
import { isPostgres, readPostmaster } from './postmaster.ts';
import { completeSwap } from './swap.ts';

/** A running embedded server, shared by every process that uses the same data folder. */
export interface EmbeddedServer {
  url: string;
  /** Lets go of it; the last process out stops the server. */
  release: () => Promise<void>;
  /** Calls back once where the server goes away while it is held. */
  onLost: (callback: () => void) => void;
}

/** Session that stands for one process while it lives; counting them tells who is last. */
const HOLDER = 'offprint-holder';
/** Of a server whose data nobody will miss: nothing is waited for that a loss of power could undo. */
const SCRATCH = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
  ...{ max_wal_size: '2GB', autovacuum: 'off' },
};

/** What a server is for. */
export interface ServerKind {
  /** Its data are thrown away when it ends. */
  scratch?: boolean;
  /** Moves a folder of an older major version to ours; without it, such a folder is refused. */
  raise?: (move: MajorMove) => Promise<void>;
  /** Finds the programs of an older major version; null where there are none. */
  older?: (major: string) => string | null;
  /** Hears once of a process that is waited for, since it is at work on the folder. */
  waiting?: (pid: string) => void;
}

/**
 * Starts the embedded PostgreSQL on a data folder, or joins the one that runs (beside another process, or left by one
 * that was killed). Loopback only, free port, scram password in the 0700 folder. Throws AppError unavailable with the
 * server's own words.
 */
export async function startEmbedded(dataDir: string, kind: ServerKind = {}): Promise<EmbeddedServer> {
  mkdirSync(dirname(dataDir), { recursive: true });
  const file = `${dataDir}.lock`;
  const start = async (lock: HeldLock) => {
    completeSwap(dataDir);
    await bringToOurMajor(dataDir, kind, lock);
    const port = (await runningPort(dataDir)) ?? (await launchOrMake(dataDir, kind));
    const url = urlOf(dataDir, port);
    const holder = new pg.Client({ connectionString: url, application_name: HOLDER });
    holder.on('error', () => {}); // followed by `end`
    await holder.connect();
    let released = false;
    return {
      url,
      onLost: (callback: () => void) => void holder.once('end', () => (released ? undefined : callback())),
      release: async () => {
        released = true;
        await holder.end().catch(() => {});
        await withLockFile(file, () => stopIfUnused(dataDir));
      },
    };
  };
  return withLockFile(file, start, kind.waiting);
}

async function launchOrMake(dataDir: string, { scratch = false }: ServerKind): Promise<number> {
  const bin = findBinaries();
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(dataDir, bin, chooseIdentity(dataDir, bin));
  return launch(dataDir, bin, scratch ? SCRATCH : {});
}

/**
 * A server reads no folder of another major version. One that runs already, and is in use or cannot be followed by
 * ours, is joined as it is: by processes of the release before.
 */
async function bringToOurMajor(
  dataDir: string,
  { raise, older = findOlder }: ServerKind,
  lock: HeldLock,
): Promise<void> {
  const majors = compareMajors(dataDir);
  if (!majors) return;
  const port = await runningPort(dataDir);
  const before = majors.isOlder ? older(majors.there) : null;
  if (port !== null && (!raise || before === null || (await isHeld(dataDir, port)))) return;
  if (!raise || before === null) refuseMajor(dataDir, majors, before !== null);
  await raise({
    dataDir,
    from: { major: majors.there, bin: before },
    to: { major: majors.ours, bin: majors.bin },
    lock,
  });
}

async function stopIfUnused(dataDir: string): Promise<void> {
  const found = readPostmaster(dataDir);
  if (!found || !isPostgres(found.pid) || (await isHeld(dataDir, found.port))) return;
  await stopServer(dataDir);
}

/** Tells whether a process stands by the server; where it does not say, one may. */
async function isHeld(dataDir: string, port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(dataDir, port) });
  client.on('error', () => {});
  try {
    await client.connect();
    const held = await client.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1 LIMIT 1', [HOLDER]);
    await client.end();
    return held.rowCount !== 0;
  } catch {
    return true;
  }
}

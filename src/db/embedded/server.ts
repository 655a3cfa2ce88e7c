import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '../../lib/errors.ts';
import { chooseIdentity, findBinaries, majorOf } from './binaries.ts';
import { credentials, initialise, urlOf } from './cluster.ts';
import { withLockFile } from './lock-file.ts';
import { freePort, isPostgres, portAnswers, readPostmaster } from './postmaster.ts';

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
const START_TIMEOUT_MS = 60_000;
/** Of a server whose data nobody will miss: nothing is waited for that a loss of power could undo. */
const SCRATCH = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
  ...{ max_wal_size: '2GB', autovacuum: 'off' },
};

/** What a server is for. */
export interface ServerKind {
  /** Its data are thrown away when it ends. */
  scratch?: boolean;
}

/**
 * Starts the embedded PostgreSQL on a data folder, or joins the one that runs (beside another process, or left by one
 * that was killed). Loopback only, free port, scram password in the 0700 folder. Throws AppError unavailable with the
 * server's own words.
 */
export async function startEmbedded(dataDir: string, kind: ServerKind = {}): Promise<EmbeddedServer> {
  mkdirSync(dirname(dataDir), { recursive: true });
  const lock = `${dataDir}.lock`;
  return withLockFile(lock, async () => {
    const port = (await runningPort(dataDir)) ?? (await launch(dataDir, kind));
    const url = urlOf(dataDir, port);
    const holder = new pg.Client({ connectionString: url, application_name: HOLDER });
    holder.on('error', () => {}); // followed by `end`
    await holder.connect();
    let released = false;
    return {
      url,
      onLost: (callback) => void holder.once('end', () => (released ? undefined : callback())),
      release: async () => {
        released = true;
        await holder.end().catch(() => {});
        await withLockFile(lock, () => stopIfUnused(dataDir));
      },
    };
  });
}

async function runningPort(dataDir: string): Promise<number | null> {
  const found = readPostmaster(dataDir);
  if (!found) return null;
  for (let waited = 0; isPostgres(found.pid) && waited < START_TIMEOUT_MS; waited += 20) {
    const current = readPostmaster(dataDir);
    if (current?.ready && (await portAnswers(current.port))) return current.port;
    await sleep(20);
  }
  if (isPostgres(found.pid) && (await portAnswers(found.port))) {
    throw new AppError('unavailable', `PostgreSQL (pid ${found.pid}) holds ${dataDir} but does not become ready.`);
  }
  if (!isPostgres(found.pid)) rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  return null;
}

async function launch(dataDir: string, { scratch = false }: ServerKind): Promise<number> {
  const bin = findBinaries();
  refuseOtherMajor(dataDir, bin);
  const identity = chooseIdentity(dataDir, bin);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(dataDir, bin, identity);
  const port = await freePort();
  const log = openSync(join(dataDir, 'server.log'), 'a');
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_error_verbosity: 'terse', // its details name the rows, with their addresses
    ...(scratch ? SCRATCH : {}),
  };
  const args = [
    '-D',
    dataDir,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  const [program, ...rest] = [...identity.wrap, join(bin, 'postgres'), ...args];
  const child = spawn(program ?? '', rest, {
    ...credentials(identity),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  await untilReady(dataDir, port, child);
  return port;
}

/** A server reads no folder of another major version. */
function refuseOtherMajor(dataDir: string, bin: string): void {
  const file = join(dataDir, 'PG_VERSION');
  if (!existsSync(file)) return;
  const [there, ours] = [readFileSync(file, 'utf8').trim(), majorOf(bin)];
  if (there === ours) return;
  throw new AppError(
    'unavailable',
    `${dataDir} was made by PostgreSQL ${there}, and this release brings ${ours}. With the release before: offprint backup FILE. ` +
      `Then here: mv ${dataDir} ${dataDir}.${there} && offprint restore FILE`,
  );
}

async function untilReady(dataDir: string, port: number, child: ChildProcess): Promise<void> {
  const gone = new AbortController();
  child.once('exit', () => gone.abort());
  child.once('error', () => gone.abort());
  for (let waited = 0; waited < START_TIMEOUT_MS && !gone.signal.aborted; waited += 20) {
    const found = readPostmaster(dataDir);
    if (found?.ready && found.port === port) return;
    await sleep(20);
  }
  const words = readFileSync(join(dataDir, 'server.log'), 'utf8').slice(-2000);
  throw new AppError('unavailable', `The embedded PostgreSQL on ${dataDir} did not start:\n${words}`);
}

async function stopIfUnused(dataDir: string): Promise<void> {
  const found = readPostmaster(dataDir);
  if (!found || !isPostgres(found.pid)) return;
  const client = new pg.Client({ connectionString: urlOf(dataDir, found.port) });
  client.on('error', () => {});
  try {
    await client.connect();
    const held = await client.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1 LIMIT 1', [HOLDER]);
    await client.end();
    if (held.rowCount) return;
  } catch {
    return; // it is on its way down already
  }
  await stopServer(dataDir);
}

/** Ends a server that nobody needs any more, whoever left it. */
export async function stopServer(dataDir: string): Promise<void> {
  const found = readPostmaster(dataDir);
  if (!found || !isPostgres(found.pid)) return;
  process.kill(found.pid, 'SIGINT'); // fast shutdown
  for (let waited = 0; waited < 8_000 && existsSync(join(dataDir, 'postmaster.pid')); waited += 20) await sleep(20);
}

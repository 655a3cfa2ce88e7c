import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../lib/errors.ts';
import { chooseIdentity } from './binaries.ts';
import { credentials } from './cluster.ts';
import { freePort, isPostgres, portAnswers, readPostmaster } from './postmaster.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse', // its details name the rows, with their addresses
};

/** Returns the port of the server that runs on a data folder, once it is ready; null where none does. */
export async function runningPort(dataDir: string): Promise<number | null> {
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

/** Starts a server by the programs in `bin` on a data folder that is there. Returns its port. */
export async function launch(dataDir: string, bin: string, settings: Record<string, string> = {}): Promise<number> {
  const identity = chooseIdentity(dataDir, bin);
  const port = await freePort();
  const log = openSync(join(dataDir, 'server.log'), 'a');
  const all = Object.entries({ ...SETTINGS, ...settings }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const [program, ...rest] = [...identity.wrap, join(bin, 'postgres'), '-D', dataDir, '-p', String(port), ...all];
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

/** Ends a server that nobody needs any more, whoever left it; tells whether it is gone. */
export async function stopServer(dataDir: string, patienceMs = STOP_TIMEOUT_MS): Promise<boolean> {
  const found = readPostmaster(dataDir);
  if (!found || !isPostgres(found.pid)) return true;
  process.kill(found.pid, 'SIGINT'); // fast shutdown
  const runs = () => existsSync(join(dataDir, 'postmaster.pid')) && isPostgres(found.pid);
  for (let waited = 0; waited < patienceMs && runs(); waited += 20) await sleep(20);
  return !runs();
}

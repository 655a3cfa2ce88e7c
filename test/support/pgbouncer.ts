import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { asOrdinaryUser } from './ordinary-user.ts';
import { until } from './until.ts';

/** A PgBouncer of a test's own. */
export interface Bouncer {
  /** The database's URL through it. */
  url: string;
  stop(): Promise<void>;
}

/** Tells whether PgBouncer is installed (Debian: pgbouncer). */
export function hasBouncer(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0;
}

/** Starts it before the server of a URL, with what Debian's comes with and the settings given. */
export async function startBouncer(
  databaseUrl: string,
  settings: Record<string, string | number> = { pool_mode: 'transaction' },
): Promise<Bouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-bouncer-'));
  const { hostname, port, username, password } = new URL(databaseUrl);
  const own = await freePort();
  const lines = {
    ...{
      listen_addr: '127.0.0.1',
      listen_port: own,
      unix_socket_dir: '',
      auth_type: 'any',
      logfile: join(folder, 'log'),
    },
    ...settings,
  };
  const target = `host=${hostname} port=${port || 5432} user=${username}${password && ` password=${password}`}`;
  const text = ['[databases]', `* = ${target}`, '[pgbouncer]', ...Object.entries(lines).map(([k, v]) => `${k} = ${v}`)];
  writeFileSync(join(folder, 'pgbouncer.ini'), `${text.join('\n')}\n`);
  chmodSync(folder, 0o777);
  const child = spawn('pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...asOrdinaryUser() });
  await until('PgBouncer listens', () => answers(own));
  const url = new URL(databaseUrl);
  Object.assign(url, { hostname: '127.0.0.1', port: String(own) });
  return {
    url: url.href,
    stop: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { migrate } from '../../src/db/migrate.ts';
import { asOrdinaryUser } from '../../test/support/ordinary-user.ts';
import { WALL_SQL } from '../../test/support/wall.ts';
import type { OwnPostgres } from './own-postgres.ts';
import { startProxy } from './proxy.ts';

const BIN = '/usr/lib/postgresql/15/bin';

/** Tells whether the programs are there that make a standby (Debian: postgresql-15). */
export function hasStandby(): boolean {
  return existsSync(join(BIN, 'pg_basebackup'));
}

/** A server with a standby that has every commit before it is answered. */
export interface PostgresPair extends OwnPostgres {
  /** The standby, to read from until it is promoted. */
  readUrl: string;
  /** The first server itself. */
  primaryUrl: string;
}

/**
 * Starts both on folders of their own, migrated. `restart` kills the first in the middle of its work and promotes the
 * standby; the URL stays the same.
 */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-pair-'));
  chmodSync(folder, 0o777);
  const run = (program: string, ...args: string[]) =>
    void execFileSync(join(BIN, program), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: folder,
      ...asOrdinaryUser(),
    });
  const start = (name: string, port: number, more: string) => {
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 ${more}`;
    run('pg_ctl', 'start', '-w', '-D', join(folder, name), '-l', join(folder, `${name}.log`), '-o', options);
  };
  const stop = (name: string) => run('pg_ctl', 'stop', '-m', 'immediate', '-D', join(folder, name));
  const [first, second] = [await freePort(), await freePort()];
  const urlAt = (port: number) => `postgresql://postgres@127.0.0.1:${port}/postgres`;

  run('initdb', '-D', join(folder, 'first'), '-U', 'postgres', '-A', 'trust', '--locale=C.UTF-8');
  start('first', first, '-c synchronous_standby_names=*');
  run('pg_basebackup', '-d', urlAt(first), '-D', join(folder, 'second'), '-R', '-X', 'stream', '-c', 'fast');
  start('second', second, '');
  await prepare(urlAt(first));
  const proxy = await startProxy(first);
  return {
    url: urlAt(proxy.port),
    readUrl: urlAt(second),
    primaryUrl: urlAt(first),
    restart: async () => {
      stop('first');
      run('pg_ctl', 'promote', '-w', '-D', join(folder, 'second'));
      proxy.lead(second);
      await proxy.cut(0);
    },
    stop: async () => {
      await proxy.close();
      for (const name of ['first', 'second']) if (existsSync(join(folder, name, 'postmaster.pid'))) stop(name);
      rmSync(folder, { recursive: true });
    },
  };
}

async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.query(WALL_SQL);
  await client.end();
}

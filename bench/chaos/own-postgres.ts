import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { isPostgres, readPostmaster } from '../../src/db/embedded/postmaster.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { migrate } from '../../src/db/migrate.ts';
import { startProxy } from './proxy.ts';
import { WALL_SQL } from '../../test/support/wall.ts';

/** A PostgreSQL of our own, that may be restarted without harm to anybody. */
export interface OwnPostgres {
  /** Stays the same over restarts. */
  url: string;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on a new folder, migrated. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = join(mkdtempSync(join(tmpdir(), 'offprint-chaos-')), 'postgres');
  let server = await startEmbedded(folder);
  const proxy = await startProxy(Number(new URL(server.url).port));
  const url = new URL(server.url);
  url.port = String(proxy.port);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.query(WALL_SQL);
  await client.end();
  return {
    url: url.href,
    restart: async () => {
      const pid = readPostmaster(folder)?.pid ?? 0;
      process.kill(pid, 'SIGINT'); // a fast shutdown: every session is broken
      while (isPostgres(pid)) await sleep(20);
      server = await startEmbedded(folder);
      proxy.lead(Number(new URL(server.url).port));
    },
    stop: async () => {
      await proxy.close();
      await server.release();
    },
  };
}

import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openPool, openPrisma, type Db } from '../db/client.ts';
import { stopServer } from '../db/embedded/launch.ts';
import { isAlive } from '../db/embedded/lock-file.ts';
import { startEmbedded } from '../db/embedded/server.ts';

const SESSIONS = 4;
const NAME = /^scratch-(\d+)$/;

/** Starts a server of its own for `work`, beside the data it is to be compared with, and leaves nothing of it. */
export async function withScratch<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  mkdirSync(config.DATA_DIR, { recursive: true });
  await clearLeftovers(config.DATA_DIR);
  const folder = join(config.DATA_DIR, `scratch-${process.pid}`);
  mkdirSync(folder, { mode: 0o755 });
  try {
    const server = await startEmbedded(join(folder, 'postgres'), { scratch: true });
    try {
      return await work(server.url);
    } finally {
      await server.release();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Opens a database at a URL for `work`. */
export async function withDb<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const pool = openPool(url, SESSIONS, () => {}); // what breaks is told by the question that was asked
  const db = openPrisma(pool);
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
    await pool.end();
  }
}

/** What a process that was killed left behind, with its server. */
async function clearLeftovers(dataDir: string): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    await stopServer(join(dataDir, name, 'postgres'));
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openPool, openPrisma, type Db } from '../db/client.ts';
import { hasBinaries } from '../db/embedded/binaries.ts';
import { stopServer } from '../db/embedded/launch.ts';
import { isAlive } from '../db/embedded/lock-file.ts';
import { startEmbedded, type EmbeddedServer } from '../db/embedded/server.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { freeBytes } from '../lib/free-space.ts';
import type { Manifest } from './manifest.ts';

const SESSIONS = 4;
const NAME = /^scratch-(\d+)$/;
/** What a database takes on the disk, with its indexes and its log, of what COPY writes of it. */
const ROOM = 3;
/** What an empty server takes, and what is to stay free beside it. */
const RESERVE_BYTES = 300_000_000;

/** A scratch server that could not be started: nothing is said by that of what was to be restored into it. */
export class NoScratch extends AppError {
  constructor(why: string, cause?: unknown) {
    super('unavailable', `It cannot be tried here: ${why}`, { cause });
  }
}

/** Says in words why a backup cannot be restored into a scratch server here; null where nothing is known against it. */
export async function whyNoScratch({ DATA_DIR }: Config, { tables }: Pick<Manifest, 'tables'>): Promise<string | null> {
  if (!hasBinaries()) return 'the embedded PostgreSQL, into which it is restored, is not installed';
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  const [wanted, there] = [ROOM * bytes + RESERVE_BYTES, await freeBytes(DATA_DIR)];
  if (there >= wanted) return null;
  const [much, little] = [wanted, there].map((n) => `${Math.floor(n / 1_000_000)} MB`);
  return `it wants ${much} free in ${DATA_DIR}, and there are ${little}`;
}

/**
 * Starts a server of its own for `work` on a backup, beside the data it is to be compared with, and leaves nothing of
 * it. Throws NoScratch where none can be started; where `signal` ends it, the server goes from under the work.
 */
export async function withScratch<T>(
  config: Config,
  manifest: Manifest,
  work: (url: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const folder = join(config.DATA_DIR, `scratch-${process.pid}`);
  try {
    const server = await started(config, manifest, folder);
    try {
      return await unlessEnded(() => work(server.url), signal);
    } finally {
      await server.release();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Leaves work that is not over when `signal` ends it; what it does then fails, and nobody hears of it. */
async function unlessEnded<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  let end = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new AppError('unavailable', 'The process ends.'));
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([work(), ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

async function started(config: Config, manifest: Manifest, folder: string): Promise<EmbeddedServer> {
  try {
    await clearLeftovers(config.DATA_DIR); // they may hold the room that is asked for
    const why = await whyNoScratch(config, manifest);
    if (why !== null) throw new NoScratch(why);
    mkdirSync(folder, { mode: 0o755 });
    return await startEmbedded(join(folder, 'postgres'), { scratch: true });
  } catch (error) {
    throw error instanceof NoScratch ? error : new NoScratch(messageOf(error), error);
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

/**
 * What a process that was killed left behind, with its server. In a container each one has the same number: one with
 * ours is not ours, which tries one backup at a time.
 */
async function clearLeftovers(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  for (const name of readdirSync(dataDir)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (!pid || (pid !== process.pid && isAlive(pid))) continue;
    await stopServer(join(dataDir, name, 'postgres'));
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

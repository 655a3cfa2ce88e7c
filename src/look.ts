import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { openPool, openPrisma, type Db } from './db/client.ts';
import { AppError } from './lib/errors.ts';

/** A database that is only looked at. */
export interface Look {
  db: Db;
  /** Where lists are read, if DATABASE_READ_URL names one. */
  replica: Db | null;
  close(): Promise<void>;
}

/** Tells the time, for what only looks. */
export function clock(): Date {
  return new Date();
}

/** Sessions that looking takes at most. */
const SESSIONS = 4;

/**
 * Opens the database to look at it as it is: nothing is made, nothing is brought up to date, so that a command may tell
 * what is wrong with it. Throws AppError unavailable where none was made yet; whether one answers is told by the first
 * question.
 */
export async function openLook(config: Config): Promise<Look> {
  const closers: (() => Promise<void>)[] = [];
  const url = config.DATABASE_URL ?? (await joinEmbedded(config, closers));
  const open = (at: string): Db => {
    const pool = openPool(at, SESSIONS, () => {}); // what breaks is told by the question that was asked
    const db = openPrisma(pool);
    closers.push(
      () => pool.end(),
      () => db.$disconnect(),
    );
    return db;
  };
  return {
    db: open(url),
    replica: config.DATABASE_READ_URL === undefined ? null : open(config.DATABASE_READ_URL),
    close: async () => {
      for (const closer of closers.splice(0).reverse()) await closer().catch(() => {});
    },
  };
}

async function joinEmbedded(config: Config, closers: (() => Promise<void>)[]): Promise<string> {
  const folder = join(config.DATA_DIR, 'postgres');
  if (!existsSync(join(folder, 'PG_VERSION')))
    throw new AppError('unavailable', `There is no database in ${folder} yet: npx offprint migrate makes it.`);
  const { startEmbedded } = await import('./db/embedded/server.ts');
  const server = await startEmbedded(folder);
  closers.push(() => server.release());
  return server.url;
}

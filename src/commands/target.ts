import { join } from 'node:path';
import type { Config } from '../config.ts';

/** Starts the database of the settings as it is, or joins it, and hands its URL to `work`: nothing is made in it. */
export async function withTarget<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.DATABASE_URL !== undefined) return work(config.DATABASE_URL);
  const { startEmbedded } = await import('../db/embedded/server.ts');
  const server = await startEmbedded(join(config.DATA_DIR, 'postgres'));
  try {
    return await work(server.url);
  } finally {
    await server.release();
  }
}

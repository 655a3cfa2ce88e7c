import type { Tx } from './client.ts';

/** Tells whether the database answers. */
export async function reachable(db: Tx): Promise<boolean> {
  try {
    await db.$queryRaw`SELECT 1`;
    return true;
  } catch {
    return false;
  }
}

import type { Tx } from './client.ts';
import { command, sql } from './statement.ts';

const anything = command('ask anything', () => sql`SELECT 1`);

/** Tells whether the database answers. */
export async function reachable(db: Tx): Promise<boolean> {
  try {
    await anything(db, {});
    return true;
  } catch {
    return false;
  }
}

import { howKeysOpen, type Wrapping } from '../db/keys.ts';
import { withDb } from './scratch.ts';

/** Says in words why the keys of the database at a URL do not open; null where they do. */
export async function keysOpen(url: string, wrapping: Wrapping): Promise<string | null> {
  const found = await withDb(url, (db) => howKeysOpen(db, wrapping));
  return found.how === 'closed' ? found.why : null;
}

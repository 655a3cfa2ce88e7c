import type { Client } from 'pg';
import { load, type LoadSteps } from '../db/backup/load.ts';
import type { Measured } from '../db/backup/measure-rows.ts';
import { measureTables } from '../db/backup/measure-tables.ts';
import { guessRows, withSnapshot } from '../db/backup/snapshot.ts';
import { packageVersion } from '../package.ts';
import { checkTable } from './manifest.ts';
import { MIGRATIONS } from './restore-backup.ts';

/** How a copy is asked for. */
export interface CopyWish {
  /** What is copied, in words: named where it is cut short. */
  what: string;
  /** Where to, in words: named where what is read back differs. */
  where: string;
  progress?: ((rows: number, of: number) => void) | undefined;
  step?: ((words: string) => void) | undefined;
  /** What is written in the transaction that makes the other one whole. */
  finish?: LoadSteps['finish'];
}

/** A database that was copied. */
export interface Copied {
  tables: number;
  rows: number;
  /** Whether SECRET wraps its keys. */
  keysWrapped: boolean;
}

/**
 * Copies a whole database into another, table by table without a file, in one snapshot; reads everything back there and
 * compares. Throws AppError conflict where the other is in use, bad-input where a table differs.
 */
export async function copyData(from: Client, to: Client, wish: CopyWish): Promise<Copied> {
  const total = await guessRows(from);
  return withSnapshot(from, async (snapshot) => {
    const written = new Map<string, Measured>();
    const source = {
      ...snapshot,
      check: ({ name }: { name: string }, found: Measured) => void written.set(name, found),
    };
    await load(to, source, {
      what: wish.what,
      migrations: MIGRATIONS,
      release: packageVersion(),
      progress: (rows) => wish.progress?.(rows, Math.max(rows, total)),
      ...(wish.step && { step: wish.step }),
      loaded: async (client, tables) => {
        wish.step?.('Comparing every table …');
        for (const { name, ...found } of await measureTables(client, tables)) {
          const wanted = written.get(name);
          if (wanted) checkTable(wish.where, { name, ...wanted }, found);
        }
      },
      ...(wish.finish && { finish: wish.finish }),
    });
    const rows = [...written.values()].reduce((sum, table) => sum + table.rows, 0);
    return { tables: written.size, rows, keysWrapped: snapshot.head.keysWrapped };
  });
}

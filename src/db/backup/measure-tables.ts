import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { measureRows, type Measured } from './measure-rows.ts';
import { readTable } from './snapshot.ts';
import type { BackedTable } from './tables.ts';

/** Reads tables in the caller's transaction, and tells of each its rows and their hash as a backup would. */
export async function measureTables(
  client: pg.ClientBase,
  tables: readonly BackedTable[],
): Promise<(Measured & { name: string })[]> {
  const sums: (Measured & { name: string })[] = [];
  for (const table of tables) {
    const { stream, measured } = measureRows();
    const away = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(readTable(client, table), stream, away);
    sums.push({ name: table.name, ...measured() });
  }
  return sums;
}

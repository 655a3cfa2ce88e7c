import type pg from 'pg';
import { measureAll, type Measured } from './measure-rows.ts';
import { readTable } from './snapshot.ts';
import type { BackedTable } from './tables.ts';

/** Reads tables in the caller's transaction, and tells of each its rows and their hash as a backup would. */
export async function measureTables(
  client: pg.ClientBase,
  tables: readonly BackedTable[],
): Promise<(Measured & { name: string })[]> {
  const sums: (Measured & { name: string })[] = [];
  for (const table of tables) sums.push({ name: table.name, ...(await measureAll(readTable(client, table))) });
  return sums;
}

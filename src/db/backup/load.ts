import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../lib/errors.ts';
import { migrate } from '../migrate.ts';
import { markWhole } from './mark.ts';
import { measureRows, type Measured } from './measure-rows.ts';
import { putBack, setAside } from './set-aside.ts';
import type { Head } from './snapshot.ts';
import { listTables, quoted, setSequences, writeAlike, type BackedTable } from './tables.ts';
import { clearForRestore, refuseUsed } from './target.ts';

/** Rows that can be loaded, from a file or from another database. */
export interface Loadable {
  head: Pick<Head, 'migrations' | 'sequences'> & { tables: readonly (BackedTable & { rows?: number })[] };
  read(table: BackedTable): Promise<Readable> | Readable;
  /** Throws where what was read of a table is not what was written of it. */
  check(table: BackedTable, found: Measured): void;
  /** Reads all of it and throws where it is damaged, before anything is touched. */
  sound?(): Promise<void>;
}

/** Tables with fewer rows keep their indexes meanwhile: to make one anew takes longer. */
const LARGE = 5_000;

/** What else a load does. */
export interface LoadSteps {
  /** What is loaded, in words: named where the load is cut short. */
  what: string;
  /** The folder of the migrations, and the release that applies them. */
  migrations: string;
  release: string;
  /** Hears how many rows are in. */
  progress?: (rows: number) => void;
  /** Hears what takes a while after the rows. */
  step?: (words: string) => void;
  /** Looks at the rows as they came, before later migrations change them. */
  loaded?: (client: pg.ClientBase, tables: readonly BackedTable[]) => Promise<void>;
  /** Hears that later migrations are applied. */
  upToDate?: () => void;
  /** What is written in the transaction that makes the database whole. */
  finish?: (client: pg.ClientBase) => Promise<void>;
}

/**
 * Loads a whole database into one that is empty or freshly migrated: the migrations that it had, its rows, then the
 * later ones. Cut short at any moment it leaves a mark, by which every start refuses the database and the next load
 * begins anew. Throws AppError conflict for a database in use; the session is to be cut then.
 */
export async function load(client: pg.ClientBase, from: Loadable, steps: LoadSteps): Promise<void> {
  const { release } = steps;
  await client.query('SET synchronous_commit = off'); // until the last commit, which brings all before it to the disk
  await refuseUsed(client);
  steps.step?.('Checking what is to be loaded …');
  await from.sound?.();
  await clearForRestore(client, steps.what);
  await migrate(client, steps.migrations, { only: new Set(from.head.migrations), restoring: true, release });
  await within(client, () => loadRows(client, from, steps));
  steps.step?.('Bringing it up to date …');
  await migrate(client, steps.migrations, { restoring: true, release });
  steps.upToDate?.();
  await within(client, async () => {
    await client.query('SET LOCAL synchronous_commit = on');
    await steps.finish?.(client);
    await markWhole(client);
  });
  await client.query('ANALYZE');
}

/** What fails is undone with its session, which may be in the middle of a COPY. */
async function within(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
}

async function loadRows(client: pg.ClientBase, from: Loadable, steps: LoadSteps): Promise<void> {
  const { tables, sequences } = from.head;
  await writeAlike(client);
  await client.query("SET LOCAL maintenance_work_mem = '128MB'");
  const large = new Set(tables.filter(({ rows = Infinity }) => rows > LARGE).map(({ name }) => name));
  const aside = await setAside(client, (table) => large.has(table));
  for (const table of aside.tables) await client.query(`DELETE FROM ${table}`); // what migrations wrote
  refuseOtherColumns(tables, await listTables(client));
  let before = 0;
  for (const table of tables) {
    const found = await loadTable(client, from, table, (rows) => steps.progress?.(before + rows));
    from.check(table, found);
    before += found.rows;
    steps.progress?.(before);
  }
  steps.step?.('Making the indexes …');
  await putBack(client, aside, () => {});
  await setSequences(client, sequences);
  await steps.loaded?.(client, tables);
}

async function loadTable(
  client: pg.ClientBase,
  from: Loadable,
  table: BackedTable,
  progress: (rows: number) => void,
): Promise<Measured> {
  const { stream, measured } = measureRows(progress);
  const into: Writable & { rowCount: number } = client.query(
    copyFrom(`COPY ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) FROM STDIN`),
  );
  await pipeline(await from.read(table), stream, into);
  const found = measured();
  if (into.rowCount !== found.rows)
    throw new AppError('unavailable', `${table.name}: ${into.rowCount} of ${found.rows} rows were taken.`);
  return found;
}

function refuseOtherColumns(wanted: readonly BackedTable[], there: readonly BackedTable[]): void {
  const columns = new Map(there.map((table) => [table.name, new Set(table.columns)]));
  for (const { name, columns: own } of wanted) {
    const missing = own.filter((column) => !columns.get(name)?.has(column));
    if (missing.length > 0)
      throw new AppError('conflict', `The backup holds ${name} (${missing.join(', ')}), which this release lacks.`);
  }
}

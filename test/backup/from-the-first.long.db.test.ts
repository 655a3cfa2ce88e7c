import { readdirSync } from 'node:fs';
import { inject, expect, test } from 'vitest';
import type pg from 'pg';
import { makeBackup } from '../../src/backup/make-backup.ts';
import { MIGRATIONS, restoreBackup } from '../../src/backup/restore-backup.ts';
import { withDb } from '../../src/backup/scratch.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { testContext } from '../support/context.ts';
import { databaseUrl, testDatabase } from '../support/database.ts';
import { onOlderRelease } from '../support/older-release.ts';
import { FIRST_ROWS } from '../world/first-database.ts';
import { freshShape, inWords, newFile, onEmptyDatabase, shapeOf, sumsOf } from './service.ts';

const database = testDatabase();
const ALL = readdirSync(MIGRATIONS)
  .filter((name) => /^\d/.test(name))
  .sort();

/** What migrations change on purpose: newsletters that wait got a last hour, interests are matched anew. */
const MEANT = ['deliveries.late_at', 'interests.matcher_version'];

type Rows = Map<string, Record<string, unknown>[]>;

/** Every row of every table, in the order of the table's columns of the first release. */
async function rowsOf(client: pg.Client): Promise<Rows> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const all: Rows = new Map();
  for (const { name } of rows) {
    const found = await client.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM "${name}" t ORDER BY to_jsonb(t)::text`,
    );
    all.set(
      name,
      found.rows.map(({ row }) => row),
    );
  }
  return all;
}

/** Says what of the rows of then is not as it was, in the columns that are still there: `table.column: then → now`. */
function differences(then: Rows, now: Rows): string[] {
  return [...then].flatMap(([name, before]) => {
    const after = now.get(name) ?? [];
    if (after.length !== before.length) return [`${name}: ${before.length} rows → ${after.length}`];
    const columns = Object.keys(before[0] ?? {}).filter((column) => column in (after[0] ?? {}));
    return columns.flatMap((column) => {
      const [was, is] = [before, after].map((rows) => rows.map((row) => JSON.stringify(row[column])).sort());
      return String(was) === String(is) ? [] : [`${name}.${column}: ${String(was)} → ${String(is)}`];
    });
  });
}

test('when a database made by the first migration walks through all, then every row is there, and a backup of it is tried, restored, and the same', async () => {
  const ctx = await testContext(database);
  await onOlderRelease(ALL[1] ?? '', async (client, upgrade) => {
    for (const sql of FIRST_ROWS) await client.query(sql);
    const first = await rowsOf(client);
    expect([...first].filter(([, rows]) => rows.length === 0)).toEqual([]);
    expect(await upgrade()).toEqual(ALL.slice(1));
    const changed = differences(first, await rowsOf(client));
    expect(changed.filter((one) => !MEANT.includes(one.split(':')[0] ?? ''))).toEqual([]);
    const url = databaseUrl(inject('serverUrl'), client.database ?? '');
    expect(await shapeOf(url)).toEqual(await freshShape());

    const [file, lacks] = [newFile(), [] as string[]];
    const { manifest } = await withDb(url, (db) =>
      makeBackup({ db, config: ctx.config, now: ctx.now }, { file, warn: (words) => lacks.push(words) }, 'cli'),
    );
    expect(lacks).toEqual([]);
    expect(await sumsOf(url)).toEqual(inWords(manifest.tables));
    expect(await verifyBackup({ file, config: ctx.config })).toMatchObject({ problems: [], same: 4, samples: 4 });
    await onEmptyDatabase(async (empty) => {
      await restoreBackup({ file, url: empty });
      expect(await sumsOf(empty)).toEqual(inWords(manifest.tables));
      expect(await shapeOf(empty)).toEqual(await freshShape());
    });
  });
}, 300_000);

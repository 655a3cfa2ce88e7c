import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { MIGRATIONS } from '../../src/backup/restore-backup.ts';
import { measureTables } from '../../src/db/backup/measure-tables.ts';
import { listTables, writeAlike } from '../../src/db/backup/tables.ts';
import { migrate } from '../../src/db/migrate.ts';
import { recordAct } from '../../src/db/operator/audit.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import type { TestContext } from '../support/context.ts';
import { databaseUrl, onServer } from '../support/database.ts';
import { shapeOf as shapeOfDatabase } from '../support/shape.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

/** What COPY must write in another way than it is. */
export const HOSTILE = 'a\ttab, a\nline, a \\ and \\N, «ü», 日本, 🧪';

/** Fills a database as a morning would: readers, a digest, matches, newsletters that wait, and an act. */
export async function fillService(ctx: TestContext, readers = 25): Promise<void> {
  const arrived = new Date('2026-01-05T02:00:00Z');
  const papers = await makeDigest(ctx.db, '2026-01-05', ['Linear attention', 'Protein folding', HOSTILE], arrived);
  await makeMatches(ctx.db, 'attention', papers.slice(0, 2));
  for (let n = 0; n < readers; n++)
    await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
  const bytes = new Uint8Array(randomBytes(70_000));
  await ctx.db.capture.create({
    data: { source: 'made', name: HOSTILE, sha256: 'x', bytes, state: 'received', receivedAt: arrived },
  });
  await recordAct(ctx.db, { at: arrived, actor: 'cli', action: 'pause', subject: 'reader-1', detail: { HOSTILE } });
  ctx.setNow('2026-01-05T08:00:10Z');
  await runPlan(ctx);
}

/** Gives `work` an empty database on the server of the tests, and drops it after. */
export async function onEmptyDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const name = `t_empty_${randomBytes(6).toString('hex')}`;
  const server = inject('serverUrl');
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    return await work(databaseUrl(server, name));
  } finally {
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

/** Names a file in a folder of its own. */
export function newFile(name = 'all.zip'): string {
  return join(mkdtempSync(join(tmpdir(), 'offprint-backup-')), name);
}

/** Makes another part of one; null leaves it out. */
export type Change = (text: string) => string | null;

/** Packs a backup again with parts that are changed. Returns the new file. */
export async function repacked(file: string, change: Record<string, Change>): Promise<string> {
  const options = { autoClose: false, lazyEntries: true };
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(file, options);
  const read = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  const [out, path] = [new ZipFile(), newFile()];
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await read(entry));
    const changed = change[entry.fileName]?.(bytes.toString());
    if (changed !== null) out.addBuffer(changed === undefined ? bytes : Buffer.from(changed), entry.fileName);
  }
  zip.close();
  out.end();
  await pipeline(out.outputStream, createWriteStream(path));
  return path;
}

/** What a restore and a move write themselves. */
const ITS_OWN = new Set(['sending_holds', 'processes', 'backups', 'audit_log']);

/** What a database holds: of each table its rows and their hash, but for what a restore and a move write themselves. */
export function sumsOf(url: string): Promise<string[]> {
  return asking(url, async (client) => {
    await client.query('BEGIN');
    await writeAlike(client);
    return inWords(await measureTables(client, await listTables(client)));
  });
}

/** Says the same of what a backup holds. */
export function inWords(tables: readonly { name: string; rows: number; sha256: string }[]): string[] {
  return tables
    .filter(({ name }) => !ITS_OWN.has(name))
    .map(({ name, rows, sha256 }) => `${name}: ${rows} rows, ${sha256}`);
}

/** All that keeps the rows of a database in order, in words. */
export function shapeOf(url: string): Promise<string[]> {
  return asking(url, shapeOfDatabase);
}

/** The same of a database that was only migrated. */
export function freshShape(): Promise<string[]> {
  return onEmptyDatabase(async (url) => {
    await asking(url, (client) => migrate(client, MIGRATIONS));
    return shapeOf(url);
  });
}

/** Asks a database over a session of its own. */
export async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

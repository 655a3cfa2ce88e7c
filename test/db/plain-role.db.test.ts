import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openContext } from '../../src/create-context.ts';
import { jobs, runJob } from '../../src/jobs.ts';
import { makeReader } from '../world/readers.ts';
import { runCli } from '../support/cli.ts';
import { databaseUrl, onServer } from '../support/database.ts';
import { PATIENCE_MS } from '../support/until.ts';

const name = `plain_${randomBytes(6).toString('hex')}`;
const password = randomBytes(12).toString('hex');
let url: string;

beforeAll(async () => {
  const server = inject('serverUrl');
  // The two lines of docs/operating.md
  await onServer(
    server,
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${name} OWNER ${name} TEMPLATE template0`,
  );
  const plain = new URL(databaseUrl(server, name));
  [plain.username, plain.password] = [name, password];
  url = plain.href;
});
afterAll(() => onServer(inject('serverUrl'), `DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`));

test('when the role owns its database and may do nothing else, then migrating, starting and every job work', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    'SELECT current_user AS who, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user',
  );
  await client.end();
  const no = { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolreplication: false, rolbypassrls: false };
  expect(rows).toEqual([{ who: name, ...no }]);

  const migrated = await runCli(['migrate'], { url });
  expect([migrated.code, migrated.stderr]).toEqual([0, '']);

  const dataDir = mkdtempSync(join(tmpdir(), 'offprint-data-'));
  const now = new Date('2026-11-20T12:00:00Z');
  const ctx = await openContext(loadConfig({ DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' }), {
    now: () => now,
  });
  try {
    const woken: string[] = [];
    const note = (job: string) => () => Promise.resolve(woken.push(job));
    const handlers = Object.fromEntries(jobs.map((job) => [job.name, note(job.name)]));
    await ctx.queue.work(handlers);
    await ctx.queue.wake('ingest');
    await expect.poll(() => woken, { timeout: PATIENCE_MS }).toContain('ingest');

    await makeReader(ctx.db, new Date('2026-11-19T12:00:00Z'), { wishes: ['language models'] });
    const counts = new Map<string, Record<string, number>>();
    for (const job of jobs) counts.set(job.name, await runJob(ctx, job));
    expect(counts.get('deliver')).toMatchObject({ sent: 1, failed: 0 });
    expect(readdirSync(join(dataDir, 'outbox'))).toHaveLength(1);
  } finally {
    await ctx.close();
  }
}, 240_000);

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { openContext } from '../../src/create-context.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { loadNewsletterInputs } from '../../src/db/newsletters/inputs.ts';
import { planAll, seed } from './seed.ts';

/** A database full of readers, and the yardstick's ready bodies. */
export interface Stage {
  name: string;
  /** Settings of the pipeline's processes. */
  env: Record<string, string>;
  pool: pg.Pool;
  bodiesFile: string;
  dkimKeyFile: string;
  /** Size of a mail of ours. */
  bytes: number;
  close(): Promise<void>;
}

const BODIES = 200;

/**
 * Sets the stage on the PostgreSQL at `serverUrl` (a database of its own, dropped at the end), or on the embedded one.
 */
export async function setStage(serverUrl: string | null, readers: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
  const place = serverUrl ? await ownDatabase(serverUrl) : await ownServer(folder);
  const dkimKeyFile = join(folder, 'dkim.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(dkimKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const env = {
    DATABASE_URL: place.url,
    DATA_DIR: folder,
    SOURCES: '',
    PUBLIC_URL: 'https://papers.example.org',
    MAIL_FROM: 'Offprint <papers@digest.example.org>',
    POSTAL_ADDRESS: '12 Harbour Street, Brightwater BW1 2AB',
    LOG_LEVEL: 'error',
  };
  await (await openContext(loadConfig(env))).close();
  const pool = new pg.Pool({ connectionString: place.url });
  await seed(pool, readers);
  await planAll(pool);
  const { bodiesFile, bytes } = await writeBodies(env, folder);
  const close = async () => {
    await pool.end();
    await place.close();
  };
  return { name: serverUrl ? 'PostgreSQL' : 'embedded', env, pool, bodiesFile, dkimKeyFile, bytes, close };
}

/** Composes some newsletters and writes their {html, text}: what the yardstick is given for nothing. */
async function writeBodies(
  env: Record<string, string>,
  folder: string,
): Promise<{ bodiesFile: string; bytes: number }> {
  const ctx = await openContext(loadConfig(env));
  const rows = await ctx.db.delivery.findMany({ take: BODIES, select: { id: true } });
  const inputs = [
    ...(
      await loadNewsletterInputs(
        ctx.db,
        rows.map(({ id }) => id),
      )
    ).values(),
  ];
  const composer = await ctx.composer();
  const bodies = inputs.map((input) => ({ ...composer.page(input, { personal: true }), to: input.email }));
  const bodiesFile = join(folder, 'bodies.json');
  writeFileSync(bodiesFile, JSON.stringify({ from: env['MAIL_FROM'], bodies }));
  const sizes = inputs.map((input) => composer.newsletter(input).raw.length);
  await ctx.close();
  return { bodiesFile, bytes: Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length) };
}

async function ownDatabase(serverUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const name = `offprint_bench_${process.pid}`;
  await run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await run(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function ownServer(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = await startEmbedded(join(folder, 'postgres'));
  return { url: server.url, close: () => server.release() };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

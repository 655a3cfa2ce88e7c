/**
 * `npm run bench:backup`: a backup of a large database, tried, restored and moved: how long each takes, and the memory
 * of the process that does it. The database is made anew, or taken as it is with `--database URL`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';
import { openPool } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { seedAdmin } from './admin/seed.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:backup');
const flags = new Command('bench:backup')
  .description(
    'Times backup, restore, verify and move on an installed PostgreSQL (TEST_DATABASE_URL, or 127.0.0.1:5432).',
  )
  .option('--readers <n>', 'so many readers, and five times as many mails', Number, 1_000_000)
  .option('--database <url>', 'take this database, brought up to date, and keep it')
  .option('--steps <names>', 'what is done', 'backup,restore,verify,move')
  .parse()
  .opts<{ readers: number; database?: string; steps: string }>();

/** Most that the process may take. */
const MEGABYTES = 200;
const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL.');
const server = serverUrl;
const names = ['from', 'restored', 'moved'].map((name) => `bench_backup_${name}_${process.pid}`);
const [from = '', restored = '', moved = ''] = names.map((name) => databaseUrl(server, name));
const url = flags.database ?? from;
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-backup-'));
const file = join(folder, 'all.zip');
const rows: string[][] = [];

try {
  for (const name of names) await onServer(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  await bringUpToDate();
  if (!flags.database) await fill();
  const steps: Record<string, [string[], string]> = {
    backup: [['backup', file], url],
    restore: [['restore', file, '--yes'], restored],
    verify: [['backup', 'verify', file], url],
    move: [['migrate-data', '--to', moved, '--yes'], url],
  };
  for (const name of flags.steps.split(',')) {
    const [args, database] = steps[name] ?? [[], ''];
    await timed(name, args, database);
  }
  const lines = [['step', 'seconds', 'most MB of the process'], ['---', '---:', '---:'], ...rows];
  process.stdout.write(`${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`);
  process.stdout.write(`The file has ${(statSync(file).size / 1_000_000).toFixed(0)} MB.\n`);
  await results.finish(url);
} finally {
  rmSync(folder, { recursive: true, force: true });
  for (const name of names) await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Runs the program as it is built, and looks at its memory as the system counts it. */
async function timed(name: string, args: string[], database: string): Promise<void> {
  const started = performance.now();
  const env = { ...process.env, DATABASE_URL: database, DATA_DIR: folder, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { cwd: PACKAGE_ROOT, env, stdio: 'inherit' });
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, peakOf(child.pid))), 200);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  if (most > MEGABYTES) process.exitCode = 1;
  rows.push([name, ((performance.now() - started) / 1_000).toFixed(0), most.toFixed(0)]);
  process.stderr.write(`${rows.at(-1)?.join(' ') ?? ''}\n`);
}

/** The most that a process ever took, in megabytes: VmHWM of Linux. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1_000;
  } catch {
    return 0; // it has just ended
  }
}

async function bringUpToDate(): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.end();
}

async function fill(): Promise<void> {
  const pool = openPool(url, 2, () => {});
  const amounts = { readers: flags.readers, deliveries: flags.readers * 5, editions: 250 };
  try {
    await seedAdmin(pool, amounts, (step) =>
      process.stderr.write(`${(performance.now() / 1_000).toFixed(0)} s: ${step}\n`),
    );
  } finally {
    await pool.end();
  }
}

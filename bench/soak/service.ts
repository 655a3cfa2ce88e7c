import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { PACKAGE_ROOT } from '../../src/config.ts';
import type { Sample } from './rises.ts';

/** The built program as it is installed. */
export interface SoakedService {
  child: ChildProcess;
  base: string;
  stop(): Promise<void>;
}

const START_SECONDS = 180;
const TOKEN = 'token-of-the-soak';
/** Lets the service collect its garbage when it is told to: what is left then is what it holds. */
const COLLECTOR = ['--expose-gc', '--import', `data:text/javascript,process.on('SIGUSR2',()=>globalThis.gc())`];
const COLLECTED_MS = 1_000;

/** Starts `dist/cli.js serve` and returns once it serves. */
export async function startService(port: number, settings: Record<string, string>): Promise<SoakedService> {
  const base = `http://localhost:${port}`;
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'error', DRAIN_SECONDS: '0' },
    ...{
      DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-soak-')),
      PORT: String(port),
      PUBLIC_URL: base,
      ...{ METRICS_TOKEN: TOKEN, ...settings },
    },
  };
  const child = spawn(process.execPath, [...COLLECTOR, 'dist/cli.js', 'serve'], {
    ...{ cwd: PACKAGE_ROOT, env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const until = performance.now() + START_SECONDS * 1_000;
  while (!(await isReady(base))) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error(`the service is not ready after ${START_SECONDS} s`);
    await sleep(250);
  }
  return { child, base, stop: () => stop(child) };
}

function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/**
 * Looks at a process once, after it has collected its garbage: its memory and descriptors as the system counts them,
 * its own numbers, its sessions.
 */
export async function lookAt({ child, base }: SoakedService, pool: pg.Pool): Promise<Sample['values']> {
  if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
  child.kill('SIGUSR2');
  await sleep(COLLECTED_MS);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const numbers = await (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  const { rows } = await pool.query<{ sessions: number }>(
    `SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
       AND application_name NOT LIKE '%' || $1::text`,
    [`:${process.pid}`],
  );
  return {
    memory: kilobytes(status, 'VmRSS') / 1_000,
    heap: gauge(numbers, 'nodejs_heap_size_used_bytes') / 1e6,
    outside: gauge(numbers, 'nodejs_external_memory_bytes') / 1e6,
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    handles: gauge(numbers, 'nodejs_active_resources_total'),
    threads: kilobytes(status, 'Threads'),
    sessions: rows[0]?.sessions ?? 0,
  };
}

function kilobytes(status: string, name: string): number {
  return found(name, new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status));
}

function gauge(text: string, name: string): number {
  return found(name, new RegExp(`^${name} (\\S+)$`, 'm').exec(text));
}

function found(name: string, match: RegExpExecArray | null): number {
  const value = Number(match?.[1] ?? Number.NaN);
  if (Number.isNaN(value)) throw new Error(`the process does not tell ${name}`);
  return value;
}

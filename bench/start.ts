/**
 * Measures what starting costs, on the built program beside a database of its own: `npm run bench:start`. CPU is that
 * of the Node process alone, user and system, the median of RUNS; memory is resident, of `serve` after it has been idle
 * for IDLE_SECONDS.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../src/config.ts';
import { SAMPLES } from '../src/package.ts';
import { startEmbedded } from '../src/db/embedded/server.ts';
import { isOver } from './over.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:start');
const RUNS = 7;
/** Over a full minute, so that every job has run and found nothing. */
const IDLE_SECONDS = 75;
/** What `serve` may hold then. */
const IDLE_MB = 150;

/** Says at the end on file descriptor 3 what the process used. */
const METER = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS:m}=process.resourceUsage();writeSync(3,JSON.stringify({cpuMs:(u+s)/1e3,mb:m/1024}))})`;

const folder = mkdtempSync(join(tmpdir(), 'offprint-start-'));
const sources = join(folder, 'source');
mkdirSync(sources);
const server = await startEmbedded(join(folder, 'postgres'));
const env = {
  ...{ PATH: process.env['PATH'], DATABASE_URL: server.url, DATA_DIR: join(folder, 'data'), PORT: '0' },
  ...{ SOURCES: `nothing=${sources}`, LOG_LEVEL: 'error' },
};

try {
  await measured('migrate');
  say('| what | measured | at most | |\n|---|---|---|---|');
  for (const [name, atMostMs] of [
    ['--help', 250],
    ['deliveries', 600],
  ] as const) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measured(name));
    const cpu = median(runs.map(({ cpuMs }) => cpuMs));
    const mb = median(runs.map((run) => run.mb));
    const told = `${(cpu / 1_000).toFixed(2)} s of CPU, ${mb.toFixed(0)} MB at most`;
    judge(`\`${name}\``, told, `${atMostMs / 1_000} s`, isOver(cpu, atMostMs));
  }
  for (const [what, given] of [
    ['idle', sources],
    ['idle since it took in a week of papers', SAMPLES],
  ] as const) {
    const mb = await idleMegabytes(given);
    judge(`\`serve\`, ${what}`, `${mb.toFixed(0)} MB resident`, `${IDLE_MB} MB`, isOver(mb, IDLE_MB));
  }
  await results.finish(server.url);
} finally {
  await server.release();
  rmSync(folder, { recursive: true, force: true });
}

/** Prints a row; one that is over makes the bench fail. */
function judge(what: string, told: string, most: string, over: boolean): void {
  say(`| ${what} | ${told} | ${most} | ${over ? 'over' : ''} |`);
  if (over) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measured(command: string): Promise<{ cpuMs: number; mb: number }> {
  const child = start(['--import', METER, 'dist/cli.js', command]);
  let told = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`offprint ${command} ended with ${String(code)}`);
  return JSON.parse(told) as { cpuMs: number; mb: number };
}

async function idleMegabytes(given: string): Promise<number> {
  const child = start(['dist/cli.js', 'serve'], { SOURCES: `papers=${given}` });
  try {
    await sleep(IDLE_SECONDS * 1_000);
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) / 1024;
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill();
    await ended;
  }
}

function start(args: string[], more = {}): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: PACKAGE_ROOT,
    env: { ...env, ...more },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

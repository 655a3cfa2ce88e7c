/**
 * Times how a year of lists is taken in: the Daily Papers, two categories of arXiv and bioRxiv, day after day, beside
 * what JSON.parse and the feed parser take for the same bytes alone: `npm run bench:ingest -- --days 366`. Each line is
 * a process of its own, whose memory is the most it ever held resident.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFeed } from 'feedsmith';
import { loadConfig, PACKAGE_ROOT } from '../src/config.ts';
import { openContext } from '../src/create-context.ts';
import { parseCapture } from '../src/ingest/parse-capture.ts';
import { takeIn } from '../src/ingest/take-in.ts';
import { addDays } from '../src/lib/time.ts';
import { listsOf } from './ingest/lists.ts';
import { hearResults } from './results.ts';

/** What one process measured. */
interface Measured {
  seconds: number;
  cpuSeconds: number;
  megabytes: number;
  papers: number;
  /** Seconds of the first and the last thirty days. */
  first: number;
  last: number;
}

const FIRST = '2025-01-01';
const [, , mode = '', folder = ''] = process.argv;
const WAYS: Record<string, (files: Files) => Promise<Measured>> = { parsers: parsersAlone, reading, ingest };
type Files = { day: string; lists: { source: string; path: string; bytes: Buffer }[] }[];

const way = WAYS[mode];
if (way) process.stdout.write(JSON.stringify(await way(readFiles(folder))));
else await main();

async function main(): Promise<void> {
  const results = hearResults('bench:ingest');
  const at = process.argv.indexOf('--days');
  const days = at < 0 ? 366 : Number(process.argv[at + 1]);
  const made = mkdtempSync(join(tmpdir(), 'offprint-year-'));
  let [bytes, papers] = [0, 0];
  for (let day = 0; day < days; day++) {
    for (const list of listsOf(addDays(FIRST, day))) {
      mkdirSync(join(made, list.source), { recursive: true });
      writeFileSync(join(made, list.source, list.name), list.text);
      bytes += Buffer.byteLength(list.text);
      papers += list.papers;
    }
  }
  say(`${days} days, ${papers.toLocaleString('en')} entries, ${(bytes / 1e6).toFixed(0)} MB of lists\n`);
  say(
    '| what | time | CPU of the process | an entry | memory at most | first and last 30 days |\n|---|---|---|---|---|---|',
  );
  const names = {
    parsers: 'JSON.parse and feedsmith alone',
    reading: 'reading into entries',
    ingest: 'taken in, on PostgreSQL',
  };
  for (const [name, label] of Object.entries(names)) {
    const { seconds, cpuSeconds, megabytes, first, last } = measure(name, made);
    const each = `${((seconds * 1e3) / papers).toFixed(3)} ms`;
    say(
      `| ${label} | ${seconds.toFixed(1)} s | ${cpuSeconds.toFixed(1)} s | ${each} | ${megabytes.toFixed(0)} MB | ${first.toFixed(1)} s, ${last.toFixed(1)} s |`,
    );
  }
  rmSync(made, { recursive: true, force: true });
  await results.finish();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Starts a process on the built program; the runner of this file does not reach into its threads. */
function measure(name: string, made: string): Measured {
  const [built, self] = ['./built.mjs', './ingest.ts'].map((path) =>
    JSON.stringify(new URL(path, import.meta.url).href),
  );
  const program = `import('tsx/esm/api').then(async ({ register }) => { register(); await import(${built}); await import(${self}); })`;
  const args = ['--eval', program, 'bench', name, made];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: PACKAGE_ROOT, encoding: 'utf8' })) as Measured;
}

/** Reads the lists day by day as they are asked for, so that memory is not that of the files. */
function readFiles(made: string): Files {
  const days = new Map<string, Files[number]>();
  for (const source of readdirSync(made)) {
    for (const name of readdirSync(join(made, source))) {
      const day = name.slice(0, 10);
      const path = join(made, source, name);
      const one = days.get(day) ?? { day, lists: [] };
      one.lists.push({
        source,
        path,
        get bytes() {
          return readFileSync(path);
        },
      });
      days.set(day, one);
    }
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function timed(files: Files, each: (day: Files[number]) => number | Promise<number>): Promise<Measured> {
  const times: number[] = [];
  let papers = 0;
  const cpu = process.cpuUsage();
  for (const day of files) {
    const started = performance.now();
    papers += await each(day);
    times.push((performance.now() - started) / 1_000);
  }
  const used = process.cpuUsage(cpu);
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);
  return {
    ...{ seconds: sum(times), cpuSeconds: (used.user + used.system) / 1e6, papers },
    megabytes: process.resourceUsage().maxRSS / 1024,
    ...{ first: sum(times.slice(0, 30)), last: sum(times.slice(-30)) },
  };
}

function parsersAlone(files: Files): Promise<Measured> {
  return timed(files, ({ lists }) => {
    for (const { path, bytes } of lists) {
      const text = bytes.toString('utf8');
      if (path.endsWith('.json')) JSON.parse(text);
      else parseFeed(text);
    }
    return 0;
  });
}

function reading(files: Files): Promise<Measured> {
  return timed(files, ({ day, lists }) =>
    lists.reduce(
      (sum, { path, bytes }) => sum + parseCapture(bytes, { name: path, fetchedAt: new Date(day) }).entries.length,
      0,
    ),
  );
}

async function ingest(files: Files): Promise<Measured> {
  const home = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
  const config = loadConfig({
    DATA_DIR: home,
    SOURCES: '',
    LOG_LEVEL: 'silent',
    PORT: '0',
    DATABASE_URL: process.env['DATABASE_URL'],
  });
  const opened = await openContext(config);
  let now = new Date(FIRST);
  const ctx = { ...opened, now: () => now };
  try {
    return await timed(files, async ({ day, lists }) => {
      now = new Date(`${day}T23:00:00Z`);
      const incoming = lists.map(({ source, path, bytes }) => {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { source, received: { name: path.slice(path.lastIndexOf('/') + 1), bytes, sha256 } };
      });
      const taken = await takeIn(ctx, incoming);
      for (const { problem, state } of taken)
        if (problem !== null || state === 'held') throw new Error(problem ?? `${day} is held`);
      return taken.reduce((sum, { entries }) => sum + entries, 0);
    });
  } finally {
    await opened.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Runs `npm test` again and again beside a process that keeps every core busy, and tells what failed:
 * `npm run test:busy -- --runs 10`. A test that waits a fixed time where it could ask, or counts on being quick, fails
 * here sooner or later. What a run that failed has printed is kept.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Command } from 'commander';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../src/config.ts';
import { hearResults } from './results.ts';

const results = hearResults('test:busy');
const { runs } = new Command('test:busy')
  .option('--runs <n>', 'runs of npm test, one after the other', Number, 10)
  .parse()
  .opts<{ runs: number }>();

const REPORT = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});
const folder = mkdtempSync(join(tmpdir(), 'offprint-busy-'));
const cores = availableParallelism();
const say = (line: string) => process.stdout.write(`${line}\n`);

const spinners = Array.from({ length: cores }, () => new Worker('for (;;);', { eval: true }));
say(`| run | passed | failed | skipped | minutes | cores kept busy beside it |\n|---|---|---|---|---|---|`);
const failures: string[] = [];
for (let run = 1; run <= runs; run++) {
  const [began, usedBefore] = [performance.now(), process.cpuUsage()];
  const { code, report } = await runTests(run);
  const ms = performance.now() - began;
  const used = process.cpuUsage(usedBefore);
  const counts = report ? [report.numPassedTests, report.numFailedTests, report.numPendingTests] : ['–', '–', '–'];
  const busy = (used.user + used.system) / 1_000 / ms;
  say(`| ${[run, ...counts, (ms / 60_000).toFixed(1), busy.toFixed(1)].join(' | ')} |`);
  if (code !== 0) failures.push(`run ${run} ended with ${code}: ${logOf(run)}`, ...failedTests(report));
}
for (const line of failures) say(line);
await Promise.all(spinners.map((spinner) => spinner.terminate()));
await results.finish();
process.exitCode = failures.length > 0 ? 1 : 0;

async function runTests(run: number): Promise<{ code: number; report: z.infer<typeof REPORT> | null }> {
  const [json, log] = [join(folder, `${run}.json`), openSync(logOf(run), 'w')];
  const args = ['test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  const child = spawn('npm', args, { cwd: PACKAGE_ROOT, stdio: ['ignore', log, log] });
  const code = await new Promise<number>((ended, failed) => {
    child.once('error', failed).once('exit', (status) => ended(status ?? 1));
  });
  try {
    return { code, report: REPORT.parse(JSON.parse(readFileSync(json, 'utf8'))) };
  } catch {
    return { code: code || 1, report: null };
  }
}

function logOf(run: number): string {
  return join(folder, `${run}.log`);
}

function failedTests(report: z.infer<typeof REPORT> | null): string[] {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `  ${relative(PACKAGE_ROOT, name)}: ${fullName}`),
  );
}

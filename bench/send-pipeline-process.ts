/**
 * One worker process of the bench: says it is ready, waits for a line, drains the ledger and prints what it cost; with
 * BENCH_SHARE_OF also which share of its time passed in modules whose address matches.
 */
import { once } from 'node:events';
import { openContext } from '../src/create-context.ts';
import { loadConfig } from '../src/config.ts';
import { runDeliver } from '../src/deliver/run-deliver.ts';
import { shareOf } from './send/profile.ts';

const ctx = await openContext(loadConfig(), { now: () => new Date('2026-01-05T09:00:00Z') });
await ctx.composer();
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();
const modules = process.env['BENCH_SHARE_OF'];
const deliver = () => runDeliver(ctx);
const { result: counts, share } = modules
  ? await shareOf(new RegExp(modules), deliver)
  : { result: await deliver(), share: undefined };
const ms = performance.now() - startedMs;
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(
  `${JSON.stringify({ sent: counts.sent, counts, ms, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: process.memoryUsage().rss / 2 ** 20, share })}\n`,
);
await ctx.close();
process.exit(0);

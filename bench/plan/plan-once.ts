import type pg from 'pg';
import pino from 'pino';
import { loadConfig } from '../../src/config.ts';
import type { Context, Queue } from '../../src/context.ts';
import { openPrisma } from '../../src/db/client.ts';
import { loadKeys } from '../../src/db/keys.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import type { ServerCpu } from './cpu.ts';

/** What planning so many readers took. */
export interface Planned {
  readers: number;
  newsletters: number;
  seconds: number;
  ownCpuSeconds: number;
  /** Null where the server is on another machine. */
  serverCpuSeconds: number | null;
  /** Highest resident memory within each tenth of the run, in MB. */
  peakMbByTenth: number[];
}

/** Plans everyone who is due at `now` in the database of a pool. */
export async function planOnce(
  { pool, server, now, queue }: { pool: pg.Pool; server: ServerCpu; now: Date; queue: Queue },
  readers: number,
): Promise<Planned> {
  const db = openPrisma(pool);
  const ctx = {
    config: loadConfig({ SOURCES: '' }),
    db,
    keys: await loadKeys(db, undefined, now),
    queue,
    now: () => now,
    log: pino({ level: 'silent' }),
  } as unknown as Context;
  const peaks: number[] = [];
  let tenth = 0;
  const look = () => (peaks[tenth] = Math.max(peaks[tenth] ?? 0, process.memoryUsage.rss()));
  const sampler = setInterval(look, 50);
  const progress = (done: number) => {
    look();
    tenth = Math.min(9, Math.floor((done * 10) / readers));
  };
  const [began, cpu, serverBefore] = [performance.now(), process.cpuUsage(), server.seconds()];
  const { newsletters } = await runPlan(ctx, { progress });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const serverAfter = server.seconds();
  clearInterval(sampler);
  await db.$disconnect();
  return {
    readers,
    newsletters,
    seconds,
    ownCpuSeconds: (user + system) / 1e6,
    serverCpuSeconds: serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore,
    peakMbByTenth: peaks.map((bytes) => Math.round(bytes / 1e6)),
  };
}

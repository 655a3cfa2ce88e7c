import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Context } from './context.ts';
import { forgetProcess, noteProcess } from './db/operator/processes.ts';
import { messageOf } from './lib/errors.ts';
import { packageVersion } from './package.ts';

/** How often a process says that it lives. */
const BEAT_MS = 10_000;

/** Says every few seconds that this process lives, and of which release it is; returns what stops it. */
export async function showLife(
  ctx: Pick<Context, 'db' | 'log'>,
  kind: 'serve' | 'worker',
  beatMs = BEAT_MS,
): Promise<() => Promise<void>> {
  const own = { id: randomUUID(), kind, version: packageVersion(), host: hostname(), pid: process.pid };
  const beat = () =>
    noteProcess(ctx.db, own).catch((error: unknown) => ctx.log.debug({ problem: messageOf(error) }, 'heartbeat'));
  await beat();
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await forgetProcess(ctx.db, own.id);
  };
}

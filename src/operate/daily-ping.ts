import type { Context } from '../context.ts';
import { doneSince } from '../db/operator/runs.ts';
import { deadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import type { JobName } from '../model/job.ts';

/** What is said of a daily run: that it begins, that it ended well, that it failed (healthchecks.io/docs/http_api). */
type Ping = '/start' | '' | '/fail';

/** The job whose first good run of a day (UTC) is the daily run: readers are chosen for by it. */
const DAILY: JobName = 'plan';
/** For the other side to answer. */
const TIMEOUT_MS = 5_000;

/** Says how the daily run ended. */
export type EndPing = (how: 'done' | 'failed') => Promise<void>;

/**
 * Tells HEARTBEAT_URL that the daily run begins, and returns what tells its end; nothing where it is unset, for other
 * jobs, and once the day's run has ended well. Who does not answer keeps no run from working.
 */
export async function pingDailyRun(ctx: Context, job: JobName): Promise<EndPing> {
  const url = ctx.config.HEARTBEAT_URL;
  const nothing: EndPing = () => Promise.resolve();
  if (url === undefined || job !== DAILY) return nothing;
  const midnight = new Date(`${ctx.now().toISOString().slice(0, 10)}T00:00:00Z`);
  if (await doneSince(ctx.db, job, midnight, ctx.now())) return nothing;
  await ping(ctx, url, '/start');
  return (how) => ping(ctx, url, how === 'done' ? '' : '/fail');
}

async function ping({ fetchSource, log }: Context, base: string, how: Ping): Promise<void> {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${how}`;
  const limit = deadline(TIMEOUT_MS);
  try {
    const sent = { method: 'GET', headers: {}, signal: limit.signal, redirect: 'manual', inside: true } as const;
    const answer = await fetchSource(url.href, sent);
    await answer.body?.cancel();
    if (!answer.ok) log.warn({ status: answer.status }, 'HEARTBEAT_URL was not taken');
  } catch (error) {
    log.warn({ problem: messageOf(error) }, 'HEARTBEAT_URL does not answer');
  } finally {
    limit.done();
  }
}

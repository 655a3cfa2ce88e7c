import type pg from 'pg';
import type { OpenContext } from '../../src/create-context.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import type { TakeIn } from '../../src/feedback/received.ts';
import { planAll } from '../send/seed.ts';
import { bySmtp } from './ways.ts';

/** Of what is sent, so much comes back. */
const COMES_BACK = 0.05;

/** How many mails a second go out with the port at rest, and with reports coming in. */
export interface Beside {
  alone: number;
  /** As many reports come as mails go out at that speed, one of twenty coming back. */
  usual: number;
  /** Whoever brings reports brings what the port takes. */
  busy: number;
  /** Reports a second that came in then. */
  reports: number;
}

/**
 * Sends half of the newsletters while the other half comes back by the port, all in one process as `serve` does it.
 * `tokensOf` signs the public ids of those that come back.
 */
export async function sendBeside(
  ctx: OpenContext,
  pool: pg.Pool,
  takeIn: TakeIn,
  tokensOf: (publicIds: readonly string[]) => string[],
): Promise<Beside> {
  await sendHalf(ctx, pool); // the first one warms up
  const before = await sendHalf(ctx, pool);
  const usual = await whileComing(COMES_BACK, before * COMES_BACK);
  const busy = await whileComing(1, null);
  const alone = (before + (await sendHalf(ctx, pool))) / 2;
  return { alone, usual: usual.mails, busy: busy.mails, reports: busy.reports };

  /** So much of the other half comes back, so many a second. */
  async function whileComing(share: number, perSecond: number | null): Promise<{ mails: number; reports: number }> {
    const ids = await halve(pool);
    let taken = 0;
    const counted: TakeIn = (received) => takeIn(received).finally(() => taken++);
    const tokens = tokensOf(ids.slice(0, Math.ceil(ids.length * share)));
    const through = await bySmtp({ ctx, takeIn: counted, count: tokens.length, tokens }, perSecond);
    const coming = through();
    const from = performance.now();
    const mails = await deliver(ctx);
    const reports = taken / ((performance.now() - from) / 1_000);
    await coming;
    return { mails, reports };
  }
}

async function sendHalf(ctx: OpenContext, pool: pg.Pool): Promise<number> {
  await halve(pool);
  return deliver(ctx);
}

async function deliver(ctx: OpenContext): Promise<number> {
  const from = performance.now();
  const { sent } = await runDeliver(ctx);
  return sent / ((performance.now() - from) / 1_000);
}

/**
 * Plans all anew and sends one half by SQL, outside any edition: no breaker pauses the other. Returns its public ids.
 */
async function halve(pool: pg.Pool): Promise<string[]> {
  await planAll(pool);
  await pool.query('TRUNCATE suppressions, address_standings, feedback_reports CASCADE');
  await pool.query(`UPDATE editions SET state = 'open'`); // a breaker may have paused it
  const { rows } = await pool.query<{ public_id: string }>(
    `UPDATE deliveries SET state = 'sent', edition_id = NULL, sent_at = '2026-01-05 08:00Z', finished_at = '2026-01-05 08:00Z'
     WHERE id % 2 = 0 RETURNING public_id`,
  );
  return rows.map(({ public_id: id }) => id);
}

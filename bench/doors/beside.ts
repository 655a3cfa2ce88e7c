import type pg from 'pg';
import type { OpenContext } from '../../src/create-context.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import { restWhileSending } from '../../src/feedback/give-way.ts';
import type { TakeIn } from '../../src/feedback/received.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { poolOf } from '../../src/db/client.ts';
import { watchServerCpu, type ServerCpu } from '../plan/cpu.ts';
import { planAll } from '../send/seed.ts';
import { startSink } from '../send/tools.ts';
import { prepareErrand } from './errand.ts';
import { smtpErrand } from './ways.ts';

/** Of what is sent, so much comes back. */
const COMES_BACK = 0.05;

/** A run of sending, and what came in meanwhile. */
export interface Beside {
  /** What came, and where. */
  what: string;
  mailsPerSecond: number;
  reportsPerSecond: number;
  /** What one mail took of the processor in this process and in PostgreSQL, whatever else these did, in µs. */
  ownMicros: number;
  postgresMicros: number;
  /** What whoever brings reports took of one processor, as a share. */
  bringer: number;
}

/** What comes in while half of the newsletters go out. */
interface Coming {
  what: string;
  /** Of the other half, so much. */
  share: number;
  perSecond: number | null;
  /** To a port of another program, that answers and does nothing. */
  elsewhere?: true;
}

/**
 * Sends half of the newsletters while the other half comes back by the port, all in one process as `serve` does it.
 * `tokensOf` signs the public ids of those that come back. The first of what is returned is sending with the port at
 * rest.
 */
export async function sendBeside(
  ctx: OpenContext,
  pool: pg.Pool,
  tokensOf: (publicIds: readonly string[]) => string[],
): Promise<Beside[]> {
  const server = watchServerCpu(poolOf(ctx.db));
  const take = takeIn(ctx, { rest: restWhileSending(ctx) });
  const nothing = { what: 'with the port at rest', share: 0, perSecond: null };
  await during(nothing); // the first one warms up
  const before = await during(nothing);
  const perSecond = before.mailsPerSecond * COMES_BACK;
  const elsewhere = await during({ what: '5 % to a port elsewhere', share: 1, perSecond, elsewhere: true });
  const usual = await during({ what: 'while 5 % come back', share: COMES_BACK, perSecond });
  const between = await during(nothing);
  const busy = await during({ what: 'while as many come as the port takes', share: 1, perSecond: null });
  const after = await during(nothing);
  server.close();
  return [meanOf([before, between, after]), elsewhere, usual, busy];

  async function during(coming: Coming): Promise<Beside> {
    const ids = await halve(pool);
    const tokens = tokensOf(ids.slice(0, Math.ceil(ids.length * coming.share)));
    let taken = 0;
    const counted: TakeIn = (received) => take(received).finally(() => taken++);
    const elsewhere = coming.elsewhere ? await startSink() : null;
    const door = elsewhere ? { port: elsewhere.port, close: () => elsewhere.stop() } : await openSmtpDoor(ctx, counted);
    const count = coming.elsewhere ? Math.ceil(tokens.length * COMES_BACK) : tokens.length;
    const errand = smtpErrand(ctx, { port: door.port, count, tokens, perSecond: coming.perSecond });
    const go = count === 0 ? null : await prepareErrand(errand);
    const bringing = go?.();
    const sent = await deliver(ctx, server, () => taken + (elsewhere?.count() ?? 0));
    const brought = await bringing;
    await door.close();
    const bringer = brought ? ((brought.cpuMs / count) * sent.reportsPerSecond) / 1_000 : 0;
    return { what: coming.what, ...sent, bringer };
  }
}

function meanOf(all: readonly Beside[]): Beside {
  const [first] = all;
  if (!first) throw new Error('nothing was measured');
  const mean = (of: (one: Beside) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    ...first,
    mailsPerSecond: mean((one) => one.mailsPerSecond),
    ownMicros: mean((one) => one.ownMicros),
    postgresMicros: mean((one) => one.postgresMicros),
  };
}

async function deliver(
  ctx: OpenContext,
  server: ServerCpu,
  reports: () => number,
): Promise<Omit<Beside, 'what' | 'bringer'>> {
  const [from, cpu, serverSeconds] = [performance.now(), process.cpuUsage(), server.seconds()];
  const { sent } = await runDeliver(ctx);
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const postgresSeconds = (server.seconds() ?? 0) - (serverSeconds ?? 0);
  return {
    mailsPerSecond: sent / seconds,
    reportsPerSecond: reports() / seconds,
    ownMicros: (user + system) / sent,
    postgresMicros: (postgresSeconds * 1e6) / sent,
  };
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

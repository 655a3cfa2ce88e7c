import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import { restWhileSending, type Way } from '../../src/feedback/give-way.ts';
import type { Received } from '../../src/feedback/received.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';
import { plainComposer } from '../world/composers.ts';
import { bounceMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const DOMAIN = 'bounces.example.org';
/** Nothing would be taken in a second time before the patience of the first ends. */
const LONG: Way = { share: 1e-9, leastMs: 1_000, askMs: 50 };
let smtp: TestSmtp;
let ctx: TestContext;
let letGo: () => void;
let sending: Promise<unknown> | undefined;
let goesOn: boolean;

/** A mail server that holds each mail until it is let go, so that sending goes on meanwhile. */
beforeEach(async () => {
  await clearLedger(database.db);
  await database.pool.query(`CALL empty_tables('feedback_events, feedback_reports')`);
  sending = undefined;
  smtp = await startSmtp();
  const held = new Promise<void>((resolve) => (letGo = resolve));
  smtp.onMail = () => held;
  ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '1', BOUNCE_SMTP_PORT: '0', BOUNCE_DOMAIN: DOMAIN },
    { composer: () => Promise.resolve(plainComposer()) },
  );
});
afterEach(async () => {
  letGo();
  await sending;
  await smtp.close();
});

/** Begins to send, and resolves once a mail is in the mail server's hands. */
async function beginSending(): Promise<void> {
  await planMany(database.db, 5);
  goesOn = true;
  sending = runDeliver(ctx).finally(() => (goesOn = false));
  await until('a mail is on its way', () => smtp.mails.length > 0);
}

const bounce = (n: number) => bounceMail(`nobody${n}@example.net`, '5.1.1');
const said = (n: number, door: 'smtp' | 'webhook'): Received => ({
  ...{ door, name: 'a test', bytes: Buffer.from(bounce(n)), recipients: [] },
});

/** How many transactions the reports came in by that are kept. */
async function groups(): Promise<number[]> {
  const { rows } = await database.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM feedback_reports GROUP BY xmin::text ORDER BY min(id)',
  );
  return rows.map(({ n }) => n);
}

/** Brings a mail to the port; resolves with its last answer, and calls `handed` once all of it is written. */
function bring(port: number, n: number, handed: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = [`EHLO x`, 'MAIL FROM:<>', `RCPT TO:<postmaster@${DOMAIN}>`, 'DATA'];
    const socket = connect(port, '127.0.0.1').on('error', reject);
    socket.on('data', (chunk) => {
      const answer = chunk.toString();
      if (answer.startsWith('354'))
        return void socket.write(`${bounce(n).replaceAll('\n', '\r\n')}\r\n.\r\n`, () => handed());
      const next = lines.shift();
      if (next !== undefined) return void socket.write(`${next}\r\n`);
      socket.end();
      resolve(answer);
    });
  });
}

describe('while mails go out', () => {
  it('when reports come to the port, then they are taken in fewer groups, and the rest at once when it ends', async () => {
    await beginSending();
    const door = await openSmtpDoor(ctx, takeIn(ctx, { rest: restWhileSending(ctx, LONG) }));
    await bring(door.port, 0, () => {}); // nobody was before it
    let answered = 0;
    const answers: Promise<string>[] = [];
    for (let n = 1; n <= 10; n++)
      await new Promise<void>((handed) => answers.push(bring(door.port, n, handed).finally(() => answered++)));
    expect([goesOn, smtp.mails.length, answered]).toEqual([true, 1, 0]);
    letGo();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['250 2.6.0 Taken\r\n']));
    expect(await groups()).toEqual([1, 10]);
    await sending;
    expect(smtp.mails).toHaveLength(5);
    await door.close();
  });

  it('when nothing is sent, then each that comes alone is a group', async () => {
    const take = takeIn(ctx, { rest: restWhileSending(ctx, LONG) });
    for (const n of [1, 2, 3]) await take(said(n, 'smtp'));
    expect(await groups()).toEqual([1, 1, 1]);
  });

  it('when a provider tells, then it waits less long than a provider does, and others come along', async () => {
    await beginSending();
    const take = takeIn(ctx, { rest: restWhileSending(ctx, LONG) });
    await take(said(0, 'smtp'));
    const from = performance.now();
    const report = take(said(1, 'smtp'));
    await take(said(2, 'webhook'));
    expect(performance.now() - from).toBeGreaterThan(1_000);
    await report;
    expect(await groups()).toEqual([1, 2]);
    expect(goesOn).toBe(true);
  });

  it('when the process is to end, then nobody waits any more', async () => {
    await beginSending();
    const ending = new AbortController();
    const take = takeIn(ctx, { rest: restWhileSending({ db: ctx.db, ending: ending.signal }, LONG) });
    await take(said(0, 'smtp'));
    const report = take(said(1, 'smtp'));
    ending.abort();
    await report;
    expect(goesOn).toBe(true);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { createRequest } from '../../src/db/subscribers/confirmation-requests.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { cancelEdition, pauseEdition } from '../../src/db/ledger/edition-acts.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { addressHash } from '../../src/model/address.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { tokenFor, VISITOR } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const CONNECTIONS = 4;
const READERS = 60;
/** Mails received when the act is done. */
const MOMENT = 15;
let smtp: TestSmtp;
let ctx: TestContext;

interface Reader {
  id: number;
  publicId: string;
  email: string;
  generation: number;
}
type Act = (reader: Reader) => Promise<unknown>;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: String(CONNECTIONS) },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  await seed(database.pool, READERS);
  await planAll(database.pool);
  for (const { id, email } of await database.db.subscriber.findMany({ select: { id: true, email: true } })) {
    const hash = Uint8Array.from(addressHash(ctx.keys.suppression, email));
    await database.db.subscriber.update({
      where: { id },
      data: { addressHash: hash, confirmedAt: new Date('2026-01-01') },
    });
    await database.db.delivery.updateMany({ where: { subscriberId: id }, data: { addressHash: hash } });
  }
});
afterEach(() => smtp.close());

/** Answers the question whether a new address wants the reader's newsletter. */
async function move({ id, publicId, email, generation }: Reader): Promise<void> {
  const question = `move-${publicId}`;
  const expiresAt = new Date(ctx.now().getTime() + 3_600_000);
  const newEmail = `new-${email}`;
  await createRequest(database.db, { publicId: question, subscriberId: id, newEmail, createdAt: ctx.now(), expiresAt });
  const token = tokenFor(ctx, 'confirm', { publicId: question, generation });
  expect(await confirm(ctx, token, VISITOR, { latest: false })).toMatchObject({ outcome: 'moved' });
}

const perReader: [name: string, act: Act][] = [
  ['unsubscribe', (reader) => unsubscribe(ctx, { publicId: reader.publicId }, { actor: 'reader' })],
  ['suppress', (reader) => suppress(ctx, { email: reader.email }, 'cli')],
  ['pause', (reader) => pause(ctx, tokenFor(ctx, 'preferences', reader), new Date('2026-02-01'))],
  ['change of address', move],
  ['erase', (reader) => erase(ctx, { email: reader.email })],
];
const forAll: [name: string, act: () => Promise<unknown>][] = [
  ['cancel the edition', () => cancelEdition(database.db, EDITION, ctx.now())],
  ['pause the edition', () => pauseEdition(database.db, EDITION)],
];

/**
 * Sends to a receiver that takes its time over each mail and answers nobody while the act is done, so that every
 * connection is busy then. Returns how many mails arrived until the act was done, how many after, and what the run
 * counted.
 */
async function actInMidRun(act: () => Promise<unknown>) {
  const doings: Promise<unknown>[] = [];
  let before = 0;
  smtp.onMail = async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (smtp.mails.length >= MOMENT && doings.length === 0) doings.push(act().then(() => (before = smtp.mails.length)));
    await Promise.all(doings);
  };
  const counts = await runDeliver(ctx);
  await Promise.all(doings);
  return { before, after: smtp.mails.length - before, counts };
}

it.each(perReader)(
  'when all who have no mail yet act in the middle of a run: %s, then at most the mails in flight still leave',
  async (_name, act) => {
    const { before, after, counts } = await actInMidRun(async () => {
      const had = smtp.mails.map(({ to }) => to);
      const rest = await database.db.subscriber.findMany({ where: { email: { notIn: had } }, orderBy: { id: 'desc' } });
      expect(rest.length).toBeGreaterThan(READERS / 2);
      for (const reader of rest) await act(reader);
    });
    expect(before).toBeGreaterThanOrEqual(MOMENT);
    expect(after).toBeLessThanOrEqual(CONNECTIONS);
    expect(counts.sent).toBe(smtp.mails.length);
    expect(await countByState(database.db)).toMatchObject({
      sent: smtp.mails.length,
      cancelled: READERS - smtp.mails.length,
      sending: 0,
    });
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(smtp.mails.length);
  },
);

it.each(forAll)(
  'when somebody does it in the middle of a run: %s, then at most the mails in flight still leave',
  async (name, act) => {
    const { before, after } = await actInMidRun(act);
    expect(before).toBeGreaterThanOrEqual(MOMENT);
    expect(after).toBeLessThanOrEqual(CONNECTIONS);
    const { sent, cancelled, planned, retrying, sending } = await countByState(database.db);
    expect({ sent, sending }).toEqual({ sent: smtp.mails.length, sending: 0 });
    const left = READERS - smtp.mails.length;
    expect(name === 'cancel the edition' ? cancelled : planned + retrying).toBe(left); // those of a paused edition wait
  },
);

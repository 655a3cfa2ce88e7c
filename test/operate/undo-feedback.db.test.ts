import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { recordEvents } from '../../src/db/feedback/events.ts';
import { transaction } from '../../src/db/client.ts';
import { correctEvent } from '../../src/operate/feedback/correct-event.ts';
import { undoFeedback } from '../../src/operate/feedback/undo-feedback.ts';
import { addWebhook } from '../../src/operate/webhooks.ts';
import { weighEvents } from '../../src/standing/weigh-events.ts';
import type { FeedbackKind, RefusalTopic } from '../../src/model/feedback.ts';
import { addressHash } from '../../src/model/address.ts';
import { signReaderTokens } from '../../src/links/tokens.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { asFixture } from '../support/wall.ts';
import { cameBack, mailSent } from '../world/came-back.ts';
import { bounceMail, complaintMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { reload, signUp, statusOf, tokenFor, VISITOR } from '../world/sign-ups.ts';

const database = testDatabase();
const START = Date.parse('2026-01-05T08:00:00Z');
const DAY_MS = 86_400_000;
const READERS = 12;
let ctx: TestContext;

beforeEach(async () => {
  await clearLedger(database.db);
  ctx = await testContext(database, {});
});

/** Readers with a sent mail a day each, and one that waits. */
async function people(days: number): Promise<bigint[][]> {
  const all: bigint[][] = [];
  for (let n = 0; n < READERS; n++) {
    const email = `reader${n}@${n % 2 === 0 ? 'even' : 'odd'}.example`;
    const { id } = await makeReader(database.db, new Date(START - 30 * DAY_MS), { email });
    const hash = addressHash(ctx.keys.suppression, email);
    await database.pool.query('UPDATE subscribers SET address_hash = $2 WHERE id = $1', [id, hash]);
    await asFixture(
      database.pool,
      `INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
       SELECT 'link', 'day ' || n, $1, $2, $3, 'en', 1, 1, 'sent', at, at, at, at
       FROM generate_series(0, $4::int - 1) n, LATERAL (SELECT $5::timestamptz + n * interval '1 day') AS v(at)`,
      [id, email, hash, days, new Date(START - (n % 3) * 60 * DAY_MS)],
    );
    await asFixture(
      database.pool,
      `INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, next_attempt_at, created_at)
       VALUES ('link', 'waiting', $1, $2, $3, 'en', 1, 1, '2027-01-01', '2026-01-01')`,
      [id, email, hash],
    );
    const rows = await database.db.delivery.findMany({
      where: { subscriberId: id, state: 'sent' },
      orderBy: { id: 'asc' },
    });
    all.push(rows.map((row) => row.id));
  }
  return all;
}

/** Everything that feedback may change. */
async function state() {
  const { rows: mails } = await database.pool.query(
    'SELECT id, state, end_reason, finished_at, last_reply FROM deliveries ORDER BY id',
  );
  const { rows: readers } = await database.pool.query(
    'SELECT id, status, next_due_at, welcome_due_at, unsubscribed_at FROM subscribers ORDER BY id',
  );
  const { rows: standings } = await database.pool.query('SELECT * FROM address_standings ORDER BY address_hash');
  const { rows: suppressions } = await database.pool.query('SELECT * FROM suppressions ORDER BY address_hash');
  return { mails, readers, standings, suppressions };
}

interface Happening {
  reader: number;
  mail: number;
  kind: FeedbackKind;
  about: RefusalTopic | null;
  hours: number;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  reader: fc.nat(READERS - 1),
  mail: fc.nat(19),
  kind: fc.constantFrom('hard', 'soft', 'soft', 'complaint', 'delayed', 'auto-reply'),
  about: fc.constantFrom('address', 'mailbox', 'mailbox', 'us', null),
  hours: fc.integer({ min: 0, max: 30 }),
});

it('when a thousand random events are undone, then every row is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 200 }), async (happenings) => {
      await clearLedger(database.db);
      const mails = await people(20);
      const before = await state();
      let at = START;
      for (const { reader, mail, kind, about, hours } of happenings) {
        at += hours * 3_600_000;
        ctx.setNow(new Date(at));
        const event = { door: 'smtp', kind, about, reportId: null, deliveryId: mails[reader]?.[mail] ?? null } as const;
        const rest = {
          subscriberId: null,
          named: null,
          rule: null,
          status: null,
          reply: null,
          line: null,
          providerId: null,
        };
        await transaction(database.db, (tx) => recordEvents(tx, [{ ...event, ...rest }], new Date(at)));
        await weighEvents(ctx);
      }
      const span = { domain: null, since: new Date(START), until: new Date(at + 1), complaints: true };
      const { kept } = await undoFeedback(ctx, span, 'cli');
      expect(kept).toBe(0);
      expect(await state()).toEqual(before);
    }),
    { numRuns: often(10, 2) },
  );
});

it('when one destination alone is undone, then the others stay; what stands on something newer stays too', async () => {
  const mails = await people(3);
  const before = await state();
  const at = new Date(START + 4 * DAY_MS);
  ctx.setNow(at);
  const rest = {
    subscriberId: null,
    named: null,
    rule: null,
    status: null,
    reply: null,
    line: null,
    providerId: null,
    reportId: null,
  };
  const complaints = [0, 1, 2].map((n) => {
    return { door: 'smtp', kind: 'complaint', about: null, deliveryId: mails[n]?.[0] ?? null, ...rest } as const;
  });
  await transaction(database.db, (tx) => recordEvents(tx, complaints, at));
  await weighEvents(ctx);
  expect(await database.db.suppression.count()).toBe(3);
  await database.db.suppression.updateMany({ where: { addressHash: await hashOf(2) }, data: { reason: 'manual' } });
  const span = { domain: 'even.example', since: at, until: new Date(at.getTime() + 1), complaints: true };
  expect(await undoFeedback(ctx, span, 'cli')).toEqual({
    ...{ undone: 1, kept: 1, byEffect: { left: 1 }, leftOut: { left: 0, complaints: 0 } },
  });
  const after = await state();
  expect(after.readers[0]).toEqual(before.readers[0]);
  expect(after.mails.slice(0, 4)).toEqual(before.mails.slice(0, 4));
  expect(after.readers.map(({ status }: { status: string }) => status).slice(0, 4)).toEqual([
    'confirmed',
    'unsubscribed',
    'unsubscribed',
    'confirmed',
  ]);
});

async function hashOf(n: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = await database.db.subscriber.findFirstOrThrow({ where: { email: { startsWith: `reader${n}@` } } });
  return Uint8Array.from(reader.addressHash);
}

it('when readers left by letter within the span, then that stays; complaints are taken back where that is asked', async () => {
  const at = new Date(START);
  ctx.setNow(new Date(START + 3_600_000));
  const names = ['refused', 'wrote', 'complained', 'both'] as const;
  const readers = new Map<string, { email: string; leaves: () => Promise<unknown>; delivery: string }>();
  for (const name of names) {
    const email = `${name}@left.example`;
    const { id, publicId, generation } = await makeReader(database.db, new Date(START - DAY_MS), { email });
    const { unsubscribe } = signReaderTokens(ctx.keys.link[0]!, publicId, generation);
    const leaves = () => cameBack(ctx, `From: ${email}\nSubject: unsubscribe ${unsubscribe}\n\n`);
    readers.set(name, { email, leaves, delivery: await mailSent(ctx, { id, email }, at) });
  }
  const of = (name: string) => readers.get(name)!;
  await cameBack(ctx, bounceMail(of('refused').email, '5.1.1'), of('refused').delivery);
  await of('wrote').leaves();
  for (const name of ['complained', 'both'])
    await cameBack(ctx, complaintMail(of(name).email, '<x@y>'), of(name).delivery);
  await of('both').leaves();
  const now = async () => {
    const rows = await database.db.subscriber.findMany({ orderBy: { id: 'asc' } });
    const gone = await database.db.suppression.findMany();
    const isGone = (hash: Uint8Array) => gone.some(({ addressHash: each }) => Buffer.from(each).equals(hash));
    return rows.map(({ status, addressHash: hash }) => [status, isGone(hash)]);
  };
  const wrote = ['unsubscribed', false];
  const complained = ['unsubscribed', true];
  expect(await now()).toEqual([['confirmed', true], wrote, complained, complained]);

  const asked = await runCli(['feedback', 'undo', '--since', at.toISOString(), '--domain', 'left.example'], {
    url: database.url,
  });
  expect(asked.stderr).toContain('Take 1 back, but not 2 readers who asked to leave and 1 complaint (--complaints)?');
  expect(asked.code).not.toBe(0);

  const span = { domain: 'left.example', since: at, until: new Date(START + DAY_MS) };
  expect(await undoFeedback(ctx, { ...span, complaints: false }, 'cli')).toEqual({
    ...{ undone: 1, kept: 0, byEffect: { suppressed: 1 }, leftOut: { left: 2, complaints: 1 } },
  });
  expect(await now()).toEqual([['confirmed', false], wrote, complained, complained]);
  expect(await undoFeedback(ctx, { ...span, complaints: true }, 'cli')).toEqual({
    ...{ undone: 1, kept: 0, byEffect: { left: 1 }, leftOut: { left: 2, complaints: 0 } },
  });
  expect(await now()).toEqual([['confirmed', false], wrote, ['confirmed', false], complained]);
});

it('when a complaint of somebody who had not confirmed yet is put right, then they are asked as before, and their link confirms', async () => {
  ctx.setNow(new Date(START));
  await addWebhook(ctx, { url: 'https://hooks.example.org/', events: [] }, 'cli');
  const email = 'pending@left.example';
  const path = await signUp(ctx, email);
  const { id, publicId } = await reload(ctx, email);
  await cameBack(ctx, complaintMail(email, '<x@y>'), await mailSent(ctx, { id, email }, ctx.now()));
  expect(await statusOf(ctx, email)).toBe('unsubscribed');

  await correctComplaint();
  expect(await statusOf(ctx, email)).toBe('pending');
  const told = async () => {
    const messages = await database.db.hookMessage.findMany({ orderBy: { id: 'asc' } });
    return messages.flatMap(({ event, data }) => (JSON.stringify(data).includes(publicId) ? [event] : []));
  };
  const before = ['subscriber.requested', 'subscriber.unsubscribed', 'subscriber.changed'];
  expect(await told()).toEqual(before);

  expect((await confirm(ctx, path.replace('/confirm/', ''), VISITOR)).outcome).toBe('confirmed');
  expect(await told()).toEqual([...before, 'subscriber.confirmed']);
});

it('when a reader whom a complaint had out leaves by their link too, then putting the complaint right lets them be', async () => {
  ctx.setNow(new Date(START));
  const email = 'insists@left.example';
  const reader = await makeReader(database.db, new Date(START - DAY_MS), { email });
  await cameBack(ctx, complaintMail(email, '<x@y>'), await mailSent(ctx, reader, ctx.now()));
  ctx.setNow(new Date(START + 60_000));
  const token = tokenFor(ctx, 'unsubscribe', reader);
  expect((await unsubscribe(ctx, token, { actor: 'one-click' })).outcome).toBe('already');

  await correctComplaint();
  expect(await statusOf(ctx, email)).toBe('unsubscribed');
  expect(await database.db.suppression.count()).toBe(0);
});

/** Says of the newest complaint that it is none. */
async function correctComplaint(): Promise<void> {
  const kind = 'complaint';
  const { publicId } = await database.db.feedbackEvent.findFirstOrThrow({ where: { kind }, orderBy: { id: 'desc' } });
  expect(await correctEvent(ctx, publicId, 'other', 'cli')).toEqual({ outcome: 'corrected' });
}

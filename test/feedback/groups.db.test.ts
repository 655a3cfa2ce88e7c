import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { recordEvents } from '../../src/db/feedback/events.ts';
import type { FeedbackKind } from '../../src/feedback/event.ts';
import type { Received } from '../../src/feedback/received.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { signReaderTokens } from '../../src/links/tokens.ts';
import { deliveryToken, verpAddress } from '../../src/links/verp.ts';
import { addressHash } from '../../src/model/address.ts';
import { recordWeighed, weighEvents } from '../../src/standing/weigh-events.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';
import { bounceMail, complaintMail } from '../world/feedback-mails.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const DOMAIN = 'bounces.example.org';
const NOW = new Date('2026-01-05T09:00:00Z');
const MAILED = ['2025-12-20T08:00:00Z', '2026-01-04T08:00:00Z', '2026-01-05T08:00:00Z'];
const READERS = ['ada', 'alan', 'grace'];
let ctx: TestContext;

/** Public id of a reader's mail, the same in every world. */
const mailOf = (reader: number, mail: number) =>
  `00000000-0000-4000-8000-${String(reader * 10 + mail).padStart(12, '0')}`;
const addressOf = (reader: number) =>
  `${READERS[reader] ?? `reader${reader}`}@${reader < 10 ? 'example.org' : 'erring.example'}`;

/** Three readers with three newsletters each, and one that waits. */
async function makeWorld(): Promise<void> {
  await database.pool.query(
    `CALL empty_tables('deliveries, newsletters, editions, subscribers, suppressions, confirmation_requests, feedback_events, feedback_reports, feedback_places, address_standings, destination_outages, destination_days')`,
  );
  ctx = await testContext(database, { BOUNCE_DOMAIN: DOMAIN });
  ctx.setNow(NOW);
  for (const reader of READERS.keys()) await makeMailed(reader, addressOf(reader));
}

/** A reader with newsletters that were sent, and one that waits. */
async function makeMailed(reader: number, email: string): Promise<void> {
  const hash = addressHash(ctx.keys.suppression, email);
  const { id } = await makeReader(database.db, NOW, { email });
  const given = [id, hash, `reader-${reader}`];
  await database.pool.query('UPDATE subscribers SET address_hash = $2, public_id = $3 WHERE id = $1', given);
  const insert = async (mail: number, state: string, at: string) =>
    asFixture(
      database.pool,
      `INSERT INTO deliveries (public_id, kind, key, subscriber_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
       VALUES ($1, 'newsletter', $2, $3, $4, $5, 'en', 1, 1, $6::delivery_state, $7, CASE WHEN $6 = 'sent' THEN $7::timestamptz END, CASE WHEN $6 = 'sent' THEN $7::timestamptz END, $7)`,
      [mailOf(reader, mail), `daily:${mail}`, id, email, hash, state, at],
    );
  for (const [mail, at] of MAILED.entries()) await insert(mail, 'sent', at);
  await insert(MAILED.length, 'planned', '2026-01-06T08:00:00Z');
}

/** One thing that comes in. */
interface Coming {
  reader: number;
  mail: number;
  way: keyof typeof WAYS;
  /** Makes other bytes of it. */
  again: number;
}

const key = () => ctx.keys.link[0]!;
const bounced = (status: string) => (coming: Coming) =>
  asMail(bounceMail(addressOf(coming.reader), status) + '\n'.repeat(coming.again), coming);
const told = (kind: FeedbackKind, about: 'address' | 'mailbox' | null) => (coming: Coming) =>
  asTold(kind, about, coming);

const WAYS = {
  hard: bounced('5.1.1'),
  full: bounced('4.2.2'),
  policy: bounced('5.7.1'),
  unsigned: ({ reader, again }: Coming) => asMail(bounceMail(addressOf(reader), '5.1.1') + '\n'.repeat(again), null),
  complaint: (coming: Coming) => {
    const messageId = `<${mailOf(coming.reader, coming.mail).replaceAll('-', '')}@digest.example.org>`;
    return asMail(complaintMail(addressOf(coming.reader), messageId) + '\n'.repeat(coming.again), null);
  },
  hookHard: told('hard', 'address'),
  hookFull: told('soft', 'mailbox'),
  hookDelivered: told('delivered', null),
  hookComplaint: told('complaint', null),
  hookLeaves: told('unsubscribe', null),
  leaves: ({ reader, again }: Coming) => {
    const token = signReaderTokens(key(), `reader-${reader}`, 1).unsubscribe;
    return asMail(`From: ${addressOf(reader)}\nSubject: unsubscribe ${token}\n\n${again}`, null);
  },
  asks: ({ reader, again }: Coming) =>
    asMail(`From: ${addressOf(reader)}\nSubject: unsubscribe\n\nplease ${again}`, null),
  answers: ({ reader, again }: Coming) =>
    asMail(`From: ${addressOf(reader)}\nSubject: Re: papers\nIn-Reply-To: <x@y>\n\nThanks ${again}\n`, null),
};

function asMail(raw: string, signedFor: Coming | null): Received {
  const recipients = signedFor ? [verpAddress(key(), mailOf(signedFor.reader, signedFor.mail), DOMAIN)] : [];
  return { door: 'smtp', name: 'a session', bytes: Buffer.from(raw), recipients };
}

function asTold(kind: FeedbackKind, about: 'address' | 'mailbox' | null, { reader, mail, again }: Coming): Received {
  const id = `${kind}-${reader}-${mail}-${again % 2}`;
  const said = { status: null, reply: null, about, rule: null, line: kind };
  const recipients = [{ address: addressOf(reader), kind, ...said }];
  const token = deliveryToken(key(), mailOf(reader, mail));
  const event = { id, token, messageId: null, kind, recipients, because: kind };
  return { door: 'webhook', name: 'ses', bytes: Buffer.from(`${id} ${again}`), recipients: [], told: [event] };
}

const received = (coming: Coming) => WAYS[coming.way](coming);

/** All that is kept, but for what is made up anew each time: numbers and random names. */
async function rows(): Promise<Record<string, unknown[]>> {
  const of = async (text: string) => (await database.pool.query(text)).rows as unknown[];
  return {
    events:
      await of(`SELECT e.door, e.kind, d.public_id, s.public_id AS reader, encode(e.address_hash, 'hex') AS hash, e.destination, e.named, e.about, e.rule, e.status, e.reply,
      e.line, e.counts_on, e.provider_id, e.at, e.proven, e.effect, e.before, e.after, encode(r.sha256, 'hex') AS report
      FROM feedback_events e LEFT JOIN deliveries d ON d.id = e.delivery_id LEFT JOIN subscribers s ON s.id = e.subscriber_id LEFT JOIN feedback_reports r ON r.id = e.report_id
      ORDER BY e.kind, d.public_id, e.counts_on, report, e.named`),
    reports: await of(
      `SELECT door, name, encode(sha256, 'hex') AS sha256, bytes, kind, because, sender, subject, waits FROM feedback_reports ORDER BY 3`,
    ),
    standings: await of(`SELECT * FROM address_standings ORDER BY address_hash`),
    suppressions: await of(`SELECT * FROM suppressions ORDER BY address_hash`),
    readers: await of(`SELECT public_id, status, generation, next_due_at FROM subscribers ORDER BY 1`),
    mails: await of(
      `SELECT kind, email, state, next_attempt_at, last_reply, end_reason, finished_at, sent_at FROM deliveries ORDER BY kind, email, created_at, state`,
    ),
    days: await of(`SELECT * FROM destination_days ORDER BY day, destination, answer, about`),
  };
}

/** What each was answered, and all that is kept then. */
async function leftBy(groups: readonly (readonly Coming[])[]) {
  await makeWorld();
  const take = takeIn(ctx);
  const answers: unknown[] = [];
  for (const group of groups) answers.push(...(await Promise.all(group.map((coming) => take(received(coming))))));
  return { answers, ...(await rows()) };
}

const singly = (all: readonly Coming[]) => leftBy(all.map((coming) => [coming]));

beforeEach(makeWorld);

describe('what comes in a group', () => {
  it(
    'when anything comes in any order, then a group leaves the same behind as one by one',
    { timeout: 120_000 },
    async () => {
      const coming = fc.record({
        reader: fc.nat(READERS.length - 1),
        mail: fc.nat(MAILED.length - 1),
        way: fc.constantFrom(...(Object.keys(WAYS) as (keyof typeof WAYS)[])),
        again: fc.nat(2),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(coming, { minLength: 2, maxLength: 14 }), async (all) => {
          expect(await leftBy([all])).toEqual(await singly(all));
        }),
        { numRuns: 12 },
      );
    },
  );

  it('when one group tells of a mail what is final and then less, then that is outranked as one by one', async () => {
    const { id } = await database.db.delivery.findUniqueOrThrow({ where: { publicId: mailOf(0, 2) } });
    const from = {
      door: 'smtp',
      reportId: null,
      deliveryId: id,
      subscriberId: null,
      named: null,
      providerId: null,
    } as const;
    const said = { rule: null, status: null, reply: null, line: null };
    const hard = { ...from, ...said, kind: 'hard', about: 'address' } as const;
    const full = { ...from, ...said, kind: 'soft', about: 'mailbox' } as const;
    const { effects } = await transaction(ctx.db, (tx) => recordWeighed(ctx, tx, [hard, full]));
    expect(effects).toEqual(['in-doubt', 'outranked']);
    expect((await rows())['standings']).toMatchObject([{ half_points: 0 }]);
  });

  type Telling = 'session' | 'hard' | 'hookHard';
  const orders = [
    ['session', 'hard', 'hookHard'],
    ['session', 'hookHard', 'hard'],
    ['hard', 'session', 'hookHard'],
    ['hard', 'hookHard', 'session'],
    ['hookHard', 'session', 'hard'],
    ['hookHard', 'hard', 'session'],
  ] as const satisfies Telling[][];

  /** The session's answer is recorded by whoever sends, in a transaction of their own. */
  async function session(): Promise<void> {
    const { id } = await database.db.delivery.findUniqueOrThrow({ where: { publicId: mailOf(0, 2) } });
    const said = { about: 'address' as const, rule: null, status: '5.1.1', reply: '550', line: '550 5.1.1 unknown' };
    const from = { reportId: null, deliveryId: id, subscriberId: null, named: null, providerId: null };
    await recordEvents(database.db, [{ door: 'session', kind: 'hard', ...from, ...said }], NOW);
    await weighEvents(ctx);
  }

  it.each(orders)('when a refusal is told as %s, %s and %s, then it is one event with one state', async (...order) => {
    const take = takeIn(ctx);
    const coming = (way: Telling) =>
      way === 'session' ? session() : take(received({ reader: 0, mail: 2, way, again: 0 }));
    await Promise.all(order.map(coming));
    const { events, suppressions, standings } = await rows();
    expect(events).toHaveLength(1);
    expect(events).toMatchObject([{ kind: 'hard', effect: 'in-doubt', public_id: mailOf(0, 2) }]);
    expect([suppressions, standings]).toMatchObject([[], [{ half_points: 0 }]]);
  });

  it('when a session tells of a refusal that is being weighed, then it is one event with one state', async () => {
    const { id } = await database.db.delivery.findUniqueOrThrow({ where: { publicId: mailOf(0, 2) } });
    const telling = await database.pool.connect();
    await telling.query('BEGIN');
    await telling.query(
      `INSERT INTO feedback_events (door, kind, delivery_id, subscriber_id, address_hash, destination, about, counts_on, at)
       SELECT 'session', 'hard', id, subscriber_id, address_hash, 'example.org', 'address', '2026-01-05', $2 FROM deliveries WHERE id = $1`,
      [id, NOW],
    );
    const taking = takeIn(ctx)(received({ reader: 0, mail: 2, way: 'hard', again: 0 }));
    await until('the report waits for the session', async () => (await database.pool.query(WAITING)).rowCount === 1);
    await telling.query('COMMIT');
    telling.release();
    expect(await taking).toMatchObject({ isNew: true, events: [{ effect: 'already' }] });
    expect(await rows()).toMatchObject({
      events: [{ door: 'session', effect: 'in-doubt' }],
      reports: [{ door: 'smtp' }],
      standings: [{ half_points: 0 }],
    });
  });

  it('when one body tells of every mail to an address, then each of them counts for the others', async () => {
    const [first, ...more] = MAILED.map((_, mail) => received({ reader: 0, mail, way: 'hookHard', again: 0 }));
    const all = [first!, ...more, first!].flatMap(({ told: events }) => events ?? []);
    const { events } = await takeIn(ctx)({ ...first!, told: all });
    // It took none of them: it is not proven. And what is told twice is one event.
    expect(events.map(({ effect }) => effect)).toEqual(['suppressed', 'already', 'already', 'already']);
    expect((await rows())['events']).toMatchObject(MAILED.map(() => ({ kind: 'hard', proven: false })));
  });

  it('when one of a group cannot be stored, then it alone hears so, and the others are in', async () => {
    const take = takeIn(ctx);
    const poisoned = { ...received({ reader: 1, mail: 1, way: 'hookHard', again: 0 }), door: 'nowhere' as 'smtp' };
    const good = [0, 1, 2].map((reader) => received({ reader, mail: 2, way: 'hard', again: 0 }));
    const answers = await Promise.allSettled([good[0]!, poisoned, good[1]!, good[2]!].map(take));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((await rows())['events']).toHaveLength(3);
  });

  it('when the database goes away amid a group, then all of it hear so, and nothing of it is in until they come again', async () => {
    const take = takeIn(ctx);
    const all = [0, 1, 2].map((reader) => received({ reader, mail: 2, way: 'hard', again: 0 }));
    const holder = await database.pool.connect();
    await holder.query('BEGIN; LOCK TABLE feedback_events IN EXCLUSIVE MODE');
    const answers = Promise.allSettled(all.map(take));
    await cutWhoeverWaits();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await holder.query('ROLLBACK');
    holder.release();
    expect(await rows()).toMatchObject({ events: [], reports: [] });
    const again = await Promise.all(all.map(take));
    expect(again.map(({ isNew }) => isNew)).toEqual([true, true, true]);
    expect((await rows())['events']).toHaveLength(3);
  });

  const WAITING = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

  /** Ends the session of whoever waits for a table, as a server does that goes down. */
  async function cutWhoeverWaits(): Promise<void> {
    await until('somebody waits for the table', async () => {
      const { rowCount } = await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return (rowCount ?? 0) > 0;
    });
  }

  it('when a destination begins to err in a group, then each of it hears that it is excused', async () => {
    const readers = Array.from({ length: 25 }, (_, n) => 10 + n);
    for (const reader of readers) await makeMailed(reader, `reader${reader}@erring.example`);
    const take = takeIn(ctx);
    const answers = await Promise.all(
      readers.map((reader) => take(received({ reader, mail: 2, way: 'hard', again: 0 }))),
    );
    expect(answers.map(({ events: [event] }) => event?.effect)).toEqual(readers.map(() => 'excused'));
  });

  it('when a body tells of more than a transaction weighs, then all of it is weighed', async () => {
    const events = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ id: `e-${n}`, token: null, messageId: null, kind: 'hard' as const, because: 'bounce' },
      recipients: [
        {
          ...{ address: `nobody${n}@example.net`, kind: 'hard' as const },
          ...{ status: null, reply: null, about: null, rule: null, line: null },
        },
      ],
    }));
    const taken = await takeIn(ctx)({
      door: 'webhook',
      name: 'ses',
      bytes: Buffer.from('x'),
      recipients: [],
      told: events,
    });
    expect(taken.events.filter(({ effect }) => effect === 'unplaced')).toHaveLength(1_000);
    expect(await database.db.feedbackEvent.count({ where: { effect: null } })).toBe(0);
  });
});

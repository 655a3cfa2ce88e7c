import { randomBytes } from 'node:crypto';
import type { Db } from '../../src/db/client.ts';
import { addressHash } from '../../src/model/address.ts';
import { Prisma } from '../../src/db/generated/client.ts';
import { wordsAbout } from '../../src/db/ledger/moves.ts';
import type { DeliveryState, EndReason } from '../../src/model/delivery.ts';
import type { Mail } from '../../src/model/mail.ts';
import type { Composer } from '../../src/model/newsletter.ts';

/** The suppression key of these tests. */
export const KEY = Buffer.alloc(32, 7);

/** Composes small mails that are real enough for SMTP: for tests of sending, not of composing. */
export function plainComposer(overrides: Partial<Composer> = {}): Composer {
  const compose = (input: { deliveryPublicId: string; email: string }, subject: string): Mail => {
    const messageId = `<${input.deliveryPublicId}@digest.example.org>`;
    const lines = [
      'From: Offprint <papers@digest.example.org>',
      `To: ${input.email}`,
      `Subject: ${subject}`,
      'Date: Mon, 05 Jan 2026 12:00:00 +0000',
      `Message-ID: ${messageId}`,
      '',
      'Hello.',
      '.a line that begins with a dot',
      '',
    ];
    return {
      envelope: { from: 'bounce@digest.example.org', to: input.email },
      messageId,
      raw: Buffer.from(lines.join('\r\n')),
    };
  };
  return {
    newsletter: (input) => compose(input, input.editionKey),
    notice: (input) => compose(input, input.kind),
    page: () => ({ subject: '', html: '', text: '' }),
    sign: (mail) => Promise.resolve(mail),
    ...overrides,
  };
}

/**
 * Composes like plainComposer, mails as long as newsletters that are written to the server as they stand, as all that
 * we compose are.
 */
export function dotlessComposer(): Composer {
  const plain = plainComposer();
  const body = Buffer.from(
    'A line of a newsletter, as long as quoted-printable makes them, and no dot.\r\n'.repeat(600),
  );
  const dotless = (mail: Mail): Mail => {
    const head = mail.raw.subarray(0, mail.raw.indexOf('\r\n\r\n') + 4);
    return { ...mail, raw: Buffer.concat([head, body]), dotless: true };
  };
  return {
    ...plain,
    newsletter: (input) => dotless(plain.newsletter(input)),
    notice: (input) => dotless(plain.notice(input)),
  };
}

/** A delivery as these tests look at it. */
export interface LedgerRow {
  email: string;
  state: DeliveryState;
  attempt: number;
  /** As the lists show it: why it ended, or the last words. */
  last_reply: string | null;
  end_reason: EndReason | null;
  message_id: string | null;
  handed_at: Date | null;
  sent_at: Date | null;
  next_attempt_at: Date;
  tries: number;
}

/** Makes a subscriber by SQL and returns its id. */
export async function makeSubscriber(
  db: Db,
  email: string,
  change: { status?: string; pausedUntil?: Date } = {},
): Promise<number> {
  const { status = 'confirmed', pausedUntil = null } = change;
  const rows = await db.$queryRaw<{ id: number }[]>`
    INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, paused_until, created_at)
    VALUES (${randomBytes(8).toString('hex')}, ${email}, ${addressHash(KEY, email)}, ${status}::subscriber_status, 'daily', 1, 8, 'UTC', 10, 'en',
      ${pausedUntil}, '2026-01-01T00:00:00Z')
    RETURNING id`;
  return rows[0]?.id ?? 0;
}

/** Plans a mail by SQL, by default a link for a confirmed reader, due since long ago; returns its id. */
export async function planMail(
  db: Db,
  mail: {
    subscriberId: number;
    email: string;
    kind?: string;
    key?: string;
    edition?: string;
    lateAt?: Date;
    priority?: number;
    dueAt?: Date;
  },
): Promise<bigint> {
  const {
    kind = 'link',
    key = mail.edition ?? 'k',
    edition,
    lateAt = null,
    priority = 5,
    dueAt = new Date('2026-01-02T00:00:00Z'),
  } = mail;
  const editionId = edition ? await makeEdition(db, edition) : null;
  const newsletterId =
    kind === 'newsletter' && editionId ? await makeNewsletter(db, mail.subscriberId, editionId) : null;
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, request_id, language, key_id, generation,
      priority, next_attempt_at, late_at, created_at)
    VALUES (${kind}::delivery_kind, ${key}, ${mail.subscriberId}, ${editionId}, ${newsletterId}, ${mail.email}, ${addressHash(KEY, mail.email)},
      (SELECT id FROM confirmation_requests WHERE public_id = ${key}), 'en', 1, 1, ${priority}, ${dueAt},
      ${lateAt}, '2026-01-01T00:00:00Z')
    RETURNING id`;
  return rows[0]?.id ?? 0n;
}

/** Plans `count` mails to as many readers in one statement, all in one edition. */
export async function planMany(db: Db, count: number, edition = 'daily:2026-01-05'): Promise<void> {
  const editionId = await makeEdition(db, edition);
  await db.$executeRaw`
    WITH people AS (
      INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
      SELECT 'p' || n, 'reader' || n || '@example.org', sha256(('reader' || n)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', '2026-01-01'
      FROM generate_series(1, ${count}::int) n RETURNING id, email, address_hash
    )
    INSERT INTO deliveries (kind, key, subscriber_id, edition_id, email, address_hash, language, key_id, generation, next_attempt_at, created_at)
    SELECT 'link', ${edition}, id, ${editionId}, email, address_hash, 'en', 1, 1, '2026-01-02', '2026-01-01' FROM people`;
}

/** Makes an edition, or finds it; returns its id. */
export async function makeEdition(db: Db, key: string): Promise<number> {
  const row = await db.edition.upsert({
    where: { key },
    create: { key, createdAt: new Date('2026-01-01T00:00:00Z') },
    update: {},
  });
  return row.id;
}

/** Makes a newsletter of one paper that nobody needs to find. */
export async function makeNewsletter(
  db: Db,
  subscriberId: number,
  editionId: number,
  paperIds: number[] = [1],
): Promise<bigint> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
      trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    VALUES (${subscriberId}, ${editionId}, ${paperIds}, ${paperIds}, ${paperIds.map(() => 0)}, ${paperIds.map(() => 1)}, ${paperIds.map(() => 1)}, 1, 0, '{}',
      'en', 1, 1, 1, '2026-01-05', '2026-01-05', '2026-01-05')
    RETURNING id`;
  return rows[0]?.id ?? 0n;
}

/** Reads the whole ledger in order. */
export async function ledger(db: Db): Promise<LedgerRow[]> {
  return db.$queryRaw<LedgerRow[]>`
    SELECT email, state, attempt, ${Prisma.raw(wordsAbout('d'))} AS last_reply, end_reason, message_id, handed_at, sent_at, next_attempt_at,
      (SELECT count(*)::int FROM attempts a WHERE a.delivery_id = d.id) AS tries
    FROM deliveries d ORDER BY d.id`;
}

/** Empties what these tests write. */
export async function clearLedger(db: Db): Promise<void> {
  await db.$executeRaw`TRUNCATE deliveries, newsletters, editions, subscribers, suppressions, confirmation_requests, sending_paces, sending_circuits, sending_days, sending_shares CASCADE`;
}

import type { Db } from '../../src/db/client.ts';
import { addressHash } from '../../src/model/address.ts';
import { KEY } from './readers.ts';

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

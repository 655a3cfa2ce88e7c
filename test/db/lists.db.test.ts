import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { listRejectedCaptures } from '../../src/db/digests/captures.ts';
import { listDigests } from '../../src/db/digests/digests.ts';
import { searchPapers } from '../../src/db/digests/paper-search.ts';
import { listLetters } from '../../src/db/feedback/letters.ts';
import { listEvents } from '../../src/db/feedback/list.ts';
import { listDeliveries } from '../../src/db/ledger/list.ts';
import { listEditions } from '../../src/db/newsletters/editions.ts';
import { listNothing } from '../../src/db/newsletters/nothing.ts';
import { listActs } from '../../src/db/operator/acts-list.ts';
import { listSubscribers, searchSubscribers } from '../../src/db/subscribers/list.ts';
import { pageOfSent } from '../../src/db/subscribers/sent.ts';
import { listSuppressions } from '../../src/db/subscribers/suppressions.ts';
import { eachPage, type Page, type PageWish } from '../../src/lib/cursor.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const AT = '2026-01-05T08:00:00Z';

/** A list: how a row comes in at a place that chance decides, how a page is read, and what names a row. */
interface List {
  insert: (random: (below: number) => number) => Promise<unknown>;
  read: (wish: PageWish) => Promise<Page<string>>;
}

const sql = (text: string, ...values: unknown[]) => database.pool.query(text, values);
const named = <Row>(page: Page<Row>, nameOf: (row: Row) => string): Page<string> => ({
  ...page,
  rows: page.rows.map(nameOf),
});
let made = 0;

async function insertDigest(random: (below: number) => number): Promise<number> {
  const { rows } = await sql(
    `WITH capture AS (
       INSERT INTO captures (source, name, sha256, bytes, state, received_at) VALUES ('made', 'x', $1, '', 'parsed', $2) RETURNING id)
     INSERT INTO digests (source, digest_on, capture_id, verdict, state, arrived_at)
     SELECT $3, '2026-01-01'::date + $4::int, id, 'fresh', 'accepted', $2 FROM capture
     ON CONFLICT (source, digest_on) DO UPDATE SET source = excluded.source RETURNING id`,
    ...[`digest ${++made}`, AT, `source ${random(5)}`, random(12)],
  );
  return (rows[0] as { id: number }).id;
}

async function insertEntry(random: (below: number) => number): Promise<void> {
  const digest = await insertDigest(random);
  const known = await sql('SELECT id FROM papers ORDER BY id');
  const paper =
    random(3) === 0 && known.rows.length > 0
      ? (known.rows[random(known.rows.length)] as { id: number })
      : ((
          await sql(
            `INSERT INTO papers (public_id, title, abstract, authors, arrived_at, created_at) VALUES ($1, 'Graphs', '', '{}', $2, $2) RETURNING id`,
            ...[`paper ${++made}`, AT],
          )
        ).rows[0] as { id: number });
  await sql(
    `INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors) VALUES ($1, $2, $3, 'On graphs', '', '{}')
     ON CONFLICT DO NOTHING`,
    ...[digest, paper.id, random(40)],
  );
}

async function insertSubscriber(random: (below: number) => number): Promise<void> {
  const local = `${'ab-_.1'[random(6)]}${String.fromCharCode(97 + random(26))}${++made}`.replace(/^[.]/, 'x');
  await sql(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
     VALUES ($1, $2, sha256($2::text::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', $3)`,
    ...[`reader ${made}`, `${local}@example.org`, AT],
  );
}

/** The one reader whose mails are listed. */
async function readerId(): Promise<number> {
  if ((await sql('SELECT 1 FROM subscribers')).rowCount === 0) await insertSubscriber(generator(1));
  return ((await sql('SELECT min(id) AS id FROM subscribers')).rows[0] as { id: number }).id;
}

const lists: Record<string, List> = {
  deliveries: {
    insert: () =>
      sql(
        `INSERT INTO deliveries (kind, key, email, language, key_id, generation, next_attempt_at, created_at)
         VALUES ('alarm', $1, 'ada@example.org', 'en', 1, 1, $2, $2)`,
        ...[`${++made}`, AT],
      ),
    read: async (wish) => named(await listDeliveries(database.db, {}, wish), ({ id }) => id),
  },
  'mails to a reader': {
    insert: async () =>
      sql(
        `INSERT INTO deliveries (kind, key, subscriber_id, email, language, key_id, generation, next_attempt_at, created_at)
         VALUES ('link', $1, $2, 'ada@example.org', 'en', 1, 1, $3, $3)`,
        ...[`${++made}`, await readerId(), new Date(Date.parse(AT) + made)],
      ),
    read: async (wish) => named(await pageOfSent(database.db, await readerId(), wish), ({ at }) => at.toISOString()),
  },
  'readers without a newsletter': {
    insert: async (random) => {
      const many = 1 + random(4);
      for (let n = 0; n < many; n++) await insertSubscriber(random);
      return sql(
        `INSERT INTO edition_nothing_readers (edition_key, reason, n, reader_ids, planned_at)
         SELECT 'daily:2026-01-05', 'no-news', $1, array_agg(id), $2 FROM (SELECT id FROM subscribers ORDER BY id DESC LIMIT $1) newest`,
        ...[many, AT],
      );
    },
    read: async (wish) => named(await listNothing(database.db, {}, wish), ({ email }) => email ?? ''),
  },
  editions: {
    insert: () => sql('INSERT INTO editions (key, created_at) VALUES ($1, $2)', `welcome:${++made}`, AT),
    read: async (wish) => named(await listEditions(database.db, wish), ({ key }) => key),
  },
  acts: {
    insert: () => sql(`INSERT INTO audit_log (at, actor, action) VALUES ($2, 'cli', $1)`, `act ${++made}`, AT),
    read: async (wish) => named(await listActs(database.db, wish), ({ action }) => action),
  },
  suppressions: {
    insert: (random) =>
      sql(
        `INSERT INTO suppressions (address_hash, reason, at) VALUES ($1, 'manual', $2)`,
        ...[createHash('sha256').update(`${++made}`).digest(), new Date(Date.parse(AT) + random(4))],
      ),
    read: async (wish) =>
      named(await listSuppressions(database.db, wish), ({ addressHash }) => Buffer.from(addressHash).toString('hex')),
  },
  subscribers: {
    insert: insertSubscriber,
    read: async (wish) => named(await listSubscribers(database.db, wish), ({ email }) => email),
  },
  'subscribers whose address begins so': {
    insert: insertSubscriber,
    read: async (wish) => named(await searchSubscribers(database.db, 'a', wish), ({ email }) => email),
  },
  digests: {
    insert: insertDigest,
    read: async (wish) => named(await listDigests(database.db, wish), ({ id }) => String(id)),
  },
  'files that are no digest': {
    insert: () =>
      sql(
        `INSERT INTO captures (source, name, sha256, bytes, state, received_at) VALUES ('own', $1, $1, '', 'rejected', $2)`,
        ...[`file ${++made}`, AT],
      ),
    read: async (wish) => named(await listRejectedCaptures(database.db, wish), ({ name }) => name),
  },
  'what came back': {
    insert: (random) =>
      sql(
        `INSERT INTO feedback_events (door, kind, named, counts_on, at) VALUES ('file', 'soft', $1, '2026-01-05', $2)`,
        ...[`${++made}@example.org`, new Date(Date.parse(AT) + random(4))],
      ),
    read: async (wish) => named(await listEvents(database.db, {}, wish), ({ id }) => id),
  },
  letters: {
    insert: (random) =>
      sql(
        `INSERT INTO feedback_reports (door, name, sha256, bytes, kind, because, sender, received_at, waits)
         VALUES ('file', 'x', $1, '', 'reply', '', 'ada@example.org', $2, true)`,
        ...[createHash('sha256').update(`${++made}`).digest(), new Date(Date.parse(AT) + random(4))],
      ),
    read: async (wish) => named(await listLetters(database.db, true, wish), ({ id }) => id),
  },
  'papers found': {
    insert: insertEntry,
    read: async (wish) => named(await searchPapers(database.db, 'graphs', wish), ({ paperPublicId }) => paperPublicId),
  },
};

beforeEach(async () => {
  await database.db.$executeRaw`
    CALL empty_anew('subscribers, edition_nothing_readers, audit_log, captures, papers, suppressions, editions, deliveries')`;
});

describe.each(Object.entries(lists))('the list of %s', (_name, list) => {
  const all = async () => (await list.read({ limit: 1_000 })).rows;

  it.each([1, 2, 3])(
    'when rows come in while it is paged (%s), then none is shown twice and none is lost',
    async (seed) => {
      const random = generator(seed);
      for (let n = 0; n < 25; n++) await list.insert(random);
      const before = await all();
      expect(before.length).toBeGreaterThan(2);
      const seen: string[] = [];
      for await (const rows of eachPage(list.read, { limit: 2 + random(5) })) {
        seen.push(...rows);
        for (let n = random(4); n > 0; n--) await list.insert(random);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(before));
    },
  );

  it('when nothing comes in, then its pages are the list, in order, with no empty page at the end', async () => {
    const random = generator(9);
    for (let n = 0; n < 24; n++) await list.insert(random);
    const whole = await all();
    const pages: string[][] = [];
    const limit = Math.max(1, Math.floor(whole.length / 3));
    for await (const rows of eachPage(list.read, { limit })) pages.push(rows);
    expect(pages.flat()).toEqual(whole);
    expect(pages.map(({ length }) => length)).not.toContain(0);
  });

  it("when the cursor is another list's, or none, then it is bad input", async () => {
    const other = Buffer.from(JSON.stringify(['other', '1'])).toString('base64url');
    for (const cursor of [other, '17', '2026-01-05', '%', "' OR 1=1 --"])
      await expect(list.read({ limit: 5, cursor })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

/** A small generator of numbers (mulberry32), so that a failing round can be played again. */
function generator(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b9;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

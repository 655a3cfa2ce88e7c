import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/lib/cursor.ts';
import { findListedSubscriber, listSubscribers, searchSubscribers } from '../../src/db/subscribers/list.ts';
import { canonicalDomain, displayAddress } from '../../src/model/address.ts';
import { testDatabase } from '../support/database.ts';
import { explain } from '../support/explain.ts';

const database = testDatabase();
const MANY = 50_000;
const PAGE = 50;
/** A page of rows, each by an index, and the way to them. */
const FEW_BLOCKS = 4 * PAGE;

type Values = Parameters<typeof explain>[2];

beforeAll(async () => {
  await database.pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
     SELECT 'id-' || md5(n::text), 'reader' || n || '@example.org', sha256(('reader' || n)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en',
       '2026-01-01' FROM generate_series(1, $1::int) n`,
    [MANY],
  );
  for (const email of ['ada_b@example.org', 'adaxb@example.org', 'ada%@example.org', 'zoe@xn--bcher-kva.example'])
    await database.pool.query(
      `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
       VALUES ($1, $1, sha256($1::text::bytea), 'unsubscribed', 'daily', 1, 8, 'UTC', 10, 'en', '2026-01-01')`,
      [email],
    );
  await database.pool.query('ANALYZE');
}, 120_000);

/** Does some work and returns the statements on readers that it sent. */
async function statementsOf(work: () => Promise<unknown>): Promise<{ text: string; values: Values }[]> {
  const { pool } = database;
  const sent: { text: string; values: Values }[] = [];
  const query = pool.query.bind(pool);
  pool.query = ((...args: [{ text: string; values?: Values }, Values?]) => {
    const [{ text, values }, more] = args;
    if (/FROM "public"\."subscribers"/.test(text)) sent.push({ text, values: more ?? values ?? [] });
    return query(...(args as unknown as Parameters<typeof query>));
  }) as unknown as typeof pool.query;
  await work().finally(() => (pool.query = query));
  return sent;
}

const emails = ({ rows }: Page<{ email: string }>) => rows.map(({ email }) => email);
const search = (text: string, wish: Partial<Parameters<typeof searchSubscribers>[2]> = {}) =>
  searchSubscribers(database.db, text, { limit: PAGE, ...wish });

describe('searching readers', () => {
  const id = 'id-c4ca4238a0b923820dcc509a6f75849b'; // md5('1')
  const cases: [string, () => Promise<unknown>][] = [
    ['a public id', () => search(id)],
    ['a page by public id', () => findListedSubscriber(database.db, id)],
    ['a whole address', () => search('reader49999@example.org')],
    ['how an address begins', () => search('reader4999')],
    ['how every address begins', () => search('r')],
    ['an address up to its domain', () => search('reader4999@exam')],
    ['what nobody has', () => search('nobody-at-all')],
    [
      'a list from the middle on',
      async () => {
        const { next } = await search('reader3');
        return search('reader3', { cursor: next });
      },
    ],
    ['the list of an address', () => listSubscribers(database.db, { limit: PAGE, address: 'reader7@example.org' })],
    ['the whole list', () => listSubscribers(database.db, { limit: PAGE })],
  ];

  it.each(cases)('when it is for %s, then a page of rows is read, not the table', async (_what, work) => {
    const statements = await statementsOf(work);
    expect(statements.length).toBeGreaterThan(0);
    for (const { text, values } of statements)
      for (const planned of ['custom', 'generic'] as const) {
        const { rowsRead, blocks } = await explain(database.pool, text, values, planned);
        expect(rowsRead.get('subscribers') ?? 0).toBeLessThanOrEqual(PAGE + 1);
        expect(blocks).toBeLessThan(FEW_BLOCKS);
      }
  });

  it('when it is for a public id, then that reader alone is found, where the status is the one asked for', async () => {
    expect(emails(await search(` ${id} `))).toEqual(['reader1@example.org']);
    expect(emails(await search(id, { status: 'pending' }))).toEqual([]);
  });

  it('when it is for a beginning, then those are found by address, in any case of letters, and no sign stands for others', async () => {
    expect(emails(await search('Reader4999'))).toEqual([
      ...Array.from({ length: 10 }, (_, n) => `reader4999${n}@example.org`),
      'reader4999@example.org',
    ]);
    expect(emails(await search('ada_'))).toEqual(['ada_b@example.org']);
    expect(emails(await search('ada%'))).toEqual(['ada%@example.org']);
    expect(emails(await search('ada', { status: 'confirmed' }))).toEqual([]);
    expect(emails(await search('Zoe@BÜCHER.example'))).toEqual(['zoe@xn--bcher-kva.example']);
  });

  it.each([
    ...['zoe@bücher.example', 'zoe@bücher.e', 'zoe@bücher', 'ZOE@BÜCH', 'zoe@b', 'zoe@', 'zoe@bu\u0308ch'],
    ...['zoe@xn--bcher-kva.example', 'zoe@xn--bch', 'zoe@x', 'Zoë <zoe@bücher.example>', 'mailto:zoe@bücher.example'],
    ...['\u200bzoe@b\u00fccher.example\ufeff', '\u2068zoe@bücher\u2069'],
  ])('when «%s» is pasted or typed, then the reader shown as zoe@bücher.example is found', async (text) => {
    expect(emails(await search(text))).toEqual(['zoe@xn--bcher-kva.example']);
  });

  it.each(['zoe@c', 'zoe@bz', 'zoe@bücher.x', 'zoe@böcher', 'zo@bücher.example', '%', '_', 'zoe@%', '\\'])(
    'when «%s» is looked for, then nobody is found by it',
    async (text) => {
      expect(emails(await search(text))).toEqual([]);
    },
  );

  it('when more readers at names not in ASCII are there than a page holds, then each is found once', async () => {
    for (let n = 0; n < 9; n++)
      await database.pool.query(
        `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
         VALUES ($1, $1, sha256($1::text::bytea), 'pending', 'daily', 1, 8, 'UTC', 10, 'en', '2026-01-01')`,
        [`max@${canonicalDomain(`${n % 2 ? 'bü' : 'bö'}${n}.example`)}`],
      );
    const pages: string[][] = [];
    for (let cursor: string | null = null; pages.length < 9;) {
      const page: Page<{ email: string }> = await search('max@bü', { limit: 2, cursor });
      pages.push(emails(page));
      cursor = page.next;
      if (cursor === null) break;
    }
    expect(pages.flat().map(displayAddress).sort()).toEqual([1, 3, 5, 7].map((n) => `max@bü${n}.example`));
    expect(pages.length).toBe(2);
  });
});

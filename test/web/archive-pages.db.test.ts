import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import { adminServer, type AdminServer } from '../admin/admin-server.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
const DAYS = 30;
const SOURCES = ['arxiv', 'hf', 'own'];
const PAPERS = 120;
let ctx: TestContext;
let web: AdminServer;

const dayOf = (n: number) => addDays('2026-01-01', n);
const wanted = Array.from({ length: DAYS }, (_, n) => SOURCES.map((source) => `${dayOf(n)} ${source}`)).flat();

const list = (digestOn: string, source: string) => makeDigest(ctx.db, digestOn, [], ctx.now(), { source });

beforeAll(async () => {
  ctx = await testContext(database);
  for (const [day = '', source = ''] of wanted.map((digest) => digest.split(' '))) await list(day, source);
  await database.pool.query(
    `WITH paper AS (
       INSERT INTO papers (public_id, title, abstract, authors, arrived_at, created_at)
       SELECT 'paper-' || lpad(n::text, 10, '0'), 'Graphs ' || n, '', '{}', $2, $2 FROM generate_series(1, $1::int) n RETURNING id, title)
     INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors)
     SELECT 1 + id % $3::int, id, id, title, '', '{}' FROM paper`,
    [PAPERS, ctx.now(), wanted.length],
  );
  web = await adminServer(ctx);
});
afterAll(() => web.close());

/** Follows the links to what comes next; does something before each. */
async function pagesFrom(path: string, cookie = '', between: () => Promise<unknown> = () => Promise.resolve()) {
  const pages: string[] = [];
  for (let next: string | undefined = path; next !== undefined && pages.length < 50;) {
    const answer = await web.get(next, cookie);
    expect([next, answer.status]).toEqual([next, 200]);
    const page = await answer.text();
    pages.push(page);
    next = /class="pager"[^]*?href="([^"]+)" rel="next"/
      .exec(page)?.[1]
      ?.replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=');
    await between();
  }
  return pages;
}

const listed = (page: string) =>
  [...page.matchAll(/href="\/digests\/(\d{4}-\d{2}-\d{2})"[^]*?<span class="hint">[^·]*· ([^<]+)</g)].map(
    ([, day, source]) => `${day} ${source}`,
  );
const inAdmin = (page: string) =>
  [...page.matchAll(/<td><a href="\/admin\/digests\/\d+">([^<]+)<\/a><\/td><td>([^<]+)</g)].map(
    ([, day, source]) => `${day} ${source}`,
  );
const papersOf = (page: string) => [...page.matchAll(/<h3><a href="\/papers\/([^"]+)"/g)].map(([, id]) => id);

describe('with three sources a day for a month', () => {
  it('when the archive is paged through, then each of its 90 lists stands there once, newest day first', async () => {
    const pages = await pagesFrom('/digests');
    const shown = pages.flatMap(listed);
    expect(shown).toHaveLength(90);
    expect([...shown].sort()).toEqual(wanted);
    const days = shown.map((one) => one.slice(0, 10));
    expect(days).toEqual([...days].sort().reverse());
    expect(pages.slice(1).every((page) => page.includes('href="/digests">Newest days'))).toBe(true);
    expect(pages[0]).not.toContain('Newest days');
  });

  it('when lists come in meanwhile, then none of the 90 is lost and none is shown twice', async () => {
    let n = 0;
    const pages = await pagesFrom('/digests', '', async () => {
      await list(dayOf(DAYS + n), `new ${n++}`);
      await list(dayOf(20), `late ${n++}`);
    });
    const shown = pages.flatMap(listed);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toEqual(expect.arrayContaining(wanted));
    await database.pool.query(`DELETE FROM digests WHERE source LIKE 'new %' OR source LIKE 'late %'`);
  });

  it('when the admin pages through the digests, then each stands there once', async () => {
    const { cookie } = await web.signIn();
    const shown = (await pagesFrom('/admin/digests', cookie)).flatMap(inAdmin);
    expect([...shown].sort()).toEqual(wanted);
  });

  it('when words are searched for, then every paper found stands on one of the pages, and their number is told', async () => {
    const pages = await pagesFrom('/digests?q=graphs');
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(page).toContain(`${PAPERS} papers for`);
    const found = pages.flatMap(papersOf);
    expect([found.length, new Set(found).size]).toEqual([PAPERS, PAPERS]);
  });

  it('when a paper is on two lists of a day, then the day holds it once, with both, and its number is true', async () => {
    const one = await database.db.entry.findFirstOrThrow({
      where: { digest: { digestOn: new Date(dayOf(3)) } },
      include: { digest: true },
    });
    const other = await database.db.digest.findFirstOrThrow({
      where: { digestOn: one.digest.digestOn, NOT: { id: one.digestId } },
    });
    const count = await database.db.entry.count({ where: { digest: { digestOn: one.digest.digestOn } } });
    const { paperId, title, abstract, authors, digest } = one;
    const same = { paperId, title, abstract, authors };
    const twin = await database.db.entry.create({ data: { ...same, digestId: other.id, position: 900 } });
    const page = await (await web.get(`/digests/${dayOf(3)}`)).text();
    expect(papersOf(page)).toHaveLength(count);
    expect(page).toContain(`${count} papers from arxiv, hf, own.`);
    expect(page).toContain(`<span>${[digest.source, other.source].sort().join(', ')}</span>`);
    await database.db.entry.delete({ where: { id: twin.id } });
  });

  it('when a day is opened, then its neighbours are the next days with a list', async () => {
    const page = await (await web.get(`/digests/${dayOf(10)}`)).text();
    expect(page).toContain(`href="/digests/${dayOf(9)}"`);
    expect(page).toContain(`href="/digests/${dayOf(11)}"`);
  });
});

describe('a malformed cursor', () => {
  const cursors = [
    '17',
    '2026-01-05',
    '%',
    '<script>',
    Buffer.from('["digests","0000-00-00","x"]').toString('base64url'),
  ];

  it.each(['/digests', '/digests?q=graphs'])('when %s gets one, then 422 says what was expected', async (path) => {
    for (const cursor of cursors) {
      const answer = await web.get(`${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`);
      expect([cursor, answer.status]).toEqual([cursor, 422]);
      const page = await answer.text();
      expect(page).toContain('This page of the list is no longer there');
      expect(page).not.toContain('<script>«');
    }
  });

  it.each(['subscribers', 'subscribers?q=a', 'digests', 'editions', 'deliveries', 'suppressions', 'audit'])(
    'when the admin list %s gets one, then 422 says what was expected',
    async (list) => {
      const { cookie } = await web.signIn();
      for (const cursor of cursors) {
        const path = `/admin/${list}${list.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
        const answer = await web.get(path, cookie);
        expect([cursor, answer.status]).toEqual([cursor, 422]);
        expect(await answer.text()).toContain('This page of the list is no longer there');
      }
    },
  );
});

describe('lists longer than a page', () => {
  it('when commands print them, then every row comes', async () => {
    await database.pool.query(
      `INSERT INTO suppressions (address_hash, reason, at) SELECT sha256(n::text::bytea), 'manual', '2026-01-01' FROM generate_series(1, 1500) n`,
    );
    await database.pool.query(
      `INSERT INTO editions (key, created_at) SELECT 'welcome:' || n, '2026-01-01' FROM generate_series(1, 130) n`,
    );
    const count = async (...args: string[]) => {
      const { code, json, stderr } = await runCli([...args, '--json'], { url: database.url });
      expect([code, stderr]).toEqual([0, '']);
      return new Set(json().map((row) => JSON.stringify(row))).size;
    };
    expect(await count('suppress', 'list')).toBe(1500);
    expect(await count('suppress', 'list', '--limit', '1200')).toBe(1200);
    expect(await count('editions', 'list')).toBe(130);
  });
});

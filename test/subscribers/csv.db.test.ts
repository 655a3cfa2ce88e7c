import { Readable } from 'node:stream';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { exportCsv } from '../../src/subscribers/export-csv.ts';
import { importCsv } from '../../src/subscribers/import-csv.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, confirmToken, mailsTo, reload, VISITOR } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, [
    { slug: 'robotics', name: 'Robotics', field: 'Engineering', description: '', arxivCategories: [] },
  ]);
});
beforeEach(() => ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries, suppressions, interests')`);

const importText = (text: string, dryRun = false) => importCsv(ctx, Readable.from([text]), { actor: 'cli', dryRun });

async function exported(): Promise<string> {
  let text = '';
  for await (const part of exportCsv(ctx)) text += part;
  return text;
}

describe('importCsv', () => {
  it('when readers gave papers as examples, then an export is read back as the same, abstracts and all', async () => {
    const like = [
      '2501.01234',
      'Bees that Dance; and Others',
      { title: '=1+1 is Two', abstract: 'A; "quoted" \\ text | =SUM(A1)', DOI: '10.1000/kite.1' },
      { title: 'without: Reason', abstract: '' },
      'Weather for Kites (arXiv:2502.05678)',
    ];
    const reader = await confirmedReader(ctx, 'ada@example.org', { like, notLike: ['robotics'] });
    const before = await loadWishes(ctx.db, reader.id);
    expect(before[0]?.like?.examples).toHaveLength(5);
    const text = await exported();
    expect(text.split('\r\n', 1)[0]?.split('\n', 1)[0]).toMatch(/,consent_source,like,perhaps$/);
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries, suppressions, interests')`;
    expect(await importText(text)).toMatchObject({ counts: { confirmed: 1 }, rejected: [] });
    expect(await loadWishes(ctx.db, (await reload(ctx, 'ada@example.org')).id)).toEqual(before);
  });

  it('when a row gives as an example what is no paper, then it is rejected with the reason', async () => {
    const { rejected } = await importText('email,like\nada@example.org,2501.01234;https://example.org/blog\n');
    expect(rejected).toMatchObject([{ line: 2, reason: expect.stringMatching(/^like: «https:/) as string }]);
  });

  it('when rows have evidence of consent, then they are confirmed; without it they are asked by mail', async () => {
    const { counts, rejected } = await importText(
      [
        'email,topics,interests,muted,cadence,hour,time_zone,status,consent_at,consent_source',
        'ada@example.org,robotics,"graph networks;linear, attention",survey;author:Ned Ludd,weekly,7,Asia/Tokyo,confirmed,2025-06-01T10:00:00Z,old list',
        'bob@example.org,,graphs;"state space",,,,,confirmed,,',
        'cleo@example.org,,,,,,,,,',
        'dan@example.org,,,,,,,unsubscribed,2025-06-01,old list',
      ].join('\r\n'),
    );
    expect([counts, rejected]).toEqual([{ pending: 2, confirmed: 1, unsubscribed: 1 }, []]);
    const ada = await reload(ctx, 'ada@example.org');
    expect(ada).toMatchObject({
      status: 'confirmed',
      cadence: 'weekly',
      hour: 7,
      confirmedAt: new Date('2025-06-01T10:00:00Z'),
      confirmations: 1,
    });
    expect(ada.nextDueAt).not.toBeNull();
    expect(
      (await loadWishes(ctx.db, ada.id)).map(({ kind, text, muted }) => `${muted ? '-' : ''}${kind}:${text}`).sort(),
    ).toEqual([
      '-author:Ned Ludd',
      '-words:survey',
      'topic:robotics',
      'words:graph networks',
      'words:linear, attention',
    ]);
    expect(await ctx.db.consent.findFirstOrThrow({ where: { subscriberId: ada.id } })).toMatchObject({
      step: 'import',
      wording: 'old list',
    });
    expect(await mailsTo(ctx, 'ada@example.org')).toEqual([]);
    expect(await mailsTo(ctx, 'bob@example.org')).toEqual(['confirmation planned']);
    expect(await mailsTo(ctx, 'dan@example.org')).toEqual([]);
  });

  it('when rows cannot be used, then each is listed with its line and reason, and the rest is imported', async () => {
    await confirmedReader(ctx, 'known@example.org');
    await confirmedReader(ctx, 'erased@example.org');
    await erase(ctx, { email: 'erased@example.org' });
    await suppress(ctx, { email: 'blocked@example.org' }, 'cli');
    const { counts, rejected } = await importText(
      [
        'email,topics,hour,status,consent_at,consent_source',
        'good@example.org,,,,,',
        'not an address,,,,,',
        'known@example.org,,,,,',
        'erased@example.org,,,confirmed,2025-06-01,list',
        'blocked@example.org,,,,,',
        'topic@example.org,alchemy,,,,',
        'hour@example.org,,25,,,',
        '"GOOD@example.org",,,,,',
        'future@example.org,,,confirmed,2999-01-01,list',
        'status@example.org,,,maybe,,',
      ].join('\n'),
    );
    expect(counts).toEqual({ pending: 1, confirmed: 0, unsubscribed: 0 });
    expect(rejected.map(({ line, reason }) => [line, /^[^:;(«]*/.exec(reason)?.[0].trim()])).toEqual([
      [3, 'email'],
      [4, 'already here'],
      [5, 'this address was erased'],
      [6, 'this address is suppressed'],
      [7, 'topics'],
      [8, 'hour'],
      [9, 'the same address as in line 2'],
      [10, 'consent_at'],
      [11, 'status'],
    ]);
  });

  it.each([
    ['no column email', 'name,topics\nAda,robotics'],
    ['a column misspelt', 'email,topic\nada@example.org,robotics'],
    ['no text', 'PK\u0003\u0004'],
  ])('when the file has %s, then it says so and imports nothing', async (_, text) => {
    await expect(importText(text)).rejects.toMatchObject({ code: 'bad-input' });
    expect(await ctx.db.subscriber.count()).toBe(0);
  });

  it('when the database refuses one row, or its zone is one in which no slot can be reckoned, then each is listed and the rest is imported', async () => {
    await ctx.db.$executeRawUnsafe(
      "ALTER TABLE subscribers ADD CONSTRAINT refuse CHECK (email <> 'cursed@example.org')",
    );
    try {
      const { counts, rejected } = await importText(
        [
          'email,time_zone,status,consent_at,consent_source',
          'one@example.org,UTC,confirmed,2025-06-01,old list',
          'cursed@example.org,UTC,confirmed,2025-06-01,old list',
          'ist@example.org,IST,confirmed,2025-06-01,old list',
          'two@example.org,Asia/Calcutta,confirmed,2025-06-01,old list',
        ].join('\n'),
      );
      expect(counts).toEqual({ pending: 0, confirmed: 2, unsubscribed: 0 });
      expect(rejected.map(({ line, email }) => [line, email])).toEqual([
        [3, 'cursed@example.org'],
        [4, 'ist@example.org'],
      ]);
      expect(rejected[0]!.reason).toContain('refuse');
    } finally {
      await ctx.db.$executeRawUnsafe('ALTER TABLE subscribers DROP CONSTRAINT refuse');
    }
  });

  it('when one row of several thousand is odd, then it alone is missing, whatever is odd of it', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) => `r${n}@example.org,UTC,8,confirmed,2025-06-01,old list`);
    const odd: Record<number, string> = {
      700: '"r700@example.org,UTC,8,confirmed,2025-06-01,old list',
      1_100: 'r1100@example.org,PST,8,confirmed,2025-06-01,old list',
      1_200: 'r1200@example.org,UTC,25,confirmed,2025-06-01,old list',
      1_300: 'r1300@example.org,UTC,8,confirmed,2025-06-01,old\0list',
      1_400: `r1400@example.org,UTC,8,confirmed,2025-06-01,${'x'.repeat(501)}`,
      1_500: 'r1500@example.org,UTC,8,confirmed,2025-06-01,old list,more',
      1_600: `${'r'.repeat(400)}@example.org,UTC,8,confirmed,2025-06-01,old list`,
      1_700: 'cursed@example.org,UTC,8,confirmed,2025-06-01,old list',
    };
    for (const [at, row] of Object.entries(odd)) rows[Number(at)] = row;
    await ctx.db.$executeRawUnsafe("ALTER TABLE subscribers ADD CONSTRAINT refuse CHECK (email NOT LIKE 'cursed@%')");
    const result = await importText(`email,time_zone,hour,status,consent_at,consent_source\n${rows.join('\n')}`);
    await ctx.db.$executeRawUnsafe('ALTER TABLE subscribers DROP CONSTRAINT refuse');
    expect([result.counts.confirmed, result.ended]).toEqual([2_492, null]);
    expect(await ctx.db.subscriber.count()).toBe(2_492);
    expect(result.rejected.map(({ line, reason }) => [line, /^[^:«]+/.exec(reason)?.[0]])).toEqual([
      [702, 'a quotation mark opens a cell and never closes it'],
      [1_102, 'time_zone'],
      [1_202, 'hour'],
      [1_302, 'holds a NUL character'],
      [1_402, 'consent_source'],
      [1_502, '7 cells, where the header has 6'],
      [1_602, 'email'],
      [1_702, 'the database refused it'],
    ]);
  }, 60_000);

  it.each(['the file breaks off', 'it is told to stop', 'the database goes away'])(
    'when %s in the middle, then what was done is said, and the same file brings the rest',
    async (what) => {
      const stop = new AbortController();
      const rows = Array.from({ length: 3_500 }, (_, n) => `r${n}@example.org,confirmed,2025-06-01,old list\n`);
      const away = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
      function* pieces(break_: boolean) {
        yield 'email,status,consent_at,consent_source\n';
        for (let at = 0; at < rows.length; at += 500) {
          if (break_ && at === 2_000 && what === 'the file breaks off') throw new Error('read error');
          yield rows.slice(at, at + 500).join('');
        }
      }
      const taken = what === 'the file breaks off' ? 2_000 : 500; // two steps of 250 rows
      let calls = 0;
      const progress = () => {
        if (++calls === 2 && what === 'it is told to stop') stop.abort();
      };
      const wake = ctx.queue.wake.bind(ctx.queue);
      if (what === 'the database goes away')
        ctx.queue.wake = (...given) => (calls >= 2 ? Promise.reject(away) : wake(...given));
      const by = { actor: 'cli' as const, progress, signal: stop.signal };
      const ended = await importCsv(ctx, Readable.from(pieces(true)), by);
      ctx.queue.wake = wake;
      expect(ended).toMatchObject({ counts: { confirmed: taken }, rejected: [], ended: { line: taken + 1 } });
      expect(await ctx.db.subscriber.count()).toBe(taken);
      const again = await importCsv(ctx, Readable.from(pieces(false)), { actor: 'cli' });
      expect([again.counts.confirmed, again.rejected.length, again.ended]).toEqual([3_500 - taken, taken, null]);
    },
    60_000,
  );

  it('when the import is dry, then it counts and changes nothing', async () => {
    expect((await importText('email\nada@example.org\n', true)).counts.pending).toBe(1);
    expect(await ctx.db.subscriber.count()).toBe(0);
  });

  it('when an export is imported elsewhere, then everybody is as they were', async () => {
    await confirmedReader(ctx, 'ada@example.org', {
      interests: ['graphs; trees', '"exact phrase"'],
      muted: ['topic:robotics'],
      hour: 3,
      cadence: 'weekdays',
    });
    await confirmedReader(ctx, 'bob@example.org', {
      ...{ authors: ['Hopper, Grace'], maxPapers: 3, selectivity: 'sure' },
    });
    const before = await exported();
    expect(before).toContain(',3,sure,en,');
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries')`;
    expect((await importText(before)).counts.confirmed).toBe(2);
    expect(await exported()).toBe(before);
    expect(await ctx.db.subscriber.count({ where: { source: 'import' } })).toBe(2);
  });

  it('when rows tell where readers agreed, then an export tells the same, whatever became of them, and a link’s own word after it', async () => {
    const rows = [
      'ada@example.org,confirmed,2025-06-01T10:00:00.000Z,"Stand at the fair; Köln, 2025"',
      'bob@example.org,unsubscribed,2025-06-02T10:00:00.000Z,old list',
      'cleo@example.org,,2025-06-03T10:00:00.000Z,Mailchimp',
    ];
    expect((await importText(`email,status,consent_at,consent_source\n${rows.join('\n')}\n`)).rejected).toEqual([]);
    const told = async () => (await exported()).split('\n').slice(1, -1);
    const shown = await told();
    for (const row of rows) expect(shown.join('\n')).toContain(row.split(',').slice(2).join(','));
    await confirm(ctx, await confirmToken(ctx, 'cleo@example.org'), VISITOR, { latest: false });
    expect((await told()).find((row) => row.startsWith('cleo'))).toMatch(/,confirmed,[^,]+,link,,no$/);
    const before = await exported();
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries')`;
    expect((await importText(before)).rejected).toEqual([]);
    expect(await exported()).toBe(before);
  });

  it('when a suppression is lifted by an admin, then the address can be imported', async () => {
    await suppress(ctx, { email: 'ada@example.org' }, 'cli');
    expect((await importText('email\nada@example.org\n')).rejected).toHaveLength(1);
    expect(await liftSuppression(ctx, 'ada@example.org', 'cli')).toEqual({
      outcome: 'lifted',
      reason: 'manual',
    });
    expect((await importText('email\nada@example.org\n')).counts.pending).toBe(1);
  });
});

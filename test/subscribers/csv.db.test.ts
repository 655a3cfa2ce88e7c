import { Readable } from 'node:stream';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { exportCsv } from '../../src/subscribers/export-csv.ts';
import { importCsv } from '../../src/subscribers/import-csv.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, mailsTo, reload } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, [
    { slug: 'robotics', name: 'Robotics', field: 'Engineering', description: '', arxivCategories: [] },
  ]);
});
beforeEach(() => ctx.db.$executeRaw`TRUNCATE subscribers, deliveries, suppressions, interests CASCADE`);

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
    expect(text.split('\r\n', 1)[0]?.split('\n', 1)[0]).toMatch(/,consent_source,like$/);
    await ctx.db.$executeRaw`TRUNCATE subscribers, deliveries, suppressions, interests CASCADE`;
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
    ['a quote left open', 'email,topics\n"ada@example.org,robotics'],
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
    await ctx.db.$executeRaw`TRUNCATE subscribers, deliveries CASCADE`;
    expect((await importText(before)).counts.confirmed).toBe(2);
    expect((await exported()).replaceAll(',import', ',form')).toBe(before);
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

import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Context } from '../../src/context.ts';
import { listRejectedCaptures } from '../../src/db/digests/captures.ts';
import { loadPaper } from '../../src/db/digests/paper-page.ts';
import { listCandidateEntries } from '../../src/db/digests/entries.ts';
import { untoldTroubles } from '../../src/db/operator/digest-alarms.ts';
import { backfill } from '../../src/ingest/backfill.ts';
import { runIngest } from '../../src/ingest/run-ingest.ts';
import { loadConfig } from '../../src/config.ts';
import * as threads from '../../src/lib/thread.ts';
import { addDays } from '../../src/lib/time.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { arxivAnswer, hfAnswer } from '../world/captures.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
const NOW = '2026-11-20T12:00:00Z';

/** Opens a context whose sources are answered by `answer`; 'die' ends the process that asks, as far as it can tell. */
async function world(sources: string, answer: (url: string) => string | number) {
  const asked: string[] = [];
  const fetchSource: Context['fetchSource'] = (url) => {
    asked.push(url);
    const given = answer(url);
    return Promise.resolve(typeof given === 'number' ? new Response('', { status: given }) : new Response(given));
  };
  const ctx = await testContext(database, { SOURCES: sources }, { fetchSource });
  ctx.setNow(NOW);
  return { ctx, asked };
}
const dayIn = (url: string) => /\d{4}-\d{2}-\d{2}/.exec(url)?.[0] ?? '';
const source = (text: string) => loadConfig({ SOURCES: text }).SOURCES[0]!;
const [from, to] = ['2026-10-26', '2026-11-01'];

it('when past days are taken in, then their papers are known: found on their pages, never candidates, and habits learn nothing', async () => {
  const { ctx, asked } = await world('hf', (url) => {
    const day = dayIn(url);
    if (day >= '2026-10-31' && day <= to) return '[]'; // a week-end
    return hfAnswer(
      day,
      [1, 2, 3].map((n) => ({ title: `Kelp ${n} of ${day}`, arxivId: `26${day.slice(5, 7)}.${day.slice(8)}00${n}` })),
    );
  });
  const counts = await backfill(ctx, source('hf'), { from, to });
  expect(counts).toMatchObject({ days: 7, asked: 7, entries: 15, newPapers: 15, problems: [] });
  const papers = await ctx.db.paper.findMany({ select: { publicId: true, arrivedAt: true } });
  expect(papers.map(({ arrivedAt }) => arrivedAt)).toEqual(papers.map(() => null));
  expect((await loadPaper(ctx.db, papers[0]!.publicId))?.listings).toHaveLength(1);
  expect(await ctx.db.digest.count({ where: { state: 'held' } })).toBe(0);
  await runIngest(ctx);
  const days = new Set(
    (await listCandidateEntries(ctx.db, { from: '2026-01-01', to: '2026-11-20' })).map(({ digestOn }) => digestOn),
  );
  expect([...days].sort()[0]).toBe('2026-11-16'); // what is asked by itself stays news
  expect(await ctx.db.digest.count({ where: { state: 'held' } })).toBe(0);
  asked.length = 0;
  await backfill(ctx, source('hf'), { from: addDays(from, -1), to });
  expect(asked.map(dayIn).filter((day) => day < '2026-10-31')).toEqual(['2026-10-25']);
});

it('when it was ended within a day, then it goes on with the pages that are missing; a day that fails stops no other', async () => {
  let refused = true;
  const { ctx, asked } = await world('bio=biorxiv:ecology', (url) => {
    const [, day = '', start = ''] = /(\d{4}-\d{2}-\d{2})\/(\d+)\/json/.exec(url) ?? [];
    if (refused && day === '2026-10-27' && start === '2') return 404;
    if (Number(start) > 2) return JSON.stringify({ messages: [{ status: 'no posts found' }], collection: [] });
    return JSON.stringify({
      messages: [{ status: 'ok' }],
      collection: [0, 1].map((n) => ({
        title: `Tides ${day} ${start} ${n}`,
        doi: `10.1101/${day.replaceAll('-', '.')}.00000${Number(start) + n}`,
        date: day,
        version: '1',
        abstract: 'Tides rise.',
        authors: 'Quill, A.',
      })),
    });
  });
  const wanted = { from: '2026-10-26', to: '2026-10-28' };
  const first = await backfill(ctx, source('bio=biorxiv:ecology'), wanted);
  expect(first).toMatchObject({ entries: 8, newPapers: 8 });
  expect(first.problems).toEqual([expect.stringMatching(/^2026-10-27: .*answered 404/)]);
  refused = false;
  asked.length = 0;
  expect(await backfill(ctx, source('bio=biorxiv:ecology'), wanted)).toMatchObject({
    entries: 4,
    problems: [],
  });
  expect(asked.filter((url) => /\/[02]\/json/.test(url)).map(dayIn)).toEqual(['2026-10-27', '2026-10-27']);
  const digests = await ctx.db.digest.findMany({
    where: { source: 'bio' },
    select: { digestOn: true, _count: { select: { entries: true } } },
  });
  expect(digests.map((digest) => digest._count.entries)).toEqual([4, 4, 4]);
});

it('when arXiv is asked, then by its API, what was submitted that day, page after page', async () => {
  const { ctx, asked } = await world('arxiv:cs.CL+eess', (url) => {
    const start = Number(/start=(\d+)/.exec(url)?.[1]);
    return arxivAnswer(
      Array.from({ length: start === 0 ? 200 : 1 }, (_, n) => ({
        arxivId: `2610.${10_000 + start + n}`,
        title: `Sand ${start + n}`,
        publishedOn: '2026-10-27',
      })),
    );
  });
  expect(await backfill(ctx, source('arxiv:cs.CL+eess'), { from: '2026-10-27', to: '2026-10-27' })).toMatchObject({
    asked: 2,
    newPapers: 201,
    problems: [],
  });
  expect(asked[0]).toBe(
    'https://export.arxiv.org/api/query?search_query=(cat:cs.CL+OR+cat:eess+OR+cat:eess.*)+AND+submittedDate:[202610270000+TO+202610272359]&sortBy=submittedDate&sortOrder=ascending&start=0&max_results=200',
  );
  expect(asked[1]).toContain('&start=200&max_results=200');
});

describe('a day of several pages', () => {
  const SOURCE = 'papers=arxiv:cs.CL+cs.LG';
  const days = ['2026-10-27', '2026-10-28', '2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01'];

  // For twelve days it had 120 papers on each.
  beforeAll(async () => {
    const { ctx } = await world(SOURCE, () => 404);
    for (let day = '2026-10-14'; day < '2026-10-26'; day = addDays(day, 1)) {
      const titles = Array.from({ length: 120 }, (_, n) => `Kelp ${n} of ${day}`);
      await makeDigest(ctx.db, day, titles, new Date(`${day}T06:00:00Z`), { source: 'papers' });
    }
  });

  /** A day of its own, what arXiv answers of it from a start on, and what is then taken in. */
  async function aDay(size: number, answer: (papers: Parameters<typeof arxivAnswer>[0], start: number) => string) {
    const day = days.shift() ?? '';
    const papers = Array.from({ length: size }, (_, n) => ({
      arxivId: `26${day.slice(8)}.${10_000 + n}`,
      title: `Sand dune ${n} of ${day}`,
      publishedOn: day,
    }));
    const { ctx, asked } = await world(SOURCE, (url) => answer(papers, Number(/start=(\d+)/.exec(url)?.[1])));
    const run = () => backfill(ctx, source(SOURCE), { from: day, to: day });
    const ofDay = { source: 'papers', digestOn: new Date(`${day}T00:00:00Z`) };
    const kept = async () => [
      await ctx.db.entry.count({ where: { digest: ofDay } }),
      await ctx.db.capture.count({ where: { ...ofDay, state: 'parsed' } }),
    ];
    return { asked, run, kept };
  }

  it('when its last page is short for a day, then the day is judged as a whole and has all of them', async () => {
    const { asked, run, kept } = await aDay(437, (papers, start) => arxivAnswer(papers.slice(start, start + 200), 437));
    expect(await run()).toMatchObject({ asked: 3, entries: 437, newPapers: 437, problems: [] });
    expect(await kept()).toEqual([437, 3]);
    asked.length = 0;
    expect(await run()).toMatchObject({ asked: 0, problems: [] });
    expect(asked).toEqual([]);
  });

  it.each([
    ['a page comes empty', (start: number) => (start === 200 ? 0 : 200)],
    ['the first page comes empty', () => 0],
    ['a page comes cut', (start: number) => (start === 200 ? 3 : 200)],
  ])('when %s, then nothing is taken, it is said, and the day is asked for again', async (_, sizeOf) => {
    let sound = false;
    const { run, kept } = await aDay(437, (papers, start) =>
      arxivAnswer(papers.slice(start, start + (sound ? 200 : sizeOf(start))), 437),
    );
    const first = await run();
    expect(first).toMatchObject({ entries: 0, newPapers: 0 });
    expect(first.problems).toEqual([expect.stringMatching(/ \d+ of 437 papers came; expected all/)]);
    expect(await kept()).toEqual([0, 0]);
    sound = true;
    expect(await run()).toMatchObject({ asked: 3, entries: 437, problems: [] });
    expect(await kept()).toEqual([437, 3]);
  });

  it('when one of its pages is no list, then nothing of the day is taken, and it is asked for again', async () => {
    let sound = false;
    const { run, kept } = await aDay(437, (papers, start) =>
      start === 400 && !sound ? '<feed>' : arxivAnswer(papers.slice(start, start + 200)),
    );
    expect((await run()).problems).toEqual([expect.stringMatching(/expected/)]);
    expect(await kept()).toEqual([0, 0]);
    sound = true;
    expect(await run()).toMatchObject({ entries: 437, problems: [] });
  });

  it('when the whole of it looks wrong, then nothing is used, it is said, and it is asked for again', async () => {
    let size = 10;
    const { run, kept } = await aDay(110, (papers) => arxivAnswer(papers.slice(0, size), size));
    for (let time = 0; time < 2; time++) {
      const { asked, problems } = await run();
      expect([asked, problems]).toEqual([
        1,
        [expect.stringMatching(/looks wrong and is not used \(10 entries, under/)],
      ]);
    }
    expect(await kept()).toEqual([0, 0]);
    // Whoever asked is told; it is no alarm, and none of the files that are no list.
    const told = await untoldTroubles(database.db, 'op@example.org', { since: new Date(0), publicUrl: 'https://x' });
    expect(told.filter(({ key }) => key.startsWith('capture:'))).toEqual([]);
    expect((await listRejectedCaptures(database.db)).rows).toEqual([]);
    size = 110;
    expect(await run()).toMatchObject({ asked: 1, entries: 110, problems: [] });
  });
});

it('when there is no thread to read a day on, then it is named and asked for again, and the others are taken in', async () => {
  const abstract = 'We grow kelp where nobody looks. '.repeat(9_000); // read on a thread: over 256 kB
  const { ctx } = await world('long=https://long.example.org/{date}', (url) => {
    const day = dayIn(url);
    return hfAnswer(day, [{ title: `Kelp of ${day}`, arxivId: `2609.${day.slice(8)}000`, abstract }]);
  });
  const { startThread } = threads;
  const missing = new URL('./no-such-thread.ts', import.meta.url);
  const start = vi.spyOn(threads, 'startThread');
  onTestFinished(() => start.mockRestore());
  start.mockImplementationOnce((_, ...rest) => startThread(missing, ...rest));
  const days = { from: '2026-09-16', to: '2026-09-17' };
  const long = source('long=https://long.example.org/{date}');
  const first = await backfill(ctx, long, days);
  expect(first).toMatchObject({ asked: 2, entries: 1 });
  expect(first.problems).toEqual([expect.stringMatching(/^2026-09-16: .*: the thread that reads it/)]);
  expect(await backfill(ctx, long, days)).toMatchObject({ asked: 1, entries: 1, problems: [] });
});

it.each([
  [
    'of a source that tells its newest alone',
    'x=https://kelp.example.org/rss',
    from,
    to,
    /newest papers alone; expected hf/,
  ],
  ['that are not over', 'hf', '2026-11-01', '2026-11-16', /expected days in their order, up to 2026-11-15/],
  ['the wrong way round', 'hf', to, from, /expected days in their order/],
])('when days are asked for %s, then nothing is asked', async (_, text, first, last, message) => {
  const { ctx, asked } = await world(text, () => '[]');
  await expect(backfill(ctx, source(text), { from: first, to: last })).rejects.toThrow(message);
  expect(asked).toEqual([]);
});

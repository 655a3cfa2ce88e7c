import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';

const database = testDatabase();
const HOUR_MS = 3_600_000;
/** A Thursday. */
const FIRST = '2026-10-01';

beforeEach(async () => {
  await database.db.$executeRaw`CALL empty_tables('captures, digests, papers, deliveries, runs, sources, source_days')`;
});

const alarms = async () =>
  (
    await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: [{ createdAt: 'asc' }, { key: 'asc' }] })
  ).map(({ payload }) => (payload as { subject: string }).subject);

const listOf = (day: string, count = 4, from = day) =>
  hfAnswer(
    day,
    Array.from({ length: count }, (_, nth) => ({
      title: `Of ${from}, number ${nth + 1}`,
      arxivId: `${from.slice(2, 4)}${from.slice(5, 7)}.${from.slice(8)}${String(nth).padStart(3, '0')}`,
    })),
  );

/** Runs the ingest job at 02 and 14 UTC of every day, each time with what `before` prepares. */
async function play(ctx: TestContext, days: number, before: (day: string, hour: number) => void = () => {}) {
  for (let nth = 0; nth < days; nth++) {
    for (const hour of [2, 14]) {
      const day = addDays(FIRST, nth);
      ctx.setNow(new Date(Date.parse(day) + hour * HOUR_MS));
      before(day, hour);
      await runJob(ctx, jobNamed('ingest')!);
    }
  }
}

const isWeekday = (day: string) => weekdayOf(day) <= 5;
const ADMIN = { ADMIN_EMAIL: 'ops@digest.example.org' };

/**
 * Opens a context whose one source is an address that gives each weekday's list, but from the 7th to the 13th what
 * `gone` gives.
 */
async function served(gone: (day: string, hour: number) => Promise<Response>) {
  let now = { day: FIRST, hour: 0 };
  const answer: typeof fetch = () => {
    const { day, hour } = now;
    if (day >= '2026-10-07' && day <= '2026-10-13') return gone(day, hour);
    const listed = isWeekday(day) ? day : addDays(day, 5 - weekdayOf(day));
    return Promise.resolve(new Response(listOf(listed)));
  };
  const settings = { SOURCES: 'kelp=https://kelp.example.org/daily', ...ADMIN };
  const ctx = await testContext(database, settings, { fetch: answer });
  return { ctx, at: (day: string, hour: number) => void (now = { day, hour }) };
}

describe('a source that is gone for a week', () => {
  it.each<[string, string[], (day: string, hour: number) => Promise<Response>]>([
    [
      'answers 403',
      ['The source kelp fails', 'The source kelp is well again'],
      () => Promise.resolve(new Response('', { status: 403 })),
    ],
    [
      'has no address',
      ['The source kelp fails', 'The source kelp is well again'],
      () =>
        Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND kelp.example.org') })),
    ],
    [
      'gives an old list',
      ['The source kelp is silent', 'The source kelp is well again'],
      () => Promise.resolve(new Response(listOf('2026-10-06'))),
    ],
    [
      'gives an old list with the day on it',
      ['Digest of 2026-10-07 from kelp is held: stale', 'The source kelp is well again'],
      (day) => Promise.resolve(new Response(listOf(day, 4, '2026-10-06'))),
    ],
    [
      'gives a page with the time on it',
      ['An answer from kelp is no digest', 'The source kelp is well again'],
      (day, hour) => Promise.resolve(new Response(`<html>Back soon. ${day} ${hour}:00</html>`)),
    ],
  ])('when it %s, then one mail says so, and one that it is back', async (_, expected, gone) => {
    const { ctx, at } = await served(gone);
    await play(ctx, 15, at);
    expect(await alarms()).toEqual(expected);
  });

  it('when its folder is empty that long, or away, then one mail says so, and one that it is back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offprint-quiet-'));
    const away = mkdtempSync(join(tmpdir(), 'offprint-away-'));
    const ctx = await testContext(database, { SOURCES: `quiet=${folder} away=${away}`, ...ADMIN });
    await play(ctx, 15, (day) => {
      const isGone = day >= '2026-10-07' && day <= '2026-10-13';
      if (isGone) rmSync(away, { recursive: true, force: true });
      else mkdirSync(away, { recursive: true });
      if (isGone || !isWeekday(day)) return;
      for (const [name, place] of [
        ['quiet', folder],
        ['away', away],
      ] as const) {
        const path = join(place, `${day}.json`);
        writeFileSync(path, listOf(day).replaceAll('Of ', `${name} of `));
        utimesSync(path, new Date(day), new Date(day));
      }
    });
    expect((await alarms()).sort()).toEqual([
      'The source away fails',
      'The source away is well again',
      'The source quiet is silent',
      'The source quiet is well again',
    ]);
  });
});

describe('a list that fills during its day', () => {
  /** Plays lists that hold one paper at 02:00 and `sizeOf` papers at 14:00. */
  async function playFilling(sizeOf: (day: string) => number): Promise<void> {
    let now = { day: FIRST, hour: 0 };
    const answer: typeof fetch = () => {
      const { day, hour } = now;
      return Promise.resolve(new Response(isWeekday(day) ? listOf(day, hour < 12 ? 1 : sizeOf(day)) : '[]'));
    };
    const ctx = await testContext(
      database,
      { SOURCES: 'kelp=https://kelp.example.org/daily', ...ADMIN },
      { fetch: answer },
    );
    await play(ctx, 21, (day, hour) => void (now = { day, hour }));
  }

  it('when its days end whole, then it is used as it fills, and nobody is told of anything', async () => {
    await playFilling(() => 12);
    expect(await alarms()).toEqual([]);
    const digests = await database.db.digest.groupBy({ by: ['state', 'verdict', 'kind'], _count: true });
    expect(digests).toEqual([{ state: 'accepted', verdict: 'fresh', kind: null, _count: 15 }]);
  });

  it('when a day ends with what it began with, then that is told the day after, and what came of it stays', async () => {
    await playFilling((day) => (day === '2026-10-20' ? 1 : 12));
    expect(await alarms()).toEqual(['Digest of 2026-10-20 from kelp ended partial']);
    const [digest] = await database.db.digest.findMany({ where: { verdict: 'partial' } });
    expect(digest).toMatchObject({ state: 'accepted', kind: 'short' });
  });
});

it('when arXiv announces nothing at week-ends and on holidays, then nobody is told of anything', async () => {
  const holidays = ['2026-10-08', '2026-10-09', '2026-10-12'];
  let today = FIRST;
  const feed = (day: string) => {
    const number = `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}`;
    const items = ['1', '2', '3', '4', '5', '6'].map(
      (nth) =>
        `<item><title>Moss of ${day}, ${nth}</title><link>https://arxiv.org/abs/${number}00${nth}</link><description>arXiv:${number}00${nth}v1 Announce Type: new\nAbstract: Moss grows.</description><arxiv:announce_type>new</arxiv:announce_type></item>`,
    );
    const announced = isWeekday(day) && !holidays.includes(day) ? items.join('') : '';
    return `<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel><title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link><pubDate>${new Date(`${day}T04:00:00Z`).toUTCString()}</pubDate>${announced}</channel></rss>`;
  };
  // A new feed comes at midnight in New York.
  const answer: typeof fetch = () => Promise.resolve(new Response(feed(today)));
  const settings = { SOURCES: 'moss=http://127.0.0.1:9/rss/cs.CL', ...ADMIN };
  const ctx = await testContext(database, settings, { fetch: answer });
  await play(ctx, 18, (day, hour) => void (today = hour < 4 ? addDays(day, -1) : day));
  expect(await alarms()).toEqual([]);
  expect(await database.db.digest.count({ where: { source: 'moss', state: 'held' } })).toBe(0);
  expect(await database.db.digest.count({ where: { source: 'moss', verdict: 'quiet' } })).toBeGreaterThan(3);
});

it('when a list that is asked for by its day is empty at a week-end and on a later weekday, then that weekday is told of', async () => {
  const gone = '2026-10-14';
  const answer: typeof fetch = (input) => {
    const day = /date=(.{10})/.exec(String(input instanceof Request ? input.url : input))?.[1] ?? '';
    return Promise.resolve(new Response(isWeekday(day) && day !== gone ? listOf(day) : '[]'));
  };
  const settings = { SOURCES: 'kelp=https://kelp.example.org/daily?date={date}', ...ADMIN };
  await play(await testContext(database, settings, { fetch: answer }), 17);
  expect(await alarms()).toEqual([`Digest of ${gone} from kelp is held: broken`]);
  const empty = await database.db.digest.findMany({ where: { entries: { none: {} } }, orderBy: { digestOn: 'asc' } });
  expect(empty.map(({ digestOn, verdict }) => [digestOn.toISOString().slice(0, 10), verdict])).toEqual([
    ...['2026-09-27', '2026-10-03', '2026-10-04', '2026-10-10', '2026-10-11'].map((day) => [day, 'quiet']),
    [gone, 'broken'],
  ]);
});

it('when lists that are asked for by their day are empty for a week with its end within, then one mail says so, and one that it is back', async () => {
  const isGone = (day: string) => day >= '2026-10-08' && day <= '2026-10-14';
  const answer: typeof fetch = (input) => {
    const day = /date=(.{10})/.exec(String(input instanceof Request ? input.url : input))?.[1] ?? '';
    return Promise.resolve(new Response(isWeekday(day) && !isGone(day) ? listOf(day) : '[]'));
  };
  const settings = { SOURCES: 'kelp=https://kelp.example.org/daily?date={date}', ...ADMIN };
  await play(await testContext(database, settings, { fetch: answer }), 21);
  expect(await alarms()).toEqual(['Digest of 2026-10-08 from kelp is held: broken', 'The source kelp is well again']);
});

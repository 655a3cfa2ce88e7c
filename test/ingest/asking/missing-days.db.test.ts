import { expect, it } from 'vitest';
import type { SourceFetch } from '../../../src/context.ts';
import { listCandidateEntries } from '../../../src/db/digests/entries.ts';
import { openTurns } from '../../../src/db/sources/hosts.ts';
import { askSource, noteVersions } from '../../../src/ingest/asking/ask-source.ts';
import { runIngest } from '../../../src/ingest/run-ingest.ts';
import { addDays, weekdayOf } from '../../../src/lib/time.ts';
import { testContext, type TestContext } from '../../support/context.ts';
import { testDatabase } from '../../support/database.ts';
import { hfAnswer, pubmedAnswer } from '../../world/captures.ts';

const database = testDatabase();
const dayIn = (url: string) => /\d{4}-\d{2}-\d{2}/.exec(url)?.[0] ?? '';
const week = (last: string, length: number) => Array.from({ length }, (_, at) => addDays(last, at + 1 - length));

/** A source of lists on weekdays, away while `away` says so. */
async function service(name: string) {
  const state = {
    asked: [] as string[],
    away: (day: string): boolean => day === '',
    more: {} as Record<string, number>,
  };
  const fetchSource: SourceFetch = (url) => {
    const day = dayIn(url);
    state.asked.push(day);
    if (state.away(day)) return Promise.reject(new Error('getaddrinfo ENOTFOUND'));
    const papers = Array.from({ length: 2 + (state.more[day] ?? 0) }, (_, n) => ({
      title: `Kelp ${n} on ${day}`,
      arxivId: `${day.slice(2, 4)}${day.slice(5, 7)}.0${day.slice(8)}0${n}`,
    }));
    return Promise.resolve(new Response(weekdayOf(day) > 5 ? '[]' : hfAnswer(day, papers)));
  };
  const ctx = await testContext(
    database,
    { SOURCES: `${name}=https://lists.example.org/${name}?date={date}` },
    { fetchSource },
  );
  const tickOn = async (instant: string) => {
    state.asked.length = 0;
    ctx.setNow(instant);
    return { ...(await runIngest(ctx)), asked: [...state.asked].sort() };
  };
  /** When the papers of a list day arrived, those of its first entries first. */
  const arrivals = async (day: string) => {
    const where = { source: name, digestOn: new Date(day) };
    const digest = await ctx.db.digest.findFirstOrThrow({
      where,
      select: { entries: { select: { paper: { select: { arrivedAt: true } } }, orderBy: { id: 'asc' } } },
    });
    return digest.entries.map(({ paper }) => paper.arrivedAt?.toISOString());
  };
  return { ctx, state, tickOn, arrivals };
}

it('when a source was away for two weeks, then its missing days are asked for once, and are used', async () => {
  const { ctx, tickOn } = await service('gone');
  expect((await tickOn('2026-11-02T23:00:00Z')).asked).toEqual(week('2026-11-02', 5)); // nothing before its first sight
  const back = await tickOn('2026-11-17T12:00:00Z');
  expect(back.asked).toEqual(week('2026-11-17', 16)); // 2 November was not over; all older days had been answered
  expect(back).toMatchObject({ held: 0, failedSources: 0, papers: 22 });
  expect((await tickOn('2026-11-18T12:00:00Z')).asked).toEqual(week('2026-11-18', 5));
  const listed = await listCandidateEntries(ctx.db, { from: '2026-11-03', to: '2026-11-13' });
  expect(new Set(listed.map(({ digestOn }) => digestOn)).size).toBe(9);
});

it('when a day was refused, then it is asked again until it answers, late and all the same no old list; thirty days back at most', async () => {
  const { state, tickOn, arrivals } = await service('refused');
  await tickOn('2026-10-05T12:00:00Z');
  state.away = (day) => day === '2026-10-06';
  await tickOn('2026-10-07T12:00:00Z');
  const later = await tickOn('2026-10-12T12:00:00Z');
  expect(later.asked).toEqual(week('2026-10-12', 7));
  state.away = () => false;
  const healed = await tickOn('2026-10-13T12:00:00Z');
  expect(healed.asked).toEqual(['2026-10-06', ...week('2026-10-13', 5)]);
  expect(healed).toMatchObject({ held: 0, failedSources: 0 });
  expect(await arrivals('2026-10-06')).toEqual(Array<string>(2).fill('2026-10-13T12:00:00.000Z')); // news of today
  expect((await tickOn('2026-12-30T12:00:00Z')).asked).toEqual(week('2026-12-30', 31));
});

it('when a list of yesterday grows while that of today is there, then what is new in it arrives now', async () => {
  const { state, tickOn, arrivals } = await service('grown');
  await tickOn('2026-09-15T12:00:00Z');
  await tickOn('2026-09-16T00:30:00Z');
  state.more['2026-09-15'] = 1;
  expect(await tickOn('2026-09-16T01:30:00Z')).toMatchObject({ held: 0, papers: 1 });
  const before = '2026-09-15T12:00:00.000Z';
  expect(await arrivals('2026-09-15')).toEqual([before, before, '2026-09-16T01:30:00.000Z']);
});

/** Has one short tick after the other: each has time for one request, and not for the rest after it. */
async function shortTicks(ctx: TestContext, ticks: number): Promise<void> {
  const [{ name, location }] = ctx.config.SOURCES as [{ name: string; location: string }];
  const paced = { ...ctx, turns: openTurns(database.db) };
  for (let tick = 0; tick < ticks; tick++) {
    await database.db.sourceHost.updateMany({ data: { nextAt: new Date(0) } });
    const asked = await askSource(paced, name, location, { endsAt: performance.now() + 10_300 });
    await noteVersions(paced, asked.versions);
  }
}

it('when ticks are too short for all missing days, then the days they only began are asked for by the next ones', async () => {
  const { ctx, state, tickOn } = await service('short');
  await tickOn('2026-11-02T23:00:00Z');
  ctx.setNow('2026-11-17T12:00:00Z');
  state.asked.length = 0;
  await shortTicks(ctx, 18);
  expect(state.asked).toEqual(week('2026-11-17', 16));
});

it('when a missing day has several pages, then each is asked for, however short the ticks', async () => {
  const asked: string[] = [];
  const location = 'https://api.biorxiv.org/details/biorxiv/{date}/{date}/0/json';
  const preprints = (day: string, from: number) =>
    JSON.stringify({
      messages: [{ cursor: from, total: '60' }],
      collection: Array.from({ length: from < 60 ? 30 : 0 }, (_, at) => ({
        doi: `10.1101/${day.replaceAll('-', '.')}.${100000 + from + at}`,
        title: `Kelp ${from + at} of ${day}`,
        authors: 'Quill, A.',
        date: day,
        version: '1',
        category: 'ecology',
        server: 'bioRxiv',
        abstract: 'We grow kelp.',
      })),
    });
  const fetchSource: SourceFetch = (url) => {
    const [, day = '', from = ''] = /(\d{4}-\d{2}-\d{2})\/(\d+)\/json$/.exec(url) ?? [];
    asked.push(`${day} ${from}`);
    return Promise.resolve(new Response(preprints(day, Number(from))));
  };
  const ctx = await testContext(database, { SOURCES: `pages=${location}` }, { fetchSource });
  ctx.setNow('2026-11-10T23:00:00Z');
  await runIngest(ctx);
  ctx.setNow('2026-11-17T12:00:00Z');
  asked.length = 0;
  await shortTicks(ctx, 8);
  expect(asked.slice(0, 7)).toEqual([
    ...['0', '30', '60'].map((from) => `2026-11-11 ${from}`),
    ...['0', '30', '60'].map((from) => `2026-11-12 ${from}`),
    '2026-11-13 0',
  ]);
});

it('when a tick is told to stop over missing days, then those whose answers were not stored come again', async () => {
  const { ctx, state, tickOn } = await service('stopped');
  await tickOn('2026-11-02T23:00:00Z');
  const stop = new AbortController();
  state.away = (day) => {
    if (day === '2026-11-05') stop.abort();
    return day === '2026-11-05';
  };
  ctx.setNow('2026-11-17T12:00:00Z');
  await runIngest(ctx, { signal: stop.signal }).catch(() => null);
  state.away = () => false;
  const later = await tickOn('2026-11-17T18:30:00Z');
  expect(later.asked).toEqual(week('2026-11-17', 16));
});

it('when a search finds articles of a missing day, then it is answered once they came, and one that finds none at once', async () => {
  const asked: string[] = [];
  const location =
    'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&term=kelp&mindate={date}&maxdate={date}';
  const numberOf = (day: string) => (day === '2026-11-12' ? [] : [`4${day.replaceAll('-', '')}`]);
  let lost = true;
  const fetchSource: SourceFetch = (url) => {
    const found = /&id=4(\d{8})/.exec(url)?.[1];
    asked.push(found ?? dayIn(url));
    if (found === '20261111' && lost) return Promise.resolve(new Response('', { status: 404 }));
    const day = dayIn(url);
    return Promise.resolve(
      new Response(
        found
          ? pubmedAnswer([
              `<ArticleTitle>Kelp of ${found}</ArticleTitle><Abstract><AbstractText>We grow kelp.</AbstractText></Abstract>`,
            ]).replaceAll('41000001', `4${found}`)
          : JSON.stringify({ esearchresult: { idlist: numberOf(day) } }),
      ),
    );
  };
  const ctx = await testContext(database, { SOURCES: `pubmed=${location}` }, { fetchSource });
  const tickOn = async (instant: string) => {
    asked.length = 0;
    ctx.setNow(instant);
    await runIngest(ctx);
    return [...asked];
  };
  await tickOn('2026-11-10T23:00:00Z');
  await tickOn('2026-11-17T12:00:00Z');
  lost = false;
  const [first, second, third] = await tickOn('2026-11-18T12:00:00Z');
  expect([first, second, third]).toEqual(['2026-11-11', '20261111', '2026-11-14']);
});

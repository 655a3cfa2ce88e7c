import { expect, it } from 'vitest';
import type { SourceFetch } from '../../../src/context.ts';
import { listCandidateEntries } from '../../../src/db/digests/entries.ts';
import { runIngest } from '../../../src/ingest/run-ingest.ts';
import { addDays, weekdayOf } from '../../../src/lib/time.ts';
import { testContext } from '../../support/context.ts';
import { testDatabase } from '../../support/database.ts';
import { hfAnswer } from '../../world/captures.ts';

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

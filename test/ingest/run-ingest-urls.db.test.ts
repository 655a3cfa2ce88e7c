import { describe, expect, it } from 'vitest';
import { loadDigest } from '../../src/db/digests/digests.ts';
import { ingestInputs, runIngest } from '../../src/ingest/run-ingest.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';

const database = testDatabase();

/** Opens a context whose one source is a URL, answered by `answer` instead of a server. */
async function withSource(
  name: string,
  location: string,
  answer: (url: string) => string | number,
): Promise<{ ctx: TestContext; asked: string[] }> {
  const asked: string[] = [];
  const play: typeof fetch = (input) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    const given = answer(url);
    return Promise.resolve(typeof given === 'number' ? new Response('', { status: given }) : new Response(given));
  };
  const ctx = await testContext(database, { SOURCES: `${name}=${location}` }, { fetch: play });
  ctx.setNow('2026-11-20T12:00:00Z');
  return { ctx, asked };
}

const captures = (source: string) => database.db.capture.count({ where: { source } });
const minutes = (count: number) => new Date(Date.parse('2026-11-20T12:00:00Z') + count * 60_000);

describe('a source that is a URL', () => {
  it('when ticks come each minute, then it is asked each half hour, and one on this machine each time', async () => {
    const list = hfAnswer('2026-11-20', [{ title: 'Paced', arxivId: '2611.10001' }]);
    const { ctx, asked } = await withSource('paced', 'https://lists.example.org/daily', () => list);
    for (let minute = 0; minute <= 60; minute += 5) {
      ctx.setNow(minutes(minute));
      await runIngest(ctx);
    }
    expect(asked).toHaveLength(3);
    expect(await captures('paced')).toBe(1);
    const near = await withSource('near', 'http://127.0.0.1:9/daily', () => list);
    for (let minute = 0; minute < 3; minute++) await runIngest(near.ctx);
    expect(near.asked).toHaveLength(3);
  });

  it('when {date} stands in it, then the last five days are asked for, and an empty list of today is no news', async () => {
    const { ctx, asked } = await withSource('dated', 'https://lists.example.org/api?date={date}', (url) => {
      const day = url.slice(-10);
      return day === '2026-11-20'
        ? '[]'
        : hfAnswer(day, [{ title: `Paper of ${day}`, arxivId: `2611.20${day.slice(8)}0` }]);
    });
    expect(await runIngest(ctx)).toMatchObject({ digests: 4, papers: 4, held: 0, rejected: 0 });
    expect(asked.map((url) => url.slice(-10))).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
    ]);
    expect((await loadDigest(database.db, '2026-11-20')).some(({ source }) => source === 'dated')).toBe(false);
  });

  it('when one of several answers fails, then all others are taken in and the failure is counted', async () => {
    const { ctx } = await withSource('shaky', 'https://lists.example.org/api?date={date}', (url) =>
      url.endsWith('18')
        ? 404
        : hfAnswer(url.slice(-10), [{ title: `Shaky ${url.slice(-10)}`, arxivId: `2611.30${url.slice(-2)}0` }]),
    );
    expect(await runIngest(ctx)).toMatchObject({ digests: 4, failedSources: 1 });
  });

  it('when upvotes rise all day, then the first and the newest answer are kept, and the numbers are the newest', async () => {
    let upvotes = 1;
    const { ctx } = await withSource('rising', 'https://lists.example.org/daily', () =>
      hfAnswer('2026-11-20', [{ title: 'Rising', arxivId: '2611.40001', upvotes: upvotes++ }]),
    );
    for (let hour = 0; hour < 6; hour++) {
      ctx.setNow(minutes(60 * hour));
      await runIngest(ctx);
    }
    expect(await captures('rising')).toBe(2);
    const [digest] = (await loadDigest(database.db, '2026-11-20')).filter(({ source }) => source === 'rising');
    expect(digest!.entries.map((entry) => entry.upvotes)).toEqual([6]);
  });

  it('when a server answers with error pages that differ, then one a day is kept', async () => {
    let asked = 0;
    const { ctx } = await withSource(
      'maintenance',
      'https://lists.example.org/daily',
      () => `<html>back soon, ${asked++}</html>`,
    );
    for (let hour = 0; hour <= 26; hour += 2) {
      ctx.setNow(minutes(60 * hour));
      expect(await runIngest(ctx)).toMatchObject({ rejected: 1, digests: 0 });
    }
    expect(await captures('maintenance')).toBe(2);
  });

  it('when the process is about to stop, then nobody waits for a slow server', async () => {
    const stop = new AbortController();
    const never: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        setImmediate(() => stop.abort());
      });
    const timed = async (name: string, answer: typeof fetch, signal?: AbortSignal) => {
      const settings = { SOURCES: `${name}=https://${name}.example.org/daily` };
      const ctx = await testContext(database, settings, { fetch: answer });
      const start = performance.now();
      expect(await runIngest(ctx, signal ? { signal } : {})).toMatchObject({ failedSources: 1 });
      return performance.now() - start;
    };
    const refused = () => Promise.resolve(new Response('', { status: 404 })); // final: there is no second try
    const atOnce = await timed('gone', refused);
    const stopped = await timed('slow', never, stop.signal);
    expect(stopped - atOnce).toBeLessThan(1_900); // the first pause between tries alone takes 2 s
  });

  it('when an operator names a URL, then its host names the source', async () => {
    const { ctx } = await withSource('other', 'https://other.example.org/', () =>
      hfAnswer('2026-11-20', [{ title: 'By hand', arxivId: '2611.50001' }]),
    );
    const [file] = await ingestInputs(ctx, ['https://lists.example.org/daily?date=2026-11-20']);
    expect(file).toMatchObject({ source: 'lists-example-org', outcome: 'stored', digestOn: '2026-11-20' });
    const [garbage] = await ingestInputs(
      (await withSource('g', 'https://g.example.org/', () => 'nothing of use')).ctx,
      ['https://g.example.org/'],
    );
    expect(garbage).toMatchObject({
      source: 'g',
      outcome: 'rejected',
      problem: expect.stringContaining('no digest') as string,
    });
  });

  it('when an answer of bioRxiv has pages, then all are asked for, and one digest holds them', async () => {
    const preprint = (number: number) => ({
      ...{ title: `Kelp preprint ${number}`, authors: 'Quill, A.; Reed, B.', abstract: 'We grow kelp.', version: '1' },
      ...{ doi: `10.64898/2026.11.20.${number}`, date: '2026-11-20', server: 'bioRxiv' },
    });
    const { ctx, asked } = await withSource(
      'paged',
      'https://api.biorxiv.org/details/biorxiv/2026-11-20/2026-11-20/0/json?category=ecology',
      (url) => {
        const cursor = Number(/(\d+)\/json/.exec(url)![1]);
        const numbers = Array.from({ length: 70 }, (_, at) => at).slice(cursor, cursor + 30);
        // It counts higher than it has.
        return JSON.stringify({ messages: [{ cursor, total: '99' }], collection: numbers.map(preprint) });
      },
    );
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, refreshed: 2, papers: 70, failedSources: 0 });
    expect(asked.map((url) => Number(/(\d+)\/json\?category=ecology$/.exec(url)![1]))).toEqual([0, 30, 60, 70]);
    const digests = await database.db.digest.findMany({ where: { source: 'paged' }, include: { entries: true } });
    expect(digests.map(({ entries }) => entries.length)).toEqual([70]);
  });
});

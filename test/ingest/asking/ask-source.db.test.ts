import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SourceFetch, Turns } from '../../../src/context.ts';
import { openPool, openPrisma } from '../../../src/db/client.ts';
import { openTurns } from '../../../src/db/sources/hosts.ts';
import { askSource, noteVersions } from '../../../src/ingest/asking/ask-source.ts';
import { runIngest } from '../../../src/ingest/run-ingest.ts';
import { fetchUrl } from '../../../src/ingest/fetch.ts';
import { testContext, type TestContext } from '../../support/context.ts';
import { testDatabase } from '../../support/database.ts';
import { everyTurn } from '../../support/turns.ts';
import { hfAnswer, pubmedAnswer } from '../../world/captures.ts';

const database = testDatabase();
const START = Date.parse('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;

interface Heard {
  url: string;
  headers: Record<string, string>;
  atMs: number;
  /** How many were being asked, itself among them. */
  open: number;
}

/** Plays a host: writes down who asks, and answers after `tookMs`. */
function host(answer: (url: string, heard: Heard) => Response, tookMs = 0) {
  const heard: Heard[] = [];
  let open = 0;
  const fetchSource: SourceFetch = async (url, { headers }) => {
    const one = { url, headers, atMs: performance.now(), open: ++open };
    heard.push(one);
    if (tookMs > 0) await sleep(tookMs);
    open--;
    return answer(url, one);
  };
  return { heard, fetchSource };
}

/** Opens a process of its own, as far as memory goes; `paced` with the turns that all share. */
async function start(sources: string, fetchSource: SourceFetch, minutes = 0, paced = false): Promise<TestContext> {
  const turns = paced ? openTurns(database.db) : everyTurn;
  const ctx = await testContext(database, { SOURCES: sources }, { fetchSource, turns });
  ctx.setNow(new Date(START + minutes * MINUTE_MS));
  return ctx;
}

const KELP = `<ArticleTitle>Kelp</ArticleTitle><Abstract><AbstractText>We grow kelp.</AbstractText></Abstract>`;
const list = (title: string) => hfAnswer('2026-11-20', [{ title, arxivId: `2611.${10000 + title.length}` }]);
const known = (source: string) => database.db.sourceAddress.findMany({ where: { source } });
const tick = () => ({ endsAt: performance.now() + 30_000 });

/** Takes a turn within seconds, as a source does, which asks again when it is told to: clocks are set back a little. */
async function turnAt(turns: Turns, host: string, leaseMs: number): ReturnType<Turns['take']> {
  let turn = await turns.take(host, leaseMs);
  for (let tries = 0; !('end' in turn) && turn.waitMs < 4_000 && tries < 10; tries++) {
    await sleep(turn.waitMs + 20);
    turn = await turns.take(host, leaseMs);
  }
  return turn;
}

describe('turns at a host', () => {
  test('when many ask over several connections, then one at a time does, and the host rests after each', async () => {
    const pools = [openPool(database.url, 3, () => {}), openPool(database.url, 3, () => {})];
    const clients = pools.map((pool) => openTurns(openPrisma(pool)));
    const acts: { from: number; to: number }[] = [];
    const worker = async (at: number) => {
      for (let done = 0; done < 2;) {
        const turn = await clients[at % 2]!.take('busy.example.org', 5_000);
        if (!('end' in turn)) {
          await sleep(Math.min(turn.waitMs, 20));
          continue;
        }
        const from = performance.now();
        await sleep(10);
        acts.push({ from, to: performance.now() });
        await turn.end(50);
        done++;
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, at) => worker(at)));
    await Promise.all(pools.map((pool) => pool.end()));
    acts.sort((a, b) => a.from - b.from);
    expect(acts).toHaveLength(12);
    const gaps = acts.slice(1).map(({ from }, at) => from - acts[at]!.to);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(49);
  });

  test('when whoever asks dies, then the turn is free once the lease is over; and what it then says of it counts no more', async () => {
    const turns = openTurns(database.db);
    const leaseMs = 3_000;
    const first = await turns.take('dead.example.org', leaseMs);
    const waiting = await turns.take('dead.example.org', leaseMs);
    expect(waiting).toMatchObject({ taken: true });
    const second = await turnAt(turns, 'dead.example.org', 60_000);
    expect(second).toHaveProperty('end');
    if ('end' in first) await first.end(60_000);
    if ('end' in second) await second.end(0);
    expect(await turnAt(turns, 'dead.example.org', 300)).toHaveProperty('end');
  });

  test('when two processes ask both hosts of arXiv, then three seconds lie between two requests, and none is asked twice', async () => {
    const { heard, fetchSource } = host(() => new Response(list('Kelp')), 50);
    const sources = 'a=https://export.arxiv.org/api/query?id_list=1 b=https://rss.arxiv.org/rss/cs.CL';
    const processes = await Promise.all([1, 2].map(() => start(sources, fetchSource, 0, true)));
    for (const ctx of processes) await runIngest(ctx);
    expect(heard.map(({ url }) => new URL(url).host).sort()).toEqual(['export.arxiv.org', 'rss.arxiv.org']);
    expect(heard.map(({ open }) => open)).toEqual([1, 1]);
    expect(heard[1]!.atMs - heard[0]!.atMs).toBeGreaterThanOrEqual(3_000);
  });
});

describe('what is known of an address', () => {
  test('when it has not changed since it was stored, then its body never comes again, over restarts, and that is no failure', async () => {
    const { heard, fetchSource } = host((_, { headers }) =>
      headers['if-none-match'] === '"v1"' && headers['if-modified-since'] !== undefined
        ? new Response(null, { status: 304 })
        : new Response(list('Unchanged'), {
            headers: { etag: '"v1"', 'last-modified': 'Fri, 20 Nov 2026 00:00:00 GMT' },
          }),
    );
    const counts = [];
    for (const minutes of [0, 1, 31, 62])
      counts.push(await runIngest(await start('same=https://lists.example.org/daily', fetchSource, minutes)));
    expect(heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"', '"v1"']);
    expect(counts.map(({ digests, failedSources }) => [digests, failedSources])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('when it answered and was not stored, then the whole answer comes again', async () => {
    const { heard, fetchSource } = host(() => new Response(list('Lost'), { headers: { etag: '"v1"' } }));
    const ctx = await start('lost=https://lost.example.org/daily', fetchSource);
    expect(await askSource(ctx, 'lost', 'https://lost.example.org/daily', tick())).toMatchObject({ answered: true });
    await runIngest(await start('lost=https://lost.example.org/daily', fetchSource, 31));
    expect(heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
  });

  test('when a password or a key opens it, then neither stands in what is kept', async () => {
    const { heard, fetchSource } = host(() => new Response(list('Opened')));
    await runIngest(await start('open=https://ada:hunter2@open.example.org/daily?api_key=hunter3', fetchSource));
    expect(heard).toMatchObject([{ url: 'https://open.example.org/daily?api_key=hunter3' }]);
    const rows = await known('open');
    expect(rows.map(({ name }) => name)).toEqual(['https://open.example.org/daily?api_key=…']);
    const kept = [rows, await database.db.capture.findMany({ where: { source: 'open' } })];
    expect(JSON.stringify(kept) + rows.map(({ key }) => Buffer.from(key).toString('latin1')).join()).not.toContain(
      'hunter',
    );
  });
});

describe('who asks us to stay away', () => {
  test('when Retry-After says an hour, then the source is left alone that long, over a restart, and its service too', async () => {
    let busy = true;
    const { heard, fetchSource } = host(() =>
      busy ? new Response('', { status: 429, headers: { 'retry-after': '3600' } }) : new Response(list('Back')),
    );
    const sources = 'held=https://rss.arxiv.org/rss/cs.LG';
    await database.db.sourceHost.deleteMany(); // no rest from the tests before
    expect(await runIngest(await start(sources, fetchSource, 0, true))).toMatchObject({ failedSources: 1 });
    busy = false;
    for (const minutes of [1, 31, 59])
      expect(await runIngest(await start(sources, fetchSource, minutes, true))).toMatchObject({ failedSources: 0 });
    const [service] = await database.db.sourceHost.findMany({ where: { name: 'arxiv.org' } });
    expect(service!.nextAt.getTime() - Date.now()).toBeGreaterThan(59 * MINUTE_MS);
    await runIngest(await start(sources, fetchSource, 62, true)); // by the database's clock the hour is not over
    await runIngest(await start('other=https://export.arxiv.org/api/query', fetchSource, 62, true));
    expect(heard).toHaveLength(1);
    await database.db.sourceHost.update({ where: { name: 'arxiv.org' }, data: { nextAt: new Date() } });
    expect(await runIngest(await start(sources, fetchSource, 63, true))).toMatchObject({ digests: 1 });
    expect(heard).toHaveLength(2);
  });

  test('when one day of several says so, then no other is asked in that hour, and after it they come first', async () => {
    const { heard, fetchSource } = host((url) =>
      url.endsWith('17')
        ? new Response('', { status: 503, headers: { 'retry-after': '3600' } })
        : new Response(
            hfAnswer(url.slice(-10), [{ title: `Day ${url.slice(-10)}`, arxivId: `2611.500${url.slice(-2)}` }]),
          ),
    );
    const asked: string[][] = [];
    for (const minutes of [0, 1, 59, 63]) {
      const before = heard.length;
      await runIngest(await start('days=https://days.example.org/api?date={date}', fetchSource, minutes));
      asked.push(heard.slice(before).map(({ url }) => url.slice(-2)));
    }
    expect(asked).toEqual([['16', '17'], [], [], ['18', '19', '20', '17']]);
  });

  test('when it says so at the terminal, then the operator is told and nobody waits for an hour', async () => {
    const { heard, fetchSource } = host(() => new Response('', { status: 503, headers: { 'retry-after': '3600' } }));
    const ctx = await start('nothing=/nowhere', fetchSource, 0, true);
    await database.db.sourceHost.deleteMany();
    await expect(fetchUrl(ctx, 'https://arxiv.org/list')).rejects.toThrow('answered 503, to be asked again in 60 min');
    await expect(fetchUrl(ctx, 'https://arxiv.org/list')).rejects.toThrow(
      'its host is not to be asked for another 60 min',
    );
    expect(heard).toHaveLength(1);
    await database.db.sourceHost.deleteMany();
  });

  test('when a date says a second or two, then it is asked again after them', async () => {
    const until = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000);
    const { heard, fetchSource } = host(() =>
      Date.now() < until.getTime()
        ? new Response('', { status: 503, headers: { 'retry-after': until.toUTCString() } })
        : new Response(list('Soon')),
    );
    const ctx = await start('soon=http://127.0.0.1:9/daily', fetchSource);
    while ((await known('soon'))[0]?.failures !== 0) {
      ctx.setNow(new Date());
      await runIngest(ctx);
      await sleep(50);
    }
    expect(heard).toHaveLength(2);
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
  });

  test('when an address fails for the moment, then it is asked after a minute, two, four, and its other days all the same', async () => {
    let works = false;
    const { heard, fetchSource } = host(() => new Response(works ? list('Again') : '', { status: works ? 200 : 502 }));
    const asked: number[] = [];
    for (let minute = 0; minute <= 20; minute++) {
      works = minute > 7;
      const before = heard.length;
      await runIngest(await start('weak=https://weak.example.org/daily', fetchSource, minute));
      if (heard.length > before) asked.push(minute);
    }
    expect(asked).toEqual([0, 1, 3, 7, 15]);
    expect(await known('weak')).toMatchObject([{ failures: 0, retryAt: null }]);
  });
});

describe('a tick', () => {
  const preprints = (from: number) =>
    JSON.stringify({
      messages: [{ cursor: from, total: '99' }],
      collection: Array.from({ length: from < 60 ? 30 : 0 }, (_, at) => ({
        doi: `10.1101/2026.11.20.${100000 + from + at}`,
        title: `Kelp of kind ${from + at}`,
        authors: 'Quill, A.',
        date: '2026-11-20',
        version: '1',
        category: 'ecology',
        server: 'bioRxiv',
        abstract: 'We grow kelp.',
      })),
    });

  test('when its time is over between two pages, then the next tick goes on where it ended', async () => {
    const location = 'https://api.biorxiv.org/details/biorxiv/2026-11-20/2026-11-20/0/json';
    const { heard, fetchSource } = host((url) => new Response(preprints(Number(/(\d+)\/json$/.exec(url)![1]))));
    const ctx = await start(`pages=${location}`, fetchSource, 0, true);
    const rounds: number[] = [];
    for (let round = 0; round < 4; round++) {
      // Ten seconds must be left to ask: there is time for one page, and not for its rest.
      const asked = await askSource(ctx, 'pages', location, { endsAt: performance.now() + 10_300 });
      await noteVersions(ctx, asked.versions);
      expect(asked.failure).toBeNull();
      rounds.push(asked.received.length);
      await database.db.sourceHost.updateMany({ data: { nextAt: new Date(0) } });
    }
    expect(heard.map(({ url }) => Number(/(\d+)\/json$/.exec(url)![1]))).toEqual([0, 30, 60]);
    expect(rounds).toEqual([1, 1, 1, 0]);
  });
});

describe('a search', () => {
  test('when the tick is over before what it found is asked for, then the next tick searches again and asks', async () => {
    const { heard, fetchSource } = host((url) =>
      url.includes('esearch')
        ? new Response(JSON.stringify({ esearchresult: { idlist: ['40000001'] } }), { headers: { etag: '"same"' } })
        : new Response('<PubmedArticleSet/>'),
    );
    const location = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&term=kelp';
    const ctx = await start('search=/nowhere', fetchSource, 0, true);
    const first = await askSource(ctx, 'search', location, { endsAt: performance.now() + 10_300 });
    await noteVersions(ctx, first.versions);
    expect(first).toMatchObject({ answered: false, failure: null, received: [] }); // nothing of use came yet
    const second = await askSource(ctx, 'search', location, tick());
    expect(second.received).toMatchObject([{ name: expect.stringContaining('esearch') as string }]);
    expect(heard.map(({ url, headers }) => [/e(?:search|fetch)/.exec(url)?.[0], headers['if-none-match']])).toEqual([
      ['esearch', undefined],
      ['esearch', undefined],
      ['efetch', undefined],
    ]);
  });

  test('when what it found never comes, then the source fails; once it came, or nothing is found, it answers', async () => {
    let found = ['40000001'];
    let lost = true;
    const { fetchSource } = host((url) => {
      if (url.includes('esearch')) return new Response(JSON.stringify({ esearchresult: { idlist: found } }));
      return lost ? new Response('', { status: 503 }) : new Response(pubmedAnswer([KELP]));
    });
    const location = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&term=algae';
    const at = async (minutes: number) => {
      const counts = await runIngest(await start(`lost-search=${location}`, fetchSource, minutes));
      const source = await database.db.source.findUniqueOrThrow({ where: { name: 'lost-search' } });
      return [counts.failedSources, source.lastSuccessAt, source.failingSince].map((one) =>
        one instanceof Date ? (one.getTime() - START) / MINUTE_MS : one,
      );
    };
    expect(await at(0)).toEqual([1, null, 0]);
    expect(await at(31)).toEqual([1, null, 0]);
    lost = false;
    expect(await at(62)).toEqual([0, 62, null]);
    await database.db.sourceAddress.updateMany({
      where: { source: 'lost-search', name: { contains: 'esearch' } },
      data: { dueAt: new Date(START) },
    });
    expect(await at(63)).toEqual([0, 63, null]); // the same is found, and is here
    lost = true;
    found = ['40000002'];
    expect(await at(94)).toEqual([1, 63, 94]);
    found = [];
    expect(await at(125)).toEqual([0, 125, null]);
  });
});

describe('a web page', () => {
  const page = `<html><body><main>Daily Papers<p>Nov 20</p></main></body></html>`;
  const play = (robots: () => Response) =>
    host((url) =>
      url.endsWith('/robots.txt')
        ? robots()
        : new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    );
  const paths = (heard: Heard[]) => heard.map(({ url }) => new URL(url).pathname);

  test('when robots.txt forbids it, then nothing of it is kept, and it is not asked for again before a look at robots.txt', async () => {
    const { heard, fetchSource } = play(() => new Response('User-agent: *\nDisallow: /'));
    for (const minutes of [0, 31, 62])
      expect(await runIngest(await start('closed=http://127.0.0.1:9/closed', fetchSource, minutes))).toMatchObject({
        failedSources: 1,
        rejected: 0,
      });
    expect(paths(heard)).toEqual(['/closed', '/robots.txt']);
    await runIngest(await start('closed=http://127.0.0.1:9/closed', fetchSource, 24 * 60 + 1));
    expect(paths(heard).slice(2)).toEqual(['/robots.txt']);
    expect(await database.db.capture.count({ where: { source: 'closed' } })).toBe(0);
  });

  test('when robots.txt lets us, then it is looked at once a day; and where its name says page, before it', async () => {
    const { heard, fetchSource } = play(() => new Response('', { status: 404 }));
    for (const minutes of [0, 31, 62])
      await runIngest(await start('open-page=http://127.0.0.1:9/today.html', fetchSource, minutes));
    expect(paths(heard)).toEqual(['/robots.txt', '/today.html', '/today.html', '/today.html']);
    expect(await database.db.capture.count({ where: { source: 'open-page' } })).toBe(1);
  });

  test('when robots.txt cannot be had, then the page waits for it', async () => {
    const { heard, fetchSource } = play(() => new Response('', { status: 503 }));
    const counts = await runIngest(await start('unsure=http://127.0.0.1:9/unsure.html', fetchSource));
    expect(counts).toMatchObject({ failedSources: 1 });
    expect(paths(heard)).toEqual(['/robots.txt']);
  });
});

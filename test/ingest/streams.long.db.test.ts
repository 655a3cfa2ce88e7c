import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listCandidateEntries } from '../../src/db/digests/entries.ts';
import { ingestInputs, runIngest } from '../../src/ingest/run-ingest.ts';
import { addDays } from '../../src/lib/time.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const FIRST = '2026-09-01';
const HOUR_MS = 3_600_000;

interface Item {
  title: string;
  link: string;
  on: string | null;
  more?: string;
}

/** Writes a journal's feed, newest first. */
function journal(items: readonly Item[], channel = ''): string {
  const body = items.map(
    ({ title, link, on, more = '' }) =>
      `<item><title>${title}</title><link>${link}</link><description>We grow kelp of kind ${title}.</description>${on ? `<pubDate>${new Date(on).toUTCString()}</pubDate>` : ''}${more}</item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kelp</title>${channel}${body.join('')}</channel></rss>`;
}

const item = (source: string, number: number, on: string | null): Item => ({
  title: `${source} ${number}`,
  link: `https://${source}.example.org/${number}`,
  on,
});

/** Opens a context with one journal as its source, whose feed `write` gives at each asking. */
async function withJournal(name: string, write: () => string) {
  const play: typeof fetch = () => Promise.resolve(new Response(write()));
  return testContext(database, { SOURCES: `${name}=https://${name}.example.org/rss` }, { fetch: play });
}

/** Writes a capture into a folder of its own; returns its path. */
async function writeDigest(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'stream-')), name);
  await writeFile(path, text);
  return path;
}

const candidates = async (name: string, range: { from: string; to: string }) =>
  (await listCandidateEntries(database.db, range)).filter(({ source }) => source === name);

it('when a stream of 30 shows five new papers each weekday for 60 days, then each comes once, on its day, unheld', async () => {
  const name = 'weekday-kelp';
  const papers: Item[] = Array.from({ length: 30 }, (_, at) => item(name, at, addDays(FIRST, -9)));
  const ctx = await withJournal(name, () => journal(papers.slice(-30).reverse()));
  const shown = new Map<string, string>();
  for (let day = 0; day < 60; day++) {
    const today = addDays(FIRST, day);
    const isWeekday = new Date(today).getUTCDay() % 6 !== 0;
    for (const hour of [2, 11]) {
      if (isWeekday && day > 0) {
        for (let more = 0; more < (hour === 2 ? 3 : 2); more++) papers.push(item(name, papers.length, today));
      }
      ctx.setNow(new Date(Date.parse(today) + hour * HOUR_MS));
      expect(await runIngest(ctx)).toMatchObject({ held: 0, rejected: 0, failedSources: 0 });
    }
  }
  for (const { title, digestOn } of await candidates(name, { from: FIRST, to: addDays(FIRST, 60) })) {
    expect(shown.has(title)).toBe(false);
    shown.set(title, digestOn);
  }
  expect([...shown].sort()).toEqual(
    papers
      .slice(30)
      .map(({ title, on }) => [title, on])
      .sort(),
  );
  const digests = await database.db.digest.groupBy({ by: ['verdict'], where: { source: name }, _count: true });
  expect(digests).toEqual([{ verdict: 'fresh', _count: 44 }]);
});

it('when a feed of ten years is first seen, then only its last three days are news; the next day, what is new', async () => {
  const name = 'old-kelp';
  const today = '2026-11-20';
  const papers = Array.from({ length: 2_400 }, (_, at) =>
    item(name, at, addDays(today, Math.ceil((at - 2_399) * 1.5))),
  );
  const ctx = await withJournal(name, () => journal([...papers].reverse()));
  ctx.setNow('2026-11-20T08:00:00Z');
  await runIngest(ctx);
  const range = { from: '2026-10-01', to: '2026-11-22' };
  expect((await candidates(name, range)).map(({ publishedOn }) => publishedOn).sort()).toEqual([
    '2026-11-19',
    '2026-11-20',
  ]);
  papers.push(item(name, 2_400, '2026-11-21'));
  ctx.setNow('2026-11-21T08:00:00Z');
  expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1, held: 0 });
  expect(await candidates(name, range)).toHaveLength(3);
});

it('when a stream shows old papers again, or nothing new, then nothing comes of it', async () => {
  const name = 'steady-kelp';
  const papers = [item(name, 1, '2026-11-19')];
  const ctx = await withJournal(name, () => journal(papers));
  ctx.setNow('2026-11-20T08:00:00Z');
  expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1 });
  ctx.setNow('2026-11-21T08:00:00Z');
  expect(await runIngest(ctx)).toMatchObject({ digests: 0, papers: 0, held: 0 });
  papers.push(item(name, 2, '2025-01-03'));
  ctx.setNow('2026-11-22T08:00:00Z');
  expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1, held: 0 });
  expect((await candidates(name, { from: '2026-11-01', to: '2026-11-22' })).map(({ title }) => title)).toEqual([
    `${name} 1`,
  ]);
});

it('when a stream with nothing new says another time at each asking, then two answers of the day are kept', async () => {
  const name = 'restless-kelp';
  let asked = 0;
  const ctx = await withJournal(name, () =>
    journal([item(name, 1, '2026-11-19')], `<lastBuildDate>asked ${asked++} times</lastBuildDate>`),
  );
  ctx.setNow('2026-11-20T08:00:00Z');
  await runIngest(ctx);
  for (let hour = 0; hour < 10; hour++) {
    ctx.setNow(new Date(Date.parse('2026-11-21T02:00:00Z') + hour * HOUR_MS));
    await runIngest(ctx);
  }
  expect(asked).toBe(11);
  expect(await database.db.capture.count({ where: { source: name } })).toBe(3);
});

it('when an arXiv answer of today holds papers of 2020, then none of them is news, released or not', async () => {
  const entry = (id: string) =>
    `<entry><id>http://arxiv.org/abs/${id}v1</id><published>2020-12-10T10:00:00Z</published><title>Kelp of ${id}</title><summary>We grow kelp.</summary><author><name>Ada Quill</name></author></entry>`;
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><title>q</title><updated>2026-11-20T00:00:00Z</updated>${['2012.71000', '2012.71001'].map(entry).join('')}</feed>`;
  const ctx = await testContext(database, {});
  ctx.setNow('2026-11-20T08:00:00Z');
  const file = await writeDigest('arxiv-2020.xml', feed);
  expect(await ingestInputs(ctx, [file], { source: 'arxiv-then' })).toMatchObject([{ outcome: 'stored', entries: 2 }]);
  expect(await candidates('arxiv-then', { from: '2026-11-01', to: '2026-11-22' })).toEqual([]);
});

const WORK = {
  title: 'Kelp keeps sand in place',
  authors: '<dc:creator>Ada Quill</dc:creator><dc:creator>Bo Reed</dc:creator>',
};
const VERSIONS: Record<string, Item> = {
  preprint: {
    title: WORK.title,
    link: 'https://www.biorxiv.org/content/10.64898/2026.11.1.1v1?rss=1',
    on: '2026-11-18',
  },
  second: {
    title: `${WORK.title}: a study`,
    link: 'https://www.biorxiv.org/content/10.64898/2026.11.1.1v2?rss=1',
    on: '2026-11-19',
  },
  journal: { title: WORK.title, link: 'https://www.nature.com/articles/s41586-026-00001-1', on: '2026-11-20' },
};

it.each([
  ['preprint', 'second', 'journal'],
  ['journal', 'preprint', 'second'],
  ['second', 'preprint', 'journal'],
])('when one work comes as %s, then %s, then %s, then it is one paper', async (...order) => {
  const name = `one-work-${order[0]}`;
  const ctx = await testContext(database, {});
  ctx.setNow('2026-11-20T08:00:00Z');
  const title = `${WORK.title} ${order[0]}`;
  for (const [at, version] of order.entries()) {
    const given = VERSIONS[version]!;
    const said = {
      ...given,
      title: given.title.replace(WORK.title, title),
      link: given.link.replace('2026.11.1.1', `2026.11.1.${name.length}`).replace('00001-1', `0000${name.length}`),
      more: WORK.authors,
    };
    const file = await writeDigest(`${name}-${at}.xml`, journal([said]));
    await ingestInputs(ctx, [file], { source: `${name}-${version}` });
  }
  const papers = await database.db.paper.findMany({
    where: { title: { startsWith: title } },
    select: { mergedIntoId: true },
  });
  expect(papers.filter(({ mergedIntoId }) => mergedIntoId === null)).toHaveLength(1);
});

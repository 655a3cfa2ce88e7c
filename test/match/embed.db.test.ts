import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadInterestsInUse } from '../../src/db/interests/interests.ts';
import { loadWindowPapers } from '../../src/db/interests/matches.ts';
import { openNearness } from '../../src/match/embed.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const own = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');

/** What the endpoint is asked, as it arrives. */
interface Asked {
  model: string;
  input: string[];
  key: string | undefined;
}

/** Plays the endpoint: each text's vector says how much of three subjects it holds. */
let server: Server;
let url: string;
let asked: Asked[] = [];
let answer: (texts: string[], response: ServerResponse) => void;

const SUBJECTS = [/protein|fold|peptide/i, /kite|wind/i, /./];
const vectorOf = (text: string) => SUBJECTS.map((subject) => (subject.test(text) ? 1 : 0));
const send = (response: ServerResponse, vectors: unknown[]) =>
  response.end(JSON.stringify({ data: vectors.map((embedding, index) => ({ index, embedding })) }));
const well = (texts: string[], response: ServerResponse) => send(response, texts.map(vectorOf));

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
      asked.push({ ...body, key: request.headers.authorization });
      answer(body.input, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/embeddings`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  await own.db.$executeRaw`CALL empty_anew('captures, digests, entries, papers, interests, subscribers, matches')`;
  asked = [];
  answer = well;
});

const TITLES = ['When folding of a long protein ends', 'Kites over clusters', 'Wind and string', 'Protein folding'];

/** Four papers, and readers of two interests in words and an author. */
async function fill() {
  await makeDigest(own.db, '2026-01-05', TITLES, now);
  const reader = await makeReader(own.db, now, { wishes: ['protein folding -kites', 'wind'] });
  return reader;
}

/** A context whose log is kept. */
async function contextFor(settings: Record<string, string> = { EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: 'subjects' }) {
  const lines: { problem?: string; msg: string }[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) },
  );
  return { ctx: await testContext(own, settings, { log }), lines };
}

async function run(settings?: Record<string, string>) {
  const { ctx, lines } = await contextFor(settings);
  return { counts: await runMatch(ctx), lines };
}

const kept = () => own.db.$queryRaw<{ papers: number; interests: number }[]>`
  SELECT (SELECT count(*)::int FROM paper_embeddings) AS papers, (SELECT count(*)::int FROM interest_embeddings) AS interests`;
const matches = () =>
  own.db.match.findMany({ select: { interestId: true, paperId: true, score: true }, orderBy: { id: 'asc' } });

/** Forgets what has been compared, so that the next run does it again. */
async function afresh() {
  await own.db.match.deleteMany();
  await own.db.interest.updateMany({ data: { matcherVersion: null } });
  await own.db.paper.updateMany({ data: { matcherVersion: null } });
}

describe('with an embeddings endpoint', () => {
  test('when papers and interests are new, then each is asked about once, without what is not wanted, and the key goes along', async () => {
    await fill();
    await run({ EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: 'subjects', EMBEDDINGS_KEY: 'sesame' });
    expect(asked).toEqual([
      { model: 'subjects', key: 'Bearer sesame', input: TITLES.map((title) => `${title}\n${title} explained.`) },
      { model: 'subjects', key: 'Bearer sesame', input: ['protein folding', 'wind'] },
    ]);
    expect(await kept()).toEqual([{ papers: 4, interests: 2 }]);
    await afresh();
    await run();
    expect(asked).toHaveLength(2);
  });
  test('when the model finds a paper near, then it scores more than without, and the exact one still stands first', async () => {
    await fill();
    await run({});
    expect(asked).toEqual([]);
    const before = await matches();
    await afresh();
    await run();
    const after = await matches();
    const score = (rows: typeof after, paperId: number) =>
      rows.find((row) => row.interestId === 1 && row.paperId === paperId)?.score ?? 0;
    expect(score(after, 1)).toBeGreaterThan(score(before, 1));
    expect(score(after, 4)).toBeGreaterThan(score(after, 1));
  });
  test('when nothing is new, then nothing is asked', async () => {
    await fill();
    await run();
    asked = [];
    await run();
    expect(asked).toEqual([]);
  });
  test('when a text or the model changes, then it is embedded anew, and nothing else', async () => {
    await fill();
    await run();
    asked = [];
    await own.db.paper.update({ where: { id: 2 }, data: { title: 'Boats over clusters' } });
    await afresh();
    await run();
    expect(asked.map(({ input }) => input)).toEqual([['Boats over clusters\nKites over clusters explained.']]);
    asked = [];
    await afresh();
    await run({ EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: 'other' });
    expect(asked.flatMap(({ input }) => input)).toHaveLength(6);
    expect(await kept()).toEqual([{ papers: 4, interests: 2 }]);
  });
  test('when there is much, then it is asked for in batches, long texts cut', async () => {
    await makeDigest(
      own.db,
      '2026-01-05',
      Array.from({ length: 70 }, (_, at) => `Paper ${at} ${'🙂'.repeat(1_500)}`),
      now,
    );
    await makeReader(own.db, now, { wishes: ['protein folding'] });
    await run();
    expect(asked.map(({ input }) => input.length)).toEqual([32, 32, 6, 1]);
    for (const { input } of asked) {
      for (const text of input) expect(text.length).toBeLessThanOrEqual(2_000);
      expect(input.join('')).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    }
  });
  test('when an interest goes, or a paper leaves the window, then its vector goes too', async () => {
    await fill();
    await run();
    await own.db.subscriber.deleteMany();
    await own.db.interest.deleteMany();
    expect(await kept()).toEqual([{ papers: 4, interests: 0 }]);
    await own.db.entry.deleteMany({ where: { paperId: 1 } });
    await makeReader(own.db, now, { wishes: ['kites'] });
    await run();
    expect(await kept()).toEqual([{ papers: 3, interests: 1 }]);
  });
});

const nonsense: [string, string | RegExp, typeof answer][] = [
  ['answers 500', 'answered 500', (_, response) => response.writeHead(500).end('{"error":"out of memory"}')],
  ['wants a key', 'answered 401', (_, response) => response.writeHead(401).end()],
  ['sends elsewhere', /redirect/, (_, response) => response.writeHead(307, { location: url }).end()],
  ['answers something else', /something else/, (_, response) => response.end('<html>busy</html>')],
  [
    'answers an error with 200',
    /something else/,
    (_, response) => response.end('{"error":{"message":"no such model"}}'),
  ],
  ['answers one vector too few', /other vectors/, (texts, response) => send(response, texts.map(vectorOf).slice(1))],
  ['answers one too many', /other vectors/, (texts, response) => send(response, [...texts, 'more'].map(vectorOf))],
  [
    'answers the same place twice',
    /other vectors/,
    (texts, response) =>
      response.end(JSON.stringify({ data: texts.map((text) => ({ index: 0, embedding: vectorOf(text) })) })),
  ],
  [
    'answers a place far out',
    /other vectors/,
    (texts, response) =>
      response.end(JSON.stringify({ data: texts.map((text) => ({ index: 4e9, embedding: vectorOf(text) })) })),
  ],
  [
    'answers other dimensions for one',
    /other vectors/,
    (texts, response) =>
      send(
        response,
        texts.map((text, at) => vectorOf(text).slice(at === 0 ? 1 : 0)),
      ),
  ],
  [
    'answers null for a number',
    /something else/,
    (texts, response) =>
      send(
        response,
        texts.map(() => [1, null, 0]),
      ),
  ],
  ['answers NaN', /something else/, (_, response) => response.end('{"data":[{"embedding":[NaN,0,1]}]}')],
  [
    'answers numbers without bound',
    /no direction/,
    (texts, response) =>
      send(
        response,
        texts.map(() => [1e300, 0, 1]),
      ),
  ],
  [
    'answers zeros',
    /no direction/,
    (texts, response) =>
      send(
        response,
        texts.map(() => [0, 0, 0]),
      ),
  ],
  [
    'answers empty vectors',
    /something else/,
    (texts, response) =>
      send(
        response,
        texts.map(() => []),
      ),
  ],
  [
    'breaks off',
    /terminated|closed|hang up/,
    (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"data":[', () => response.destroy());
    },
  ],
  [
    'never stops',
    /more than \d+ bytes/,
    (_, response) => {
      const pump = () => {
        while (!response.destroyed && response.write(' '.repeat(1024 * 1024)));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    },
  ],
];

describe('matching does without, and says so', () => {
  test.each(nonsense)('when the endpoint %s', async (_, problem, mood) => {
    await fill();
    const without = await run({});
    const before = await matches();
    await afresh();
    answer = mood;
    const { counts, lines } = await run();
    expect(counts).toEqual(without.counts);
    expect((await matches()).map(({ score }) => score)).toEqual(before.map(({ score }) => score));
    expect(lines.map(({ msg }) => msg)).toEqual(['embeddings are left out', 'embeddings are left out']);
    for (const line of lines) expect(line.problem).toMatch(problem);
    expect(JSON.stringify(lines)).not.toMatch(/protein|wind/i);
    expect(asked.length).toBe(2);
    expect(await kept()).toEqual([{ papers: 0, interests: 0 }]);
  });
  test('when nobody listens there', async () => {
    await fill();
    const { counts, lines } = await run({ EMBEDDINGS_URL: 'http://127.0.0.1:1/v1/embeddings', EMBEDDINGS_MODEL: 'm' });
    expect(counts).toMatchObject({ papers: 4, interests: 2 });
    expect(lines).toHaveLength(2);
  });
  test('when it is slow, then it is given up after the time it has, and the run with it', async () => {
    await fill();
    answer = () => {};
    const { ctx, lines } = await contextFor();
    const papers = await loadWindowPapers(own.db, '2026-01-01');
    const interests = await loadInterestsInUse(own.db, 0, 10);
    expect((await openNearness(ctx, papers, { timeoutMs: 60, runMs: 10_000 })(interests)).size).toBe(0);
    expect((await openNearness(ctx, papers, { timeoutMs: 10_000, runMs: 60 })(interests)).size).toBe(0);
    expect(lines).toHaveLength(4);
    for (const { problem } of lines) expect(problem).toMatch(/timeout/);
  });
  test('when it comes back, then what was left out is had by the next run that needs it', async () => {
    await fill();
    answer = (_, response) => response.writeHead(503).end();
    await run();
    answer = well;
    await makeDigest(own.db, '2026-01-04', ['Another peptide'], now);
    const { lines } = await run();
    expect(lines).toEqual([]);
    expect(await kept()).toEqual([{ papers: 5, interests: 2 }]);
  });
  test('when it answers other dimensions than are stored, then it is not mixed with them', async () => {
    await fill();
    await run();
    answer = (texts, response) =>
      send(
        response,
        texts.map((text) => [...vectorOf(text), 1]),
      );
    await makeDigest(own.db, '2026-01-04', ['Another peptide'], now);
    const { counts, lines } = await run();
    expect(counts).toMatchObject({ papers: 1 });
    expect(lines.map(({ problem }) => problem)).toEqual([
      'answered vectors of 4 numbers where those stored have 3; a changed model needs another EMBEDDINGS_MODEL',
    ]);
    expect(await kept()).toEqual([{ papers: 4, interests: 2 }]);
  });
});

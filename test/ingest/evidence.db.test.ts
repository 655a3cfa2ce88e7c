import { expect, test } from 'vitest';
import { listCandidateEntries, loadEntries } from '../../src/db/digests/entries.ts';
import { loadPaper } from '../../src/db/digests/paper-page.ts';
import { loadWindowPapers } from '../../src/db/interests/matches.ts';
import { runIngest } from '../../src/ingest/run-ingest.ts';
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWeb } from '../http/web-server.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const DAY = '2026-11-18';

/** An answer of the API with five papers, whose code has so many stars. */
const answer = (stars: number): string =>
  JSON.stringify(
    Array.from({ length: 5 }, (_, at) => ({
      paper: {
        id: `2611.0100${at}`,
        title: `Names and stars ${at}`,
        summary: `The paper ${at} says who made it, and where its code is.`,
        authors: [{ name: 'Ada Lovelace' }, { name: 'Grace Hopper' }],
        submittedOnDailyAt: `${DAY}T01:00:00.000Z`,
        upvotes: 3 + stars,
        ...(at === 0 ? { githubRepo: 'https://code.example.org/x', githubStars: stars } : {}),
        ...(at === 1 && stars > 7
          ? {
              ai_keywords: ['naming', 'naming', 7, ''],
              ai_summary: 'A model &lt;i&gt;sums&lt;/i&gt; it up.',
              projectPage: 'https://p.example.org',
            }
          : {}),
      },
      ...(at === 1 ? { thumbnail: 'https://cdn.example.org/1.png', mediaUrls: ['https://cdn.example.org/1.mp4'] } : {}),
    })),
  );

test('authors, code and stars come through to what newsletters draw on, the stars as first seen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-evidence-'));
  const ctx = await testContext(database, { SOURCES: `evidence=${folder}` });
  ctx.setNow('2026-11-18T12:00:00Z');
  const put = (name: string, stars: number) => {
    writeFileSync(join(folder, name), answer(stars));
    utimesSync(join(folder, name), new Date('2026-11-18T11:00:00Z'), new Date('2026-11-18T11:00:00Z'));
    return runIngest(ctx);
  };
  await put(`${DAY}.json`, 7);
  await put(`${DAY}-later.json`, 900);
  const listed = await listCandidateEntries(ctx.db, { from: DAY, to: DAY });
  const [first, second] = listed.sort((a, b) => a.position - b.position);
  expect(first).toMatchObject({
    authors: ['Ada Lovelace', 'Grace Hopper'],
    codeUrl: 'https://code.example.org/x',
    stars: 7,
    upvotes: 903,
  });
  expect(second).toMatchObject({ authors: ['Ada Lovelace', 'Grace Hopper'], codeUrl: null, stars: null });
  expect((await loadEntries(ctx.db, [first?.id ?? 0])).get(first?.id ?? 0)?.stars).toBe(7);
  const added = {
    source: 'evidence',
    projectUrl: 'https://p.example.org',
    mediaUrls: ['https://cdn.example.org/1.png', 'https://cdn.example.org/1.mp4'],
    modelKeywords: ['naming'],
    modelSummary: 'A model sums it up.',
  };
  expect(await loadPaper(ctx.db, second?.paperPublicId ?? '')).toMatchObject({
    added,
    abstract: 'The paper 1 says who made it, and where its code is.',
  });
  expect((await loadPaper(ctx.db, first?.paperPublicId ?? ''))?.added).toBeNull();
  expect((await loadWindowPapers(ctx.db, DAY)).map(({ modelKeywords }) => modelKeywords ?? [])).toContainEqual([
    'naming',
  ]);

  const web = await startWeb(ctx);
  const page = await (await web.get(`/papers/${second?.paperPublicId ?? ''}`)).text();
  expect(page).toMatch(
    /<h2>What a model says of it, by way of evidence<\/h2>\s*<p[^>]*>[^<]*not the authors[^]*sums it up/,
  );
  expect(page).toContain('href="https://p.example.org/"');
  await web.close();
});

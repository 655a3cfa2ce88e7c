import { appendFileSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { keepUpload, listRejectedCaptures } from '../../src/db/digests/captures.ts';
import { listDigests, loadDigest, newestDigestOn } from '../../src/db/digests/digests.ts';
import { digestHistory } from '../../src/db/digests/save-digest.ts';
import { discardDigest, releaseDigest } from '../../src/db/digests/arrivals.ts';
import { listCandidateEntries, loadEntries } from '../../src/db/digests/entries.ts';
import { loadPaper } from '../../src/db/digests/paper-page.ts';
import { receivedOf } from '../../src/ingest/fetch.ts';
import { receiveNew } from '../../src/ingest/receive.ts';
import { ingestInputs, runIngest } from '../../src/ingest/run-ingest.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer, page, type PagePaper } from '../world/captures.ts';
import { OWN_DIGESTS, realDigests } from '../world/digest-files.ts';

const database = testDatabase();

/** Opens a context whose settings name one folder as a source of its own, so that tests do not meet. */
async function withFolder(
  name: string,
): Promise<{ ctx: TestContext; folder: string; put: (file: string, text: string | Buffer) => string }> {
  const folder = mkdtempSync(join(tmpdir(), `offprint-${name}-`));
  const ctx = await testContext(database, { SOURCES: `${name}=${folder}` });
  ctx.setNow('2026-11-20T12:00:00Z');
  const put = (file: string, text: string | Buffer) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    utimesSync(path, new Date('2026-11-20T11:00:00Z'), new Date('2026-11-20T11:00:00Z')); // settled an hour ago
    return path;
  };
  return { ctx, folder, put };
}

const papers = (prefix: string, count: number): PagePaper[] =>
  Array.from({ length: count }, (_, index) => ({ title: `${prefix} number ${index + 1} of many` }));

async function counted() {
  const { db } = database;
  return {
    captures: await db.capture.count(),
    digests: await db.digest.count(),
    entries: await db.entry.count(),
    papers: await db.paper.count(),
  };
}

describe('taking in digests', () => {
  it('when a file is moved in, then the next run takes it in, and further runs find nothing', async () => {
    const { ctx, put } = await withFolder('moved');
    expect(await runIngest(ctx)).toMatchObject({ digests: 0 });
    put('2026-11-18.txt', page('Nov 18', papers('Moved', 5)));
    expect(await runIngest(ctx)).toEqual({
      digests: 1,
      refreshed: 0,
      held: 0,
      papers: 5,
      rejected: 0,
      failedSources: 0,
    });
    expect(Object.values(await runIngest(ctx)).every((count) => count === 0)).toBe(true);
    const fresh = await testContext(database, { SOURCES: `moved=${ctx.config.SOURCES[0]!.location}` });
    expect(Object.values(await runIngest({ ...fresh, now: ctx.now })).every((count) => count === 0)).toBe(true);
  });

  it('when a process begins anew, then it holds the bytes of new files alone, whatever the folder has', async () => {
    const { ctx, put } = await withFolder('restarted');
    put('2026-11-05.txt', page('Nov 5', papers('Restarted', 3)));
    put('shopping.txt', 'Eggs, flour, and a long walk to the harbour.');
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 1 });
    const pool = openPool(database.url, 2, () => {});
    const anew = { ...ctx, db: openPrisma(pool) }; // what a process remembers, it remembers by its database
    const fail = (error: Error) => Promise.reject(error);
    const receive = () => receiveNew(anew, ctx.config.SOURCES[0]!, fail, { endsAt: Infinity });
    try {
      expect(await receive()).toMatchObject({ incoming: [], marks: [], answered: true, failure: null });
      const waiting = Buffer.from(page('Nov 6', papers('Waiting', 2)));
      const upload = { ...receivedOf('2026-11-06.txt', waiting), source: 'restarted', on: undefined };
      await keepUpload(anew.db, upload, ctx.now());
      for (const file of ['2026-11-06.txt', '2026-11-07.txt'])
        put(file, page(`Nov ${+file[9]!}`, papers('Waiting', 2)));
      const { incoming, marks } = await receive();
      expect(incoming.map(({ received }) => received.name)).toEqual(['2026-11-06.txt', '2026-11-07.txt']);
      expect(marks).toHaveLength(2);
    } finally {
      await anew.db.$disconnect();
      await pool.end();
    }
    await runIngest(ctx); // the tests below begin with nothing that waits
  });

  it('when a file is still being written, then it waits until it is whole', async () => {
    const { ctx, folder } = await withFolder('growing');
    const text = page('Nov 17', papers('Growing', 4));
    const path = join(folder, '2026-11-17.txt');
    writeFileSync(path, text.slice(0, 300));
    const writing = setInterval(() => appendFileSync(path, '\nMore of it.'), 100);
    ctx.setNow(new Date(Date.now()));
    expect(await runIngest(ctx)).toMatchObject({ digests: 0, rejected: 0 });
    clearInterval(writing);
    writeFileSync(path, text);
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 4 });
    writeFileSync(join(folder, '.2026-11-16.txt'), text);
    writeFileSync(join(folder, '2026-11-16.txt.part'), text);
    mkdirSync(join(folder, 'old.txt'));
    expect(await runIngest(ctx)).toMatchObject({ digests: 0, rejected: 0 });
  });

  it('when a file is no digest, then it is kept with its problem, told once, and the others are taken in', async () => {
    const { ctx, put } = await withFolder('mixed');
    put('shopping.txt', 'Eggs, flour, and a long walk to the harbour.');
    put('2026-11-19.json', '["\\u0000\\u001b[31m red"]');
    put('2026-11-19.txt', page('Nov 19', papers('Mixed', 3)));
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 2, papers: 3 });
    expect(await runIngest(ctx)).toMatchObject({ digests: 0, rejected: 0 });
    const rejected = (await listRejectedCaptures(database.db)).rows.filter((capture) => capture.source === 'mixed');
    expect(rejected.map((capture) => capture.name).sort()).toEqual(['2026-11-19.json', 'shopping.txt']);
    for (const capture of rejected) expect(capture.problem).toMatch(/^[^\p{Cc}]*expected[^\p{Cc}]*$/u);
    const kept = await database.db.capture.findFirstOrThrow({ where: { source: 'mixed', name: 'shopping.txt' } });
    expect(Buffer.from(kept.bytes).toString()).toContain('harbour');
  });

  it('when one source is broken, then the others are taken in all the same, and it is told of once', async () => {
    const { ctx, folder, put } = await withFolder('well');
    const both = await testContext(database, { SOURCES: `gone=${join(folder, 'nowhere')},well=${folder}` });
    put('2026-11-16.txt', page('Nov 16', papers('Well', 2)));
    const said: string[] = [];
    const log = Object.assign(Object.create(ctx.log) as typeof ctx.log, {
      warn: (_: object, message: string) => said.push(message),
      info: (_: object, message: string) => said.push(message),
    });
    const listening = { ...both, now: ctx.now, log };
    expect(await runIngest(listening)).toMatchObject({ digests: 1, failedSources: 1 });
    expect(await runIngest(listening)).toMatchObject({ digests: 0, failedSources: 1 });
    expect(said).toEqual(['source failed']);
    mkdirSync(join(folder, 'nowhere'));
    expect(await runIngest(listening)).toMatchObject({ digests: 0, failedSources: 0 });
    expect(said).toEqual(['source failed', 'source works again']);
  });

  it('when two runs go at once, then everything is stored once', async () => {
    const { ctx, put } = await withFolder('racing');
    for (let day = 10; day < 20; day++) put(`2026-09-${day}.txt`, page(`Sep ${day}`, papers(`Race ${day}`, 6)));
    const before = await counted();
    const again = await testContext(database, { SOURCES: `racing=${ctx.config.SOURCES[0]!.location}` });
    const runs = await Promise.all([
      runIngest(ctx),
      runIngest({ ...again, now: ctx.now }),
      ingestInputs(ctx, [ctx.config.SOURCES[0]!.location]),
    ]);
    const after = await counted();
    expect({
      digests: after.digests - before.digests,
      entries: after.entries - before.entries,
      papers: after.papers - before.papers,
    }).toEqual({ digests: 10, entries: 60, papers: 60 });
    expect(runs[0].digests + runs[1].digests + runs[2].filter((file) => file.outcome === 'stored').length).toBe(10);
  });

  it('when a later capture of the same day comes, then new entries are added, numbers follow, and texts stay', async () => {
    const { ctx, put } = await withFolder('later');
    put('a.txt', page('Nov 12', [{ title: 'Tides that compute', comments: 1 }, { title: 'Kelp as a prior' }]));
    await runIngest(ctx);
    put(
      'b.txt',
      page('Nov 12', [
        { title: 'A newcomer at the top' },
        { title: 'Tides That Compute', abstract: 'Another wording of the abstract altogether.', comments: 9 },
      ]),
    );
    expect(await runIngest(ctx)).toEqual({
      digests: 0,
      refreshed: 1,
      held: 0,
      papers: 1,
      rejected: 0,
      failedSources: 0,
    });
    const digest = (await loadDigest(database.db, '2026-11-12')).find(({ source }) => source === 'later')!;
    expect(digest.entries.map(({ title, comments, position }) => ({ title, comments, position }))).toEqual([
      { title: 'A newcomer at the top', comments: null, position: 1 },
      { title: 'Tides that compute', comments: 9, position: 2 },
      { title: 'Kelp as a prior', comments: null, position: 3 },
    ]);
    expect(digest.entries[1]!.abstract).not.toContain('Another wording');
  });

  it('when the operator gives another day, then a known file is read again for it', async () => {
    const { ctx, put } = await withFolder('given');
    const path = put('x.txt', page('Mar 12', papers('Given', 2)));
    const nearest = await ingestInputs(ctx, [path]);
    expect(nearest[0]).toMatchObject({ digestOn: '2026-03-12', outcome: 'stored', newPapers: 2 });
    expect((await ingestInputs(ctx, [path], { on: '2025-03-12' }))[0]).toMatchObject({
      digestOn: '2025-03-12',
      outcome: 'stored',
      newPapers: 0,
    });
    expect((await ingestInputs(ctx, [path], { on: '2025-03-12' }))[0]).toMatchObject({
      outcome: 'known',
      newPapers: 0,
    });
  });

  it('when a rejected file is given again with its day, then it is taken in', async () => {
    const { ctx, put } = await withFolder('dayless');
    const path = put('dayless.json', hfAnswer(null, [{ title: 'Without a day', arxivId: '2611.00999' }]));
    const [first] = await ingestInputs(ctx, [path]);
    expect(first).toMatchObject({
      outcome: 'rejected',
      problem: expect.stringMatching(/no list day; expected .*--on/) as string,
    });
    expect((await ingestInputs(ctx, [path], { on: '2026-11-11' }))[0]).toMatchObject({
      outcome: 'stored',
      digestOn: '2026-11-11',
    });
    expect((await listRejectedCaptures(database.db)).rows.some((capture) => capture.source === 'dayless')).toBe(false);
  });

  it('when there is no such file, then the others are taken in and the problem names it', async () => {
    const { ctx, put } = await withFolder('missing');
    const path = put('2026-11-13.txt', page('Nov 13', papers('Missing', 1)));
    const files = await ingestInputs(ctx, [`${path}.not`, path]);
    expect(files.map((file) => file.outcome)).toEqual(['rejected', 'stored']);
    expect(files[0]!.problem).toContain(`${path}.not`);
  });
});

describe('papers over sources', () => {
  it('when an API answer follows a page, then the paper is one and learns its authors, id and address', async () => {
    const { ctx, put } = await withFolder('both');
    put('2026-11-09.txt', page('Nov 9', [{ title: 'Lanterns for Sparse Retrieval' }]));
    await runIngest(ctx);
    put(
      '2026-11-10.json',
      hfAnswer('2026-11-10', [
        { title: 'Lanterns for sparse\nretrieval', arxivId: '2611.01234', authors: ['Ada Quill', 'Bo Reed'] },
        { title: 'Only in the answer', arxivId: '2611.01235' },
      ]),
    );
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1 });
    const [entry] = (await loadDigest(database.db, '2026-11-10')).find(({ source }) => source === 'both')!.entries;
    const paper = await loadPaper(database.db, entry!.paperPublicId);
    expect(paper).toMatchObject({
      title: 'Lanterns for Sparse Retrieval',
      authors: ['Ada Quill', 'Bo Reed'],
      arxivId: '2611.01234',
      url: 'https://arxiv.org/abs/2611.01234',
    });
    expect(paper!.listings.map((listing) => listing.digestOn)).toEqual(['2026-11-10', '2026-11-09']);
  });

  it('when two arXiv ids bear one title, then they stay two papers', async () => {
    const { ctx, put } = await withFolder('twins');
    put(
      '2026-11-10.json',
      hfAnswer('2026-11-10', [
        { title: 'Introduction', arxivId: '2611.00001' },
        { title: 'Introduction', arxivId: '2611.00002' },
      ]),
    );
    expect(await runIngest(ctx)).toMatchObject({ papers: 2 });
  });

  it('when an id shows two known papers to be one, then one points at the other, both stay, and readers see one', async () => {
    const { ctx, put } = await withFolder('merge');
    put('2026-11-03.json', hfAnswer('2026-11-03', [{ title: 'Moss, first version', arxivId: '2611.07777' }]));
    put('2026-11-04.txt', page('Nov 4', [{ title: 'Moss, second version' }]));
    await runIngest(ctx);
    const two = (await listCandidateEntries(database.db, { from: '2026-11-03', to: '2026-11-04' })).filter(
      ({ source }) => source === 'merge',
    );
    expect(two).toHaveLength(2);
    put(
      '2026-11-05.json',
      hfAnswer('2026-11-05', [
        { title: 'Moss, second version', arxivId: '2611.07777' },
        { title: 'Ferns, only here', arxivId: '2611.07778' },
      ]),
    );
    await runIngest(ctx);
    const one = (await listCandidateEntries(database.db, { from: '2026-11-03', to: '2026-11-05' })).filter(
      ({ source }) => source === 'merge',
    );
    expect(one.map((entry) => entry.title).sort()).toEqual(['Ferns, only here', 'Moss, second version']);
    const moss = one.find((entry) => entry.title.startsWith('Moss'))!;
    expect(moss.digestOn).toBe('2026-11-05');
    const textPaper = two.find((entry) => entry.digestOn === '2026-11-04')!;
    expect((await loadEntries(database.db, [textPaper.id])).get(textPaper.id)).toMatchObject({
      title: 'Moss, second version',
      paperId: textPaper.paperId,
    });
    expect(await loadPaper(database.db, textPaper.paperPublicId)).toMatchObject({ publicId: moss.paperPublicId });
    expect(await database.db.paper.findUniqueOrThrow({ where: { id: textPaper.paperId } })).toMatchObject({
      mergedIntoId: moss.paperId,
    });
    put(
      'later-2026-11-04.txt',
      page('Nov 4', [{ title: 'Reeds, come later' }, { title: 'Moss, second version', comments: 7 }]),
    );
    expect(await runIngest(ctx)).toMatchObject({ digests: 0, refreshed: 1, papers: 1 });
    const day = (await loadDigest(database.db, '2026-11-04')).find((digest) => digest.source === 'merge')!;
    expect(day.entries.map(({ position, title }) => `${position} ${title}`)).toEqual([
      '1 Reeds, come later',
      '2 Moss, second version',
    ]);
    expect(day.entries[1]).toMatchObject({ id: textPaper.id, comments: 7 });
  });
});

describe('held digests', () => {
  it('when a list comes again the next day, then it is held, readers get nothing of it, and releasing lets it in', async () => {
    const { ctx, put } = await withFolder('again');
    put('2026-10-01.txt', page('Oct 1', papers('Again', 5)));
    await runIngest(ctx);
    put('2026-10-02.txt', page('Oct 2', [...papers('Again', 5), { title: 'One more, only here' }]));
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, held: 1, papers: 1 });
    const [held] = (await listDigests(database.db, { limit: 100, states: ['held'] })).rows.filter(
      ({ source }) => source === 'again',
    );
    expect(held).toMatchObject({
      verdict: 'stale',
      digestOn: '2026-10-02',
      reasons: ['5 of 6 papers are the list of 2026-10-01 again'],
    });
    const inReach = async () =>
      (await listCandidateEntries(database.db, { from: '2026-10-01', to: '2026-10-02' })).filter(
        ({ source }) => source === 'again',
      );
    expect((await inReach()).map((entry) => entry.digestOn)).toEqual(Array(5).fill('2026-10-01'));
    const released = new Date('2026-10-02T15:00:00Z');
    expect(await releaseDigest(database.db, held!.id, released)).toBe(true);
    expect(await releaseDigest(database.db, held!.id, released)).toBe(false);
    const seen = await inReach();
    expect(seen).toHaveLength(6);
    expect(seen.find((entry) => entry.title === 'One more, only here')!.arrivedAt).toEqual(released);
    expect(await discardDigest(database.db, held!.id)).toBe(true);
    expect(await inReach()).toHaveLength(5);
    expect((await digestHistory(database.db, 'again')).map((digest) => digest.digestOn)).toEqual(['2026-10-01']);
  });

  it('when a held day arrives whole later, then it is accepted; a cut capture of a good day changes nothing', async () => {
    const { ctx, put } = await withFolder('healed');
    put(
      '1.json',
      hfAnswer('2026-10-05', [
        { title: 'Whole', arxivId: '2610.00001' },
        { title: '', arxivId: '2610.00002' },
      ]),
    );
    expect(await runIngest(ctx)).toMatchObject({ held: 1, papers: 1 });
    const whole = hfAnswer('2026-10-05', [
      { title: 'Whole', arxivId: '2610.00001' },
      { title: 'Whole too', arxivId: '2610.00002' },
    ]);
    put('2.json', whole);
    expect(await runIngest(ctx)).toMatchObject({ refreshed: 1, held: 0, papers: 1 });
    put(
      '3.json',
      hfAnswer('2026-10-05', [
        { title: 'Whole', arxivId: '2610.00001' },
        { title: '', arxivId: '2610.00002' },
      ]).replaceAll('"title":"Whole"', '"title":"Whole, cut"'),
    );
    expect(await runIngest(ctx)).toMatchObject({ refreshed: 0, held: 0, papers: 0 });
    const [digest] = (await loadDigest(database.db, '2026-10-05')).filter(({ source }) => source === 'healed');
    expect(digest).toMatchObject({ state: 'accepted', verdict: 'fresh', entryCount: 2 });
    expect(await newestDigestOn(database.db)).toBe('2026-11-19');
  });
});

describe('a day told anew', () => {
  it('when a held list gives way to the right one, then nothing of the wrong one stays in the digest', async () => {
    const { ctx, put } = await withFolder('anew');
    put('2026-10-12.txt', page('Oct 12', papers('Yesterday', 5)));
    await runIngest(ctx);
    put('early-2026-10-13.txt', page('Oct 13', papers('Yesterday', 5)));
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, held: 1 });
    put('late-2026-10-13.txt', page('Oct 13', papers('Today', 4)));
    expect(await runIngest(ctx)).toMatchObject({ refreshed: 1, held: 0, papers: 4 });
    const [digest] = (await loadDigest(database.db, '2026-10-13')).filter(({ source }) => source === 'anew');
    expect(digest).toMatchObject({ state: 'accepted', verdict: 'fresh', reasons: [] });
    expect(digest!.entries.map((entry) => entry.title)).toEqual(papers('Today', 4).map((paper) => paper.title));
  });

  it('when one list day is given for several files, then nothing is taken in', async () => {
    const { ctx, put } = await withFolder('several');
    const files = [put('a.txt', page('Oct 14', papers('A', 2))), put('b.txt', page('Oct 15', papers('B', 2)))];
    const before = await counted();
    await expect(ingestInputs(ctx, files, { on: '2026-10-14' })).rejects.toThrow(
      '--on 2026-10-14 names the list day of one digest; 2 were given',
    );
    expect(await counted()).toEqual(before);
  });
});

describe('entries that test a database', () => {
  it('when texts are hostile or huge, then they are stored as they are', async () => {
    const { ctx, put } = await withFolder('hostile');
    const title = `'; DROP TABLE papers; -- {{x}} <b>\\u0000 \u{1F9EA} ${'ß'.repeat(5000)}`;
    put(
      'h.json',
      hfAnswer('2026-10-06', [{ title, arxivId: '2610.06666', abstract: 'null \u0000 byte, half \ud800 pair' }]),
    );
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1 });
    const [digest] = (await loadDigest(database.db, '2026-10-06')).filter(({ source }) => source === 'hostile');
    expect(digest!.entries[0]).toMatchObject({ title, abstract: 'null byte, half \uFFFD pair' });
  });
});

describe('whole days', () => {
  it.each([OWN_DIGESTS, ...realDigests()])(
    'when $name are taken in, then every entry is there and every paper once, and a second time adds nothing',
    async ({ source, files, titles, entries }) => {
      const { ctx } = await withFolder(source);
      const first = await ingestInputs(ctx, files, { source });
      expect(new Set(first.map(({ outcome, state }) => `${outcome} ${state}`))).toEqual(new Set(['stored accepted']));
      expect(Object.fromEntries(first.map((file) => [file.digestOn, file.entries]))).toEqual(entries);
      const days = await Promise.all(Object.keys(entries).map((day) => loadDigest(database.db, day)));
      const stored = days.flat().filter((digest) => digest.source === source);
      const paperIds = stored.flatMap((digest) => digest.entries.map(({ paperId }) => paperId));
      expect(paperIds.length).toBeGreaterThan(titles.length); // some stand in two digests
      expect(new Set(paperIds).size).toBe(titles.length);
      expect(first.reduce((sum, file) => sum + file.newPapers, 0)).toBe(titles.length);
      for (const day of Object.keys(entries)) expect([0, 6]).not.toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
      const before = await counted();
      const again = await ingestInputs(ctx, files, { source });
      expect(new Set(again.map((file) => file.outcome))).toEqual(new Set(['known']));
      expect(await counted()).toEqual(before);
    },
  );
});

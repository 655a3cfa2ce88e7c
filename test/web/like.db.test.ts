import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { reasonsInWords } from '../../src/compose/newsletter/reasons-in-words.ts';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { translator } from '../../src/lib/strings.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { exportData } from '../../src/subscribers/export-data.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmToken, confirmedReader, reload, VISITOR } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

/** A paper that a list has, and one that none has. */
const KNOWN = 'Quiet Experts: Routing Tokens by Surprise in Sparse Language Models';
const OWN = {
  title: 'Sparse Mixtures of Experts for Language Models with Learned Routing',
  abstract:
    'We route the tokens of a large language model to few of its experts, and train mixture-of-experts layers that stay sparse.',
};

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-11-20T12:00:00Z');
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  const { id } = await ctx.db.paper.findFirstOrThrow({ where: { title: KNOWN } });
  await ctx.db.paperIdentity.create({ data: { kind: 'arxiv', value: '2611.00001', paperId: id } });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

async function run(name: 'match' | 'plan'): Promise<void> {
  const job = jobNamed(name);
  if (job) await runJob(ctx, job);
}

const heldBy = (id: number) =>
  ctx.db.interest.findMany({
    where: { subscribers: { some: { subscriberId: id } }, kind: 'like' },
    include: { examples: { orderBy: { place: 'asc' } } },
  });

async function signUpWith(email: string, like: string): Promise<{ answer: Response; text: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ email, like, cadence: 'daily', hour: '8', timeZone: 'UTC' }))
    form.set(name, value);
  const answer = await fetch(`${web.base}/subscribe`, { method: 'POST', body: form });
  return { answer, text: await answer.text() };
}

describe('papers like these', () => {
  test('from the form to the mail: they are stored, joined, matched, and the mail names the nearest', async () => {
    const bib = `2611.00001\n@article{a, title={${OWN.title}}, abstract={${OWN.abstract}}}\n2501.01234\nhttps://example.org/blog`;
    const { answer, text } = await signUpWith('ada@example.org', bib);
    expect(answer.status).toBe(202);
    expect(text).toContain('One line of your papers could not be read. Line 4, “https://example.org/blog”');
    await confirm(ctx, await confirmToken(ctx, 'ada@example.org'), VISITOR);
    const reader = await reload(ctx, 'ada@example.org');
    const [held] = await heldBy(reader.id);
    expect(held?.examples.map(({ arxivId, title, paperId }) => [arxivId, title, paperId !== null])).toEqual([
      ['2611.00001', '', true],
      [null, OWN.title, false],
      ['2501.01234', '', false],
    ]);

    for (const name of ['match', 'plan'] as const) await run(name);
    const newsletter = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    const input = await loadNewsletterInput(ctx.db, newsletter.publicId);
    const brought = input?.papers.filter(({ match }) => match) ?? [];
    expect(brought.length).toBeGreaterThan(0);
    expect(brought.map(({ entry }) => entry.title)).not.toContain(KNOWN);
    for (const paper of brought) {
      expect(reasonsInWords(paper, translator('en'))[0]).toMatch(
        /^Close to your paper “(Quiet Experts|Sparse Mixtures)/,
      );
      expect(reasonsInWords(paper, translator('de'))[0]).toMatch(/^Nah an Ihrem Artikel „/);
      expect(paper.match?.like).toEqual({ titles: [KNOWN, OWN.title], count: 3 });
    }
  });

  test('the settings show them, what they share, and what is not known yet; a tick removes and leaves out', async () => {
    const reader = await confirmedReader(ctx, 'bob@example.org', {
      like: ['2611.00001', { ...OWN }, '2501.01234', 'Experts for Language Models that Route'],
    });
    const page = await (await web.get(reader.preferences)).text();
    expect(page).toContain('Your newsletter looks for papers like these 4.');
    expect(page).toContain(KNOWN);
    expect(page).toContain('One is not known here yet');
    const concepts = [...page.matchAll(/name="notLike" value="([^"]+)"/g)].map(([, name = '']) => name);
    expect(concepts.join(', ')).toMatch(/mixture/i);

    const same = await (await web.post(reader.preferences, { action: 'save', ...scheduleOf(page) })).text();
    expect(same).toContain('Nothing was different');
    const form = {
      action: 'save',
      likeRemove: 'arxiv:2501.01234',
      notLike: concepts[0] ?? '',
      like: 'Bees that Dance',
    };
    const saved = await (await web.post(reader.preferences, { ...form, ...scheduleOf(page) })).text();
    expect(saved).toContain('Saved.');
    expect(saved).toMatch(new RegExp(`value="${concepts[0]}" checked`));
    const [held, ...others] = await heldBy(reader.id);
    expect(others).toEqual([]);
    expect(held?.leftOut).toEqual([concepts[0]]);
    expect(held?.examples.map(({ arxivId, title }) => title || arxivId)).toEqual([
      '2611.00001',
      OWN.title,
      'Experts for Language Models that Route',
      'Bees that Dance',
    ]);
    const data = await exportData(ctx, reader.preferences.replace('/preferences/', ''));
    expect(data?.interests.find(({ kind }) => kind === 'like')?.like?.examples[1]).toEqual({
      arxivId: null,
      doi: null,
      ...OWN,
    });

    await web.post(reader.preferences, { action: 'save', likeRemove: 'all', ...scheduleOf(page) });
    expect(await heldBy(reader.id)).toEqual([]);
    expect(await ctx.db.interest.count({ where: { id: held?.id ?? 0 } })).toBe(0);
  });

  test('what was ticked among them stands again where another field was wrong, and in a preview', async () => {
    const reader = await confirmedReader(ctx, 'ivy@example.org', { like: ['2611.00001', { ...OWN }, '2501.01234'] });
    const page = await (await web.get(reader.preferences)).text();
    const concept = /name="notLike" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const form = { ...scheduleOf(page), notLike: concept, likeRemove: 'arxiv:2501.01234' };
    const faulty = await web.post(reader.preferences, { action: 'save', ...form, maxPapers: '999' });
    const previewed = await web.get(`${reader.preferences}?${new URLSearchParams(form)}`);
    for (const [answer, status] of [
      [faulty, 422],
      [previewed, 200],
    ] as const) {
      const text = await answer.text();
      expect(answer.status).toBe(status);
      expect(text).toContain(`value="${concept}" checked`);
      expect(text).toContain('value="arxiv:2501.01234" checked');
      expect(text.match(/name="(likeRemove|notLike)" value="[^"]*" checked/g)).toHaveLength(2);
    }
    expect(page).not.toMatch(/name="(likeRemove|notLike)" value="[^"]*" checked/);
  });

  test('two readers share an interest only where all they gave is the same', async () => {
    const one = await confirmedReader(ctx, 'cleo@example.org', { like: ['2611.00001', 'Bees that Dance'] });
    const other = await confirmedReader(ctx, 'dan@example.org', { like: ['Bees that Dance\n2611.00001'] });
    const third = await confirmedReader(ctx, 'eve@example.org', { like: ['2611.00001', 'BEES that dance'] });
    const ids = await Promise.all([one, other, third].map(async ({ id }) => (await heldBy(id))[0]?.id));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('an id that no list had counts as soon as one brings it', async () => {
    const reader = await confirmedReader(ctx, 'finn@example.org', { like: ['2612.77777'] });
    await run('match');
    const [before] = await heldBy(reader.id);
    expect(await ctx.db.match.count({ where: { interestId: before?.id ?? 0 } })).toBe(0);
    const { id } = await ctx.db.paper.findFirstOrThrow({
      where: { title: { contains: 'Language Model' }, NOT: { title: KNOWN } },
    });
    await ctx.db.paperIdentity.create({ data: { kind: 'arxiv', value: '2612.77777', paperId: id } });
    await run('match');
    expect((await heldBy(reader.id))[0]?.examples[0]?.paperId).toBe(id);
    expect(await ctx.db.match.count({ where: { interestId: before?.id ?? 0 } })).toBeGreaterThan(0);
  });

  test('what cannot be taken is said where it stands', async () => {
    const nothing = await signUpWith('gil@example.org', 'https://example.org/a\n?!');
    expect(nothing.answer.status).toBe(422);
    expect(nothing.text).toContain('Line 1, “https://example.org/a”: This link names no paper we can read.');
    expect(nothing.text).toMatch(/https:\/\/example\.org\/a\r?\n\?!<\/textarea>/);
    const many = await signUpWith(
      'gil@example.org',
      Array.from({ length: 501 }, (_, n) => `2501.${10_000 + n}`).join('\n'),
    );
    expect([many.answer.status, many.text.includes('These are 501 papers')]).toEqual([422, true]);
    const long = await signUpWith('gil@example.org', 'Kites that learn to fly\n'.repeat(45_000));
    expect([long.answer.status, long.text.includes('This is too long')]).toEqual([422, true]);
    expect((await signUpWith('gil@example.org', 'x'.repeat(1_300_000))).answer.status).toBe(413);
    const other = new URLSearchParams({ email: 'gil@example.org', interests: 'kites\n'.repeat(20_000) });
    expect((await fetch(`${web.base}/subscribe`, { method: 'POST', body: other })).status).toBe(413);
    const json = await web.post(
      '/subscribe',
      JSON.stringify({ email: 'gil@example.org', like: ['2501.01234', '?!', { title: 'Kites' }] }),
      {
        'content-type': 'application/json',
        accept: 'application/json',
      },
    );
    expect(await json.json()).toMatchObject({ unread: { count: 1, lines: [{ text: '?!' }] } });
  });

  test('the preview counts them, and says nothing is wrong while a line is half typed', async () => {
    const query = new URLSearchParams({ like: `2611.00001\n${OWN.title}\nhttps://exam` });
    const newsletter = await (await web.get(`/preview/newsletter?${query}`)).text();
    expect(newsletter).toContain('Close to your paper');
  });
});

/** The schedule as the page holds it. */
function scheduleOf(page: string): Record<string, string> {
  const chosen = (name: string) =>
    new RegExp(`<select id="${name}"[^]*?value="([^"]*)" selected`).exec(page)?.[1] ?? '';
  return {
    cadence: /name="cadence" value="(\w+)" checked/.exec(page)?.[1] ?? '',
    hour: chosen('hour'),
    weekday: chosen('weekday'),
    timeZone: chosen('timeZone'),
    language: chosen('language'),
    maxPapers: /id="maxPapers"[^>]*value="(\d+)"/.exec(page)?.[1] ?? '',
  };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTopicEdits } from '../../src/db/interests/topic-versions.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { refreshTopics } from '../../src/live-topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { heedTopicEdits, loadKnowledge } from '../../src/match/knowledge.ts';
import { matcherVersion } from '../../src/match/matcher.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, type MadePaper } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const PATH = '/admin/topics/causality';
let ctx: TestContext;
let server: AdminServer;
let session: { cookie: string; csrf: string };
let papers: MadePaper[];

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  const titles = ['Estimating effects with quokka tables', 'Walking robots'];
  papers = await makeDigest(ctx.db, '2026-01-05', titles, ctx.now(), { matched: false });
  await makeReader(ctx.db, ctx.now(), { wishes: [{ kind: 'topic', text: 'causality', muted: false }] });
  server = await adminServer(ctx);
  session = await server.signIn();
});
afterAll(async () => {
  await heedTopicEdits(undefined, []);
  await server.close();
});

const act = (fields: Record<string, string>) => server.post(PATH, { csrf: session.csrf, ...fields }, session.cookie);
const page = async (query = '') => (await server.get(PATH + query, session.cookie)).text();
const matched = async () => {
  await runMatch(ctx);
  return ctx.db.match.count({
    where: { paperId: papers[0]!.paperId, matcherVersion: matcherVersion(loadKnowledge()) },
  });
};
const terms = ['quokka table', ...readTermsOf('causality')].slice(0, 30).join('\n');
const draft = { name: 'Causes', description: 'What brings what about, and how one finds out.', terms };

function readTermsOf(slug: string): readonly string[] {
  const { topics, concepts } = loadKnowledge().lexicon;
  return concepts.at(topics.get(slug) ?? -1)?.terms ?? [];
}

describe('a topic', () => {
  test('when a draft is kept, then nothing changes for readers, and the page says what it would bring', async () => {
    expect(await matched()).toBe(0);
    expect((await act({ action: 'draft', ...draft })).status).toBe(303);
    expect(await loadTopicEdits(ctx.db)).toEqual([]);
    const shown = await page('?compare=yes');
    expect(shown).toContain('+ quokka table');
    expect(shown).toContain('it would gain 1 and lose 0');
    expect(shown).toContain('Estimating effects with quokka tables');
    expect(shown).toContain('One reader has picked it');
  });

  test('when what is typed cannot be used, then the page says so and keeps what was typed', async () => {
    const answer = await act({ action: 'draft', ...draft, terms: 'only <b>' });
    expect(answer.status).toBe(422);
    const shown = await answer.text();
    expect(shown).toContain('expected 8 terms or more');
    expect(shown).toContain('only &lt;b&gt;</textarea>');
  });

  test('when it is published, then the matcher knows it, a start leaves it, and it can be taken back', async () => {
    const before = matcherVersion(loadKnowledge());
    const { id } = await ctx.db.topicVersion.findFirstOrThrow({ where: { slug: 'causality' } });
    const publish = { action: 'publish', version: String(id) };
    expect(await (await act(publish)).text()).toContain('It touches one reader');
    expect((await act({ ...publish, sure: 'yes' })).status).toBe(303);
    expect(ctx.woken).toContain('match');
    expect(matcherVersion(loadKnowledge())).not.toBe(before);
    expect(await matched()).toBe(1);
    await syncTopics(ctx.db, readTopics());
    expect((await ctx.db.topic.findUniqueOrThrow({ where: { slug: 'causality' } })).name).toBe('Causes');
    expect(await page()).toContain('What the release has instead');

    const entry = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'topic.publish' } });
    expect(await takeBack(ctx, entry.id, 'cli')).toMatchObject({ outcome: 'taken-back' });
    await refreshTopics(ctx);
    expect(matcherVersion(loadKnowledge())).toBe(before);
    expect((await ctx.db.topic.findUniqueOrThrow({ where: { slug: 'causality' } })).name).not.toBe('Causes');
    expect(await page()).toContain('Put in force again');
  });

  test('when there is no such version or topic, then it says so', async () => {
    const answer = await act({ action: 'publish', version: '999999', sure: 'yes' });
    expect(decodeURIComponent(answer.headers.get('location') ?? '')).toContain('no such version');
    expect((await server.get('/admin/topics/nothing', session.cookie)).status).toBe(404);
  });
});

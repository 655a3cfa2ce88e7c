import { beforeEach, describe, expect, test } from 'vitest';
import { dropUnusedInterests, internInterests } from '../../src/db/interests/interests.ts';
import { loadMatches, loadMatchScores } from '../../src/db/interests/matches.ts';
import { listTopics, syncTopics } from '../../src/db/interests/topics.ts';
import { MATCHER_VERSION } from '../../src/match/matcher.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { LINES } from '../../src/model/match.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { TOPICS } from '../world/matchers.ts';
import { makeReader } from '../world/readers.ts';

const own = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');
let serial = 0;

beforeEach(async () => {
  await own.db
    .$executeRaw`CALL empty_anew('captures, digests, entries, papers, interests, subscribers, matches, topics')`;
});

/** Stores a paper, and a digest of that day that lists it, from a source of its own. */
async function list(day: string, title: string, state: 'accepted' | 'held' | 'released' = 'accepted') {
  const [paper] = await makeDigest(own.db, day, [title], now, { source: `s${++serial}`, state, matched: false });
  return paper!.paperId;
}

/** Stores a reader who wants these. */
async function reader(...wishes: string[]) {
  const { id } = await makeReader(own.db, now, { wishes });
  const held = await own.db.subscriberInterest.findMany({ where: { subscriberId: id } });
  return { id, interests: held.map(({ interestId }) => interestId) };
}

const run = async () => {
  const ctx = await testContext(own);
  ctx.setNow(now);
  return runMatch(ctx);
};

describe('interests', () => {
  test('equal ones are one, in the order asked', async () => {
    const wishes = [
      'Graph  Networks',
      '"state space" -vision -robots',
      'graph networks',
      '"State space" -robots -vision',
    ];
    const ids = await internInterests(
      own.db,
      wishes.map((text) => ({ kind: 'words', text })),
      now,
    );
    expect(ids[2]).toBe(ids[0]);
    expect(ids[3]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(2);
    expect(await internInterests(own.db, [{ kind: 'words', text: 'graph networks' }], now)).toEqual([ids[0]]);
  });
  test('the same text as words and as an author are two', async () => {
    const wishes = [{ kind: 'words', text: 'doe' } as const, { kind: 'author', text: 'Doe' } as const];
    expect(new Set(await internInterests(own.db, wishes, now)).size).toBe(2);
  });
  test('an empty one is refused by name', async () => {
    await expect(internInterests(own.db, [{ kind: 'words', text: '🎉' }], now)).rejects.toThrow('🎉');
  });
  test('two sign-ups at once share them without a deadlock', async () => {
    const some = ['a1', 'b1', 'c1', 'd1'].map((text) => ({ kind: 'words' as const, text }));
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, at) => internInterests(own.db, at % 2 ? some : [...some].reverse(), now)),
    );
    expect(new Set(all.flat()).size).toBe(4);
  });
  test('are dropped when nobody holds them, and kept while somebody does; topics are kept', async () => {
    const { interests } = await reader('graphs');
    const [topic] = await internInterests(own.db, [{ kind: 'topic', text: 'robotics' }], now);
    const [idle] = await internInterests(own.db, [{ kind: 'words', text: 'nobody' }], now);
    expect(await dropUnusedInterests(own.db, [...interests, topic!, idle!])).toBe(1);
    const left = await own.db.interest.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    expect(left).toEqual([{ id: interests[0] }, { id: topic }]);
  });
});

describe('a match run', () => {
  test('compares each pair once and stores what fits, with reasons', async () => {
    const graph = await list('2026-01-05', 'Graph networks');
    await list('2026-01-05', 'Protein folding');
    const { interests } = await reader('graph networks');
    expect(await run()).toEqual({ papers: 2, interests: 1, matches: 1 });
    const [score] = await loadMatchScores(own.db, [graph]);
    expect(score).toMatchObject({ interestId: interests[0], paperId: graph, literal: true });
    const stored = (await loadMatches(own.db, [score!.id, 999])).get(score!.id);
    expect(stored).toMatchObject({ interestKind: 'words', interestText: 'graph networks', paperId: graph });
    expect(stored?.reasons[0]).toMatchObject({ kind: 'phrase', text: 'Graph networks', where: 'title' });
  });
  test('run twice adds nothing', async () => {
    await list('2026-01-05', 'Graph networks');
    await reader('graph networks');
    await run();
    expect(await run()).toEqual({ papers: 0, interests: 0, matches: 0 });
    expect(await own.db.match.count()).toBe(1);
  });
  test('a new paper meets old interests, a new interest old papers', async () => {
    await list('2026-01-03', 'Graph networks');
    await reader('graph networks');
    await run();
    await list('2026-01-05', 'More graph networks');
    await reader('networks');
    expect(await run()).toEqual({ papers: 1, interests: 1, matches: 3 });
  });
  test('looks at what readers may still get, and at nothing else', async () => {
    const old = await list('2025-11-01', 'Graph networks, old');
    const held = await list('2026-01-05', 'Graph networks, held', 'held');
    const seen = await list('2026-01-05', 'Graph networks', 'released');
    await reader('graph networks');
    expect(await run()).toMatchObject({ papers: 1, matches: 1 });
    expect((await loadMatchScores(own.db, [old, held, seen])).map(({ paperId }) => paperId)).toEqual([seen]);
  });
  test('a newest digest of long ago is still matched: the welcome newsletter draws on it', async () => {
    await list('2024-03-01', 'Graph networks');
    await reader('graph networks');
    expect(await run()).toMatchObject({ papers: 1, matches: 1 });
  });
  test('an interest that nobody held for a while is compared again when somebody asks for it', async () => {
    const { id } = await reader('graph networks');
    await run();
    await own.db.subscriber.delete({ where: { id } });
    await list('2026-01-05', 'Graph networks');
    await run();
    await reader('graph networks');
    expect(await run()).toMatchObject({ interests: 1, matches: 1 });
  });
  test('a paper met before papers came is not forgotten: nothing to do is done without error', async () => {
    await reader('graphs');
    expect(await run()).toEqual({ papers: 0, interests: 0, matches: 0 });
    await list('2026-01-05', 'Graphs');
    expect(await run()).toEqual({ papers: 1, interests: 1, matches: 1 });
  });
  test('what an older matcher found counts until its interest is compared again, and no longer', async () => {
    const paper = await list('2026-01-05', 'Protein folding');
    const { interests } = await reader('graph networks');
    const old = MATCHER_VERSION - 1;
    await own.db.match.create({
      data: { interestId: interests[0]!, paperId: paper, matcherVersion: old, score: 0.9, reasons: [] },
    });
    await own.db.interest.updateMany({ data: { matcherVersion: old } });
    await own.db.paper.updateMany({ data: { matcherVersion: old } });
    expect(await loadMatchScores(own.db, [paper])).toHaveLength(1);
    expect(await run()).toEqual({ papers: 1, interests: 1, matches: 0 });
    expect(await loadMatchScores(own.db, [paper])).toEqual([]);
  });
  test('when a key was stored while only plain quotes counted, then it is compared as what its reader meant', async () => {
    await list('2026-01-05', 'Robot learning by language models');
    const wanted = await list('2026-01-05', 'Robot learning by touch');
    await reader('robot learning');
    await own.db.interest.updateMany({ data: { key: 'robot learning -“language models”' } });
    await run();
    const found = await own.db.match.findMany({ where: { score: { gte: LINES.normal } } });
    expect(found.map(({ paperId }) => paperId)).toEqual([wanted]);
  });
  test('words that do not stand together are marked, so that they mute nothing', async () => {
    const apart = await list('2026-01-05', 'Networks and the graph behind them: graph by networks');
    const whole = await list('2026-01-05', 'A graph network');
    await reader('graph networks');
    await run();
    const scores = await loadMatchScores(own.db, [apart, whole]);
    expect(scores.map(({ paperId, literal }) => [paperId, literal])).toEqual([
      [apart, false],
      [whole, true],
    ]);
  });
});

describe('an interest that cannot be compared', () => {
  test('when the database refuses what one finds, then the others are matched, it is named once, and its readers do not wait', async () => {
    const ctx = await testContext(own, { ADMIN_EMAIL: 'ops@digest.example.org' });
    const paper = await list('2026-01-05', 'Graph networks for folding');
    await reader('graph networks');
    await reader('folding', 'networks');
    await own.db.$executeRawUnsafe(`
      CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.interest_id = 1 THEN RAISE EXCEPTION 'broken row'; END IF; RETURN NEW; END $$`);
    await own.db.$executeRawUnsafe(
      'CREATE TRIGGER refuse BEFORE INSERT ON matches FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    try {
      expect(await runMatch(ctx)).toMatchObject({ papers: 1, interests: 2 });
      expect(await runMatch(ctx)).toEqual({ papers: 0, interests: 0, matches: 0 });
    } finally {
      await own.db.$executeRawUnsafe('DROP TRIGGER refuse ON matches');
    }
    const found = await loadMatchScores(own.db, [paper]);
    expect(found.map(({ interestId }) => interestId).sort()).toEqual([2, 3]);
    expect(await own.db.interest.count({ where: { matcherVersion: null } })).toBe(0);
    const alarms = await own.db.delivery.findMany({ where: { kind: 'alarm' } });
    expect(alarms.map(({ key }) => key)).toEqual([`interest:1:${MATCHER_VERSION}`]);
  });
});

describe('topics', () => {
  test('are stored, changed in place, and retired when they leave the file', async () => {
    expect(await syncTopics(own.db, TOPICS)).toEqual({ stored: TOPICS.length, retired: 0 });
    const [first, second] = TOPICS;
    expect(await syncTopics(own.db, [{ ...first!, name: 'Renamed' }, second!])).toEqual({
      stored: 1, // the other one stands there already
      retired: TOPICS.length - 2,
    });
    const left = await listTopics(own.db);
    expect(left.map(({ slug }) => slug).sort()).toEqual([first!.slug, second!.slug].sort());
    expect(left.find(({ slug }) => slug === first!.slug)).toEqual({ ...first!, name: 'Renamed' });
  });
});

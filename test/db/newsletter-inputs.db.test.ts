import { expect, test } from 'vitest';
import { loadNewsletterInput, loadNewsletterInputs } from '../../src/db/newsletters/inputs.ts';
import { insertNewslettersWithDeliveries, type PlannedNewsletter } from '../../src/db/newsletters/newsletters.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const NOW = new Date('2026-01-05T08:00:00Z');

async function world(day = '2026-01-05') {
  const { db } = database;
  const papers = await makeDigest(db, day, ['State spaces', 'Tides', 'Bridges', 'Mills'], NOW);
  await makeMatches(db, 'state spaces', papers.slice(0, 1));
  const match = await db.match.findFirstOrThrow({ where: { paperId: papers[0]?.paperId ?? 0 } });
  const edition = await db.edition.upsert({
    where: { key: 'daily:2026-01-05' },
    update: {},
    create: { key: 'daily:2026-01-05', createdAt: NOW },
  });
  return { db, papers, match, edition };
}

const reader = () => makeReader(database.db, NOW, { generation: 2 });

test('when deliveries are composed in a batch, then each gets its own papers, numbers, match and names', async () => {
  const { db, papers, match, edition } = await world();
  const [ana, bo] = [await reader(), await reader()];
  const row = (subscriber: typeof ana, order: number[]): PlannedNewsletter => ({
    subscriberId: subscriber.id,
    editionId: edition.id,
    editionKey: edition.key,
    entryIds: order.map((at) => papers[at]?.entryId ?? 0),
    paperIds: order.map((at) => papers[at]?.paperId ?? 0),
    matchIds: order.map((at) => (at === 0 ? match.id : 0)),
    upvotes: order.map((at) => (at === 0 ? 12 : -1)),
    comments: order.map(() => -1),
    consideredCount: 3,
    moreCount: 1,
    trendingIds: [papers[2]?.entryId ?? 0],
    moverIds: [papers[3]?.entryId ?? 0],
    moverRises: [31],
    keyId: 1,
    slotAt: NOW,
    issuedOn: '2026-01-05',
    lateAt: new Date('2026-01-05T20:00:00Z'),
  });
  await insertNewslettersWithDeliveries(db, [row(ana, [0, 1]), row(bo, [1])], NOW);
  const deliveries = await db.delivery.findMany({ orderBy: { id: 'asc' }, include: { newsletter: true } });
  const inputs = await loadNewsletterInputs(db, [...deliveries.map(({ id }) => id), 999_999n]);
  expect(inputs.size).toBe(2);
  const first = deliveries.find(({ subscriberId }) => subscriberId === ana.id);
  const input = inputs.get(first?.id ?? 0n);
  expect(input).toMatchObject({
    deliveryPublicId: first?.publicId,
    newsletterPublicId: first?.newsletter?.publicId,
    subscriberPublicId: ana.publicId,
    email: ana.email,
    editionKey: 'daily:2026-01-05',
    issuedOn: '2026-01-05',
    at: NOW,
    generation: 2,
    consideredCount: 3,
    moreCount: 1,
    digestOn: '2026-01-05',
  });
  expect(input?.papers.map(({ entry, upvotes, comments }) => [entry.title, upvotes, comments])).toEqual([
    ['State spaces', 12, null],
    ['Tides', null, null],
  ]);
  expect(input?.papers[0]?.match).toMatchObject({ id: match.id, interestKind: 'words', interestText: 'state spaces' });
  expect(input?.papers[1]?.match).toBeNull();
  expect(input?.trending.map(({ title }) => title)).toEqual(['Bridges']);
  expect(input?.movers?.map(({ entry, rise }) => [entry.title, rise])).toEqual([['Mills', 31]]);
  expect(await loadNewsletterInput(db, first?.newsletter?.publicId ?? '')).toEqual(input);
});

test('when a liked paper lifted one of a newsletter, then its title is the reason, the same however often it is read', async () => {
  const { db, papers, edition } = await world('2026-01-06');
  const plain = { editionId: edition.id, editionKey: edition.key, consideredCount: 4, moreCount: 0, keyId: 1 };
  const times = { slotAt: NOW, issuedOn: '2026-01-05', lateAt: NOW };
  const [tides, bridges, mills] = papers.slice(1);
  const row = (subscriberId: number, likedIds?: number[]): PlannedNewsletter => ({
    ...{ ...plain, ...times, subscriberId, ...(likedIds ? { likedIds } : {}) },
    ...{ entryIds: [tides!.entryId, bridges!.entryId], paperIds: [tides!.paperId, bridges!.paperId] },
    ...{ matchIds: [0, 0], upvotes: [1, 1], comments: [1, 1], trendingIds: [] },
  });
  const [ana, bo] = [await reader(), await reader()];
  await insertNewslettersWithDeliveries(db, [row(ana.id, [0, mills!.entryId]), row(bo.id)], NOW);
  const reasonsOf = async (subscriberId: number) => {
    const { publicId } = await db.newsletter.findFirstOrThrow({ where: { subscriberId } });
    return (await loadNewsletterInput(db, publicId))?.papers.map(({ reaction }) => reaction ?? null);
  };
  await db.paper.update({ where: { id: mills!.paperId }, data: { title: 'Renamed' } });
  expect(await reasonsOf(ana.id)).toEqual([null, { kind: 'reaction', text: 'Mills', where: 'title' }]);
  expect(await reasonsOf(bo.id)).toEqual([null, null]);
  const [left] = await db.$queryRaw<unknown[]>`SELECT liked_ids FROM newsletters WHERE subscriber_id = ${bo.id}`;
  expect(left).toEqual({ liked_ids: null });
});

test('when a newsletter is asked for that never was, or by something that is no id, then there is none', async () => {
  expect(await loadNewsletterInput(database.db, '00000000-0000-4000-8000-000000000000')).toBeNull();
  expect(await loadNewsletterInput(database.db, "x' OR true --")).toBeNull();
});

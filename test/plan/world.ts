import type { Db } from '../../src/db/client.ts';
import { internInterests, markInterestsMatched } from '../../src/db/interests/interests.ts';
import { changeSubscriber, createSubscriber, replaceWishes } from '../../src/db/subscribers/subscribers.ts';
import { asDate } from '../../src/lib/time.ts';
import { addressHash } from '../../src/model/address.ts';
import type { Wish } from '../../src/model/interest.ts';
import { DEFAULT_SCHEDULE, type Preferences, type Subscriber } from '../../src/model/subscriber.ts';
import { nextSlot } from '../../src/plan/due.ts';
import { asFixture } from '../support/wall.ts';

/** The version of the matcher these rows pretend to come from. */
const VERSION = 1;
let made = 0;

export interface MadePaper {
  paperId: number;
  entryId: number;
}

/** Puts a digest with papers into the database, as ingest and match leave them. */
export async function makeDigest(db: Db, digestOn: string, titles: string[], arrivedAt: Date): Promise<MadePaper[]> {
  made++;
  const capture = await db.capture.create({
    data: {
      source: 'made',
      name: `${made}`,
      sha256: `${made}`,
      bytes: new Uint8Array(1),
      state: 'parsed',
      receivedAt: arrivedAt,
    },
  });
  const digest = await db.digest.create({
    data: {
      source: 'made',
      digestOn: asDate(digestOn),
      captureId: capture.id,
      verdict: 'fresh',
      state: 'accepted',
      arrivedAt,
    },
  });
  const papers: MadePaper[] = [];
  for (const [index, title] of titles.entries()) {
    const text = { title, abstract: `${title} explained.`, authors: [] };
    const paper = await db.paper.create({
      data: { ...text, publicId: `paper-${made}-${index}`, createdAt: arrivedAt, arrivedAt, matcherVersion: VERSION },
    });
    const entry = await db.entry.create({
      data: { ...text, digestId: digest.id, paperId: paper.id, position: index + 1 },
    });
    papers.push({ paperId: paper.id, entryId: entry.id });
  }
  return papers;
}

/** Says that papers match an interest, and that the interest has been compared with all. */
export async function makeMatches(db: Db, words: string, papers: MadePaper[], score = 0.8): Promise<number> {
  const [interestId = 0] = await internInterests(
    db,
    [{ kind: 'words', text: words }],
    new Date('2026-01-01T00:00:00Z'),
  );
  await markInterestsMatched(db, [interestId], VERSION);
  const reasons = [{ kind: 'phrase', text: words, where: 'title' }];
  await db.match.createMany({
    data: papers.map(({ paperId }) => ({
      interestId,
      paperId,
      matcherVersion: VERSION,
      score,
      literal: true,
      reasons,
    })),
  });
  return interestId;
}

/** Makes a confirmed reader; `wishes` are free words, those after a minus muted. */
export async function makeReader(
  db: Db,
  now: Date,
  over: Partial<Preferences> & { email?: string; wishes?: string[]; welcome?: boolean } = {},
): Promise<Subscriber> {
  const { email = `reader${++made}@example.org`, wishes = [], welcome = false, ...preferences } = over;
  const given = { ...DEFAULT_SCHEDULE, maxPapers: 10, language: 'en', ...preferences };
  const hash = addressHash(Buffer.from('test'), email);
  const row = { publicId: `reader-${++made}`, email, addressHash: hash, source: 'test', createdAt: now };
  const pending = await createSubscriber(db, { ...given, ...row });
  const list: Wish[] = wishes.map((text) => ({
    kind: 'words',
    text: text.replace(/^-/, ''),
    muted: text.startsWith('-'),
  }));
  await replaceWishes(db, pending.id, list, now);
  return changeSubscriber(db, pending.id, {
    status: 'confirmed',
    confirmations: 1,
    confirmedAt: now,
    nextDueAt: nextSlot(given, now, null).at,
    welcomeDueAt: welcome ? now : null,
  });
}

/** Lists a reader's newsletters, oldest first, with the state of their delivery. */
export async function newslettersOf(db: Db, subscriberId: number) {
  const rows = await db.newsletter.findMany({
    where: { subscriberId },
    orderBy: { id: 'asc' },
    include: { edition: true, deliveries: true },
  });
  return rows.map((row) => ({
    edition: row.edition.key,
    papers: row.paperIds,
    slotAt: row.slotAt.toISOString(),
    createdAt: row.createdAt,
    states: row.deliveries.map(({ state }) => state),
    moreCount: row.moreCount,
    trending: row.trendingIds,
  }));
}

/** Pretends that everything planned was sent. */
export async function sendAll(db: Db, now: Date): Promise<void> {
  await asFixture(
    db,
    "UPDATE deliveries SET state = 'sent', sent_at = $1, finished_at = $1 WHERE state IN ('planned', 'retrying')",
    [now],
  );
}

import type { Db } from '../../src/db/client.ts';
import { internInterests, markInterestsMatched } from '../../src/db/interests/interests.ts';
import { asDate } from '../../src/lib/time.ts';
import type { Wish } from '../../src/model/interest.ts';

/** The version of the matcher these rows pretend to come from. */
const VERSION = 1;
let made = 0;

/** A stored paper and its place in the digest that was made with it. */
export interface MadePaper {
  paperId: number;
  entryId: number;
}

/**
 * What a digest is like where a test does not care: of one source, accepted, its papers compared with all interests.
 */
const ORDINARY = { source: 'made', state: 'accepted' as 'accepted' | 'held' | 'released' | 'discarded', matched: true };

/** Puts a digest with papers into the database, as ingest and match leave them. */
export async function makeDigest(
  db: Db,
  digestOn: string,
  titles: readonly string[],
  arrivedAt: Date,
  change: Partial<typeof ORDINARY> = {},
): Promise<MadePaper[]> {
  const { source, state, matched } = { ...ORDINARY, ...change };
  made++;
  const name = `${made}`;
  const file = { source, name, sha256: name, bytes: new Uint8Array(1), receivedAt: arrivedAt };
  const capture = await db.capture.create({ data: { ...file, state: 'parsed' } });
  const verdict = state === 'held' ? 'partial' : 'fresh';
  const digest = await db.digest.create({
    data: { source, digestOn: asDate(digestOn), captureId: capture.id, verdict, state, arrivedAt },
  });
  const papers: MadePaper[] = [];
  for (const [index, title] of titles.entries()) {
    const text = { title, abstract: `${title} explained.`, authors: [] };
    const matcherVersion = matched ? VERSION : null;
    const paper = await db.paper.create({
      data: { ...text, publicId: `paper-${made}-${index}`, createdAt: arrivedAt, arrivedAt, matcherVersion },
    });
    const entry = await db.entry.create({
      data: { ...text, digestId: digest.id, paperId: paper.id, position: index + 1 },
    });
    papers.push({ paperId: paper.id, entryId: entry.id });
  }
  return papers;
}

/** Says that papers match an interest (free words, where it is a text), and that it has been compared with all. */
export async function makeMatches(
  db: Db,
  wanted: string | Pick<Wish, 'kind' | 'text'>,
  papers: MadePaper[],
  score = 0.8,
): Promise<number> {
  const wish = typeof wanted === 'string' ? { kind: 'words' as const, text: wanted } : wanted;
  const [interestId = 0] = await internInterests(db, [wish], new Date('2026-01-01T00:00:00Z'));
  await markInterestsMatched(db, [interestId], VERSION);
  const reasons = [{ kind: 'phrase', text: wish.text, where: 'title' }];
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

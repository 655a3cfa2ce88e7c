import { interestKey, type InterestKind } from '../../model/interest.ts';
import type { Tx } from '../client.ts';

/** Kinds that are known by a text. */
const BY_TEXT = ['words', 'author', 'organization'] as const satisfies readonly InterestKind[];

/** Finds the shared interests that a text may mean: a topic by its slug or name, words, an author, an organisation. */
export async function findInterestIds(db: Tx, text: string): Promise<number[]> {
  const named = await db.topic.findMany({
    where: { OR: [{ slug: text }, { name: { equals: text, mode: 'insensitive' } }] },
    select: { slug: true },
  });
  const found = await db.interest.findMany({
    where: {
      OR: [
        { kind: 'topic', key: { in: named.map(({ slug }) => slug) } },
        ...BY_TEXT.map((kind) => ({ kind, key: interestKey(kind, text) })),
      ],
    },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}

import type { Tx } from '../client.ts';

/** Loads the name of every topic by slug, retired ones included: an old newsletter may speak of them. */
export async function loadTopicNames(db: Tx): Promise<Map<string, string>> {
  const topics = await db.topic.findMany({ select: { slug: true, name: true } });
  return new Map(topics.map(({ slug, name }) => [slug, name]));
}

import type { Topic, TopicEdit } from '../../model/topic.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, text, texts } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A version of a topic that an operator made. */
export interface TopicVersion extends TopicEdit {
  id: number;
  createdAt: Date;
  /** Null: a draft. */
  publishedAt: Date | null;
}

const inForce = query(
  'topics as operators made them',
  { slug: text, name: text, description: text, terms: texts },
  () => sql`
    SELECT v.slug, v.name, v.description, v.terms FROM topics t JOIN topic_versions v ON v.id = t.version_id
    WHERE NOT t.retired ORDER BY v.slug`,
);

/** Loads what operators made of topics, as it is in force. */
export function loadTopicEdits(db: Tx): Promise<TopicEdit[]> {
  return inForce(db, {});
}

/** Most versions of a topic that are shown. */
const MOST_VERSIONS = 50;

/** Lists the versions of a topic, newest first; a draft among them. */
export function listTopicVersions(db: Tx, slug: string): Promise<TopicVersion[]> {
  return db.topicVersion.findMany({ where: { slug }, orderBy: { id: 'desc' }, take: MOST_VERSIONS });
}

const held = query(
  'lock a topic',
  { slug: text, versionId: orNull(int4) },
  (given: { slug: string }) => sql`
    SELECT slug, version_id AS "versionId" FROM topics WHERE slug = ${given.slug} AND NOT retired FOR UPDATE`,
);

/** Locks a topic and tells which version is in force: null is the release's own. Undefined where there is no topic. */
export async function lockTopic(db: Tx, slug: string): Promise<{ versionId: number | null } | undefined> {
  const [row] = await held(db, { slug });
  return row && { versionId: row.versionId };
}

/** Keeps a topic's draft in the place of the one before. */
export async function storeTopicDraft(db: Tx, { slug, ...edit }: TopicEdit, now: Date): Promise<void> {
  await db.topicVersion.deleteMany({ where: { slug, publishedAt: null } });
  await db.topicVersion.create({ data: { slug, ...edit, createdAt: now } });
}

/** Throws a topic's draft away; returns whether there was one. */
export async function dropTopicDraft(db: Tx, slug: string): Promise<boolean> {
  return (await db.topicVersion.deleteMany({ where: { slug, publishedAt: null } })).count > 0;
}

/** Finds a version of a topic; null where it has none of that number. */
export function findTopicVersion(db: Tx, slug: string, id: number): Promise<TopicVersion | null> {
  return db.topicVersion.findFirst({ where: { slug, id } });
}

/** Puts a version in force, or with null the release's own; the topic is called as it says. */
export async function putInForce(
  db: Tx,
  slug: string,
  { versionId, name, description }: { versionId: number | null; name: string; description: string },
  now: Date,
): Promise<void> {
  if (versionId !== null)
    await db.topicVersion.updateMany({ where: { id: versionId, publishedAt: null }, data: { publishedAt: now } });
  await db.topic.update({ where: { slug }, data: { versionId, name, description } });
}

/** Finds a topic on offer, and which version of it is in force; null where there is none. */
export async function findTopicInForce(
  db: Tx,
  slug: string,
): Promise<{ topic: Topic; versionId: number | null } | null> {
  const row = await db.topic.findUnique({ where: { slug } });
  if (!row || row.retired) return null;
  const { name, field, description, arxivCategories, versionId } = row;
  return { topic: { slug, name, field, description, arxivCategories }, versionId };
}

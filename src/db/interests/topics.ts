import type { Topic } from '../../model/topic.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

/** Returns the topics on offer, by field and name. */
export async function listTopics(db: Tx): Promise<Topic[]> {
  const rows = await db.topic.findMany({ where: { retired: false } });
  const order = (topic: Topic) => `${topic.field}\n${topic.name}`;
  return rows
    .map(({ slug, name, field, description, arxivCategories }) => ({
      slug,
      name,
      field,
      description,
      arxivCategories,
    }))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Returns those of the topics that are no longer on offer: readers who hold them see that, and decide. */
export async function listRetiredTopics(db: Tx, slugs: readonly string[]): Promise<Topic[]> {
  return db.topic.findMany({
    where: { retired: true, slug: { in: [...slugs] } },
    orderBy: { slug: 'asc' },
    select: { slug: true, name: true, field: true, description: true, arxivCategories: true },
  });
}

const storeTopics = command(
  'store topics',
  (given: { slugs: string[]; names: string[]; fields: string[]; descriptions: string[]; categories: string[] }) => sql`
    INSERT INTO topics (slug, name, field, description, arxiv_categories, retired)
    SELECT slug, name, field, description, ARRAY(SELECT jsonb_array_elements_text(categories)), false
    FROM unnest(${given.slugs}::text[], ${given.names}::text[],
                ${given.fields}::text[], ${given.descriptions}::text[],
                ${given.categories}::jsonb[])
         AS given (slug, name, field, description, categories)
    ON CONFLICT (slug) DO UPDATE
    SET name = CASE WHEN topics.version_id IS NULL THEN excluded.name ELSE topics.name END,
        description = CASE WHEN topics.version_id IS NULL THEN excluded.description ELSE topics.description END,
        field = excluded.field, arxiv_categories = excluded.arxiv_categories, retired = false
    WHERE (topics.field, topics.arxiv_categories, topics.retired) IS DISTINCT FROM (excluded.field, excluded.arxiv_categories, false)
       OR (topics.version_id IS NULL AND (topics.name, topics.description) IS DISTINCT FROM (excluded.name, excluded.description))`,
);

/** By a statement, since it runs at every start: the first call of the model API costs a process some 40 ms. */
const retireOthers = command(
  'retire other topics',
  (given: { slugs: string[] }) => sql`
    UPDATE topics SET retired = true WHERE NOT retired AND slug <> ALL(${given.slugs}::text[])`,
);

/**
 * Stores the curated topics, writing those that differ; those no longer curated are retired, never deleted, since
 * readers may hold them. Of one that an operator edited the name and description stay as published.
 */
export async function syncTopics(db: Tx, topics: readonly Topic[]): Promise<{ stored: number; retired: number }> {
  const stored = await storeTopics(db, {
    slugs: topics.map((topic) => topic.slug),
    names: topics.map((topic) => topic.name),
    fields: topics.map((topic) => topic.field),
    descriptions: topics.map((topic) => topic.description),
    categories: topics.map((topic) => JSON.stringify(topic.arxivCategories)),
  });
  const retired = await retireOthers(db, { slugs: topics.map(({ slug }) => slug) });
  return { stored, retired };
}

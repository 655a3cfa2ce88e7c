import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainRecord } from '../lib/plain-record.ts';

/** What a topic is called and what it is about. */
interface TopicWords {
  slug: string;
  name: string;
  field: string;
  description: string;
}

/** The curated topics in one language: their fields by the English name, themselves by slug. */
interface TopicCatalogue {
  fields: Record<string, string>;
  topics: Record<string, { name: string; description: string }>;
}

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../seeds');

/** Read once per process: they are part of a release. */
const catalogues = new Map<string, TopicCatalogue>();

/**
 * Words topics in a language, in its alphabetical order by field and name; what `seeds/topics.<language>.json` does not
 * know stays English.
 */
export function topicsIn<T extends TopicWords>(language: string, topics: readonly T[]): T[] {
  const { compare } = new Intl.Collator(language);
  return topics
    .map((topic) => topicIn(language, topic))
    .sort((a, b) => compare(a.field, b.field) || compare(a.name, b.name));
}

/** Words one topic in a language. */
export function topicIn<T extends TopicWords>(language: string, topic: T): T {
  const { fields, topics } = readTopicCatalogue(language);
  return { ...topic, ...topics[topic.slug], field: fields[topic.field] ?? topic.field };
}

/** Names a topic in a language; `name` is its English one. */
export function topicNameIn(language: string, slug: string, name: string): string {
  return readTopicCatalogue(language).topics[slug]?.name ?? name;
}

/** Reads the topics of a language; empty where nobody has translated them. */
export function readTopicCatalogue(language: string): TopicCatalogue {
  const found = catalogues.get(language);
  if (found) return found;
  const file = join(FOLDER, `topics.${language}.json`);
  const known = /^[a-z-]+$/i.test(language) && existsSync(file);
  const { fields, topics } = known
    ? (JSON.parse(readFileSync(file, 'utf8')) as TopicCatalogue)
    : { fields: {}, topics: {} };
  const read = { fields: plainRecord(fields), topics: plainRecord(topics) };
  catalogues.set(language, read);
  return read;
}

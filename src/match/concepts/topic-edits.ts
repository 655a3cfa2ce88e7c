import { createHash } from 'node:crypto';
import type { Concept } from '../../model/concept.ts';
import type { TopicEdit } from '../../model/topic.ts';
import { nameKey } from './read-concepts.ts';

/**
 * Returns concepts with what operators made of topics in their place: other terms, description, and the name among
 * those they answer to. Their own name stays, since others say by it what contains them. What would not go with the
 * rest (a term that is a name of the topic's) is left out: a new release must start all the same.
 */
export function withEdits(concepts: readonly Concept[], edits: readonly TopicEdit[]): Concept[] {
  if (edits.length === 0) return [...concepts];
  const bySlug = new Map(edits.map((edit) => [edit.slug, edit]));
  const names = new Set(concepts.flatMap(({ name, also }) => [name, ...also].map(nameKey)));
  return concepts.map((concept) => {
    const edit = concept.topic && bySlug.get(concept.topic.slug);
    return edit && concept.topic ? edited(concept, edit, names) : concept;
  });
}

function edited(concept: Concept, { name, description, terms }: TopicEdit, names: Set<string>): Concept {
  const key = nameKey(name);
  const also = names.has(key) ? concept.also : [...concept.also, name];
  names.add(key);
  const taken = new Set([concept.name, ...also].map(nameKey));
  const kept = terms.filter((term) => {
    const key = nameKey(term);
    if (key === '' || taken.has(key)) return false;
    taken.add(key);
    return true;
  });
  return { ...concept, also, terms: kept, ...(concept.topic && { topic: { ...concept.topic, description } }) };
}

/** Numbers a state of the edits, from 1 on; 0 without any. */
export function editionOfEdits(edits: readonly TopicEdit[]): number {
  if (edits.length === 0) return 0;
  const told = edits
    .map(({ slug, terms, name }) => [slug, name, terms])
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return (createHash('sha256').update(JSON.stringify(told)).digest().readUInt32BE() >>> 12) + 1;
}

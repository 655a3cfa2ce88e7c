import type { Entry } from '../model/digest.ts';
import { LINES } from '../model/match.ts';
import { paperTextOf } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { createMatcher } from '../match/matcher.ts';
import { loadKnowledge } from '../match/knowledge.ts';

/** Orders a reader may choose from. */
export const SORTS = ['position', 'upvotes', 'comments'] as const;

type Sort = (typeof SORTS)[number];

/** Keeps each paper once that several lists of a day hold, at its first place, and tells which lists those are. */
export function eachOnce(entries: readonly Entry[]): { entries: Entry[]; sourcesOf: (entry: Entry) => string[] } {
  const lists = new Map<number, Entry[]>();
  for (const entry of entries) {
    const known = lists.get(entry.paperId);
    if (known) known.push(entry);
    else lists.set(entry.paperId, [entry]);
  }
  return {
    entries: [...lists.values()].flatMap(([first]) => first ?? []),
    sourcesOf: ({ paperId }) => (lists.get(paperId) ?? []).map(({ source }) => source),
  };
}

/** Narrows the entries of a day to words and a topic, and orders them. An unknown topic fits nothing. */
export function filterEntries(
  entries: Entry[],
  asked: { query: string; topic: string; sort: Sort },
  topics: readonly Topic[],
  conceptsFile: string | undefined,
): Entry[] {
  const words = asked.query.toLowerCase().split(/\s+/).filter(Boolean);
  const known = topics.some(({ slug }) => slug === asked.topic);
  const onTopic = asked.topic ? (known ? topicMembers(entries, asked.topic, conceptsFile) : new Set<number>()) : null;
  const kept = entries.filter((entry) => {
    const text =
      `${entry.title} ${entry.abstract} ${entry.authors.join(' ')} ${entry.organization?.name ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (!onTopic || onTopic.has(entry.id));
  });
  if (asked.sort === 'position') return kept;
  const { sort } = asked;
  return kept.sort((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1) || a.position - b.position);
}

/** Reads a chosen order; anything unknown is the list's own. */
export function sortOf(text: string): Sort {
  return SORTS.find((sort) => sort === text) ?? 'position';
}

/** Entries that would be sent to a reader of the topic at the normal line. */
function topicMembers(entries: Entry[], slug: string, conceptsFile: string | undefined): Set<number> {
  const matcher = createMatcher(
    entries.map((entry) => paperTextOf(entry.id, entry)),
    { knowledge: loadKnowledge(conceptsFile) },
  );
  const found = matcher.match({ id: slug, kind: 'topic', text: slug }, { minScore: LINES.normal });
  return new Set(found.map(({ paper }) => Number(paper.id)));
}

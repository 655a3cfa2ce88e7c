import type { Topic } from '../model/topic.ts';
import { SAME } from './equivalents.ts';
import { wholeForms, type Facet, type Query } from './query.ts';
import { termStems } from './tokens.ts';

/** Terms of all topics, for finding those that an interest in words speaks of. */
export interface TopicTerms {
  /** Each topic's terms, its name first. */
  byTopic: { stems: string[]; weight: number }[][];
  /** By the stems of a term: which topics have it, how heavily. */
  byTerm: ReadonlyMap<string, { topic: number; weight: number }[]>;
  longest: number;
}

/** What is less sure is no affinity. */
const LEAST = 0.3;

/** Reads the topics' names and terms. */
export function readTopicTerms(topics: readonly Topic[]): TopicTerms {
  const byTopic = topics.map(({ name, profile }) =>
    [{ term: name, weight: 1 }, ...profile].map(({ term, weight }) => ({ stems: termStems(term), weight })),
  );
  const byTerm = new Map<string, { topic: number; weight: number }[]>();
  for (const [topic, terms] of byTopic.entries()) {
    for (const { stems, weight } of terms) {
      const key = stems.join(' ');
      byTerm.set(key, [...(byTerm.get(key) ?? []), { topic, weight }]);
    }
  }
  return { byTopic, byTerm, longest: Math.max(1, ...byTopic.flat().map(({ stems }) => stems.length)) };
}

/**
 * Tells which topics an interest in words speaks of, with shares that add up to 1: those that have its words as a term.
 */
export function topicsOf(terms: TopicTerms, query: Query, weightOf: (stem: string) => number): Map<number, number> {
  const found = new Map<number, number>();
  for (const facet of query.facets) {
    for (const form of wholeForms(facet)) if (form.weight >= SAME) addTopics(found, terms, facet, form.stems, weightOf);
  }
  const sure = [...found].filter(([, weight]) => weight >= LEAST);
  const total = sure.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(sure.map(([topic, weight]) => [topic, weight / total]));
}

/** The more of the facet a term covers, by weight of its words, the surer it is meant. */
function addTopics(
  found: Map<number, number>,
  { byTerm, longest }: TopicTerms,
  facet: Facet,
  stems: readonly string[],
  weightOf: (stem: string) => number,
): void {
  const content = new Set(facet.content.map((at) => facet.stems[at] ?? ''));
  const total = [...content].reduce((sum, stem) => sum + weightOf(stem), 0) || 1;
  for (let from = 0; from < stems.length; from++) {
    for (let to = from + 1; to <= Math.min(stems.length, from + longest); to++) {
      const run = stems.slice(from, to);
      const covered =
        run.length === stems.length
          ? 1
          : run.reduce((sum, stem) => sum + (content.has(stem) ? weightOf(stem) : 0), 0) / total;
      for (const { topic, weight } of byTerm.get(run.join(' ')) ?? []) {
        found.set(topic, Math.max(found.get(topic) ?? 0, weight * Math.min(1, covered) ** 2));
      }
    }
  }
}

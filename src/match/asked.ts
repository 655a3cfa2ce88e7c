import { conceptOf, conceptsNamed } from './concepts/concept-names.ts';
import { readQuery, type Query } from './query.ts';
import type { MatcherState } from './state.ts';

/** An interest, or one of several things it lists, ready to be held against papers. */
export interface Asked {
  query: Query;
  /** Places in the lexicon of the concepts it names. */
  concepts: readonly number[];
  /** It was picked from the topics on offer: the concept stands for itself, whatever its name's words are. */
  topic?: boolean;
}

/**
 * Reads an interest in words. What commas part is asked for each by itself, unless the whole is a concept's name or a
 * phrase is required beside it; empty where there is nothing to look for. Behind several things stands the whole.
 */
export function askedInWords(state: MatcherState, text: string): Asked[] {
  const whole = askedAtOnce(state, text);
  const { facets, excluded } = whole.query;
  if (facets.length === 0) return [];
  const listed = facets.length > 1 && !isOneConcept(state, text) && facets.every(({ required }) => !required);
  if (!listed) return [whole];
  const parts = facets.map((facet) => ({
    query: { facets: [facet], excluded },
    concepts: namedIn(state, facet.text),
  }));
  return [...parts, whole];
}

/** Reads an interest in words as one thing, whatever commas stand in it. */
export function askedAtOnce(state: MatcherState, text: string): Asked {
  return {
    query: readQuery(text, [state.knowledge.equivalents, state.learned], state.index),
    concepts: namedIn(state, text),
  };
}

/** A topic is asked for by its name; an unknown one asks for nothing. */
export function askedByTopic({ knowledge, index }: MatcherState, slug: string): Asked[] {
  const place = knowledge.lexicon.topics.get(slug);
  const concept = place === undefined ? undefined : knowledge.lexicon.concepts.at(place);
  if (place === undefined || !concept) return [];
  return [{ query: readQuery(concept.name, [knowledge.equivalents], index), concepts: [place], topic: true }];
}

/** Names are much shorter: what is longer than this is no list of them. */
const LONGEST_NAMED = 400;

function isOneConcept({ knowledge, uses }: MatcherState, text: string): boolean {
  return uses('concepts') && text.length <= LONGEST_NAMED && conceptOf(knowledge.lexicon.names, text) >= 0;
}

function namedIn({ knowledge, uses }: MatcherState, text: string): number[] {
  return uses('concepts') && text.length <= LONGEST_NAMED ? conceptsNamed(knowledge.lexicon.names, text) : [];
}

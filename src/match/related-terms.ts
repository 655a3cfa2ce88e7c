import { stemRow } from './knowledge.ts';
import type { MatcherState } from './state.ts';
import { countSequence } from './occurrences.ts';
import type { Query } from './query.ts';
import type { LearnedTerms } from './semantics.ts';
import { addWord, meaningWeight } from './term-space.ts';

const TOPIC_TERMS = 40;
const LEARNT_TERMS = 60;
const NEAR_TERMS = 60;

/** Tells the surest related term that a paper holds; null where it holds none. */
export type TermOf = (paper: number) => readonly string[] | null;

/**
 * Returns for each paper the surest related term that it holds; the terms are looked for when the first paper is asked
 * about.
 */
export function relatedTermOf(state: MatcherState, find: () => readonly string[][]): TermOf {
  let known: { terms: readonly string[][]; surest: Int16Array } | undefined;
  return (paper) => {
    known ??= surestTerms(state, find());
    return known.terms[known.surest[paper] ?? -1] ?? null;
  };
}

function surestTerms(
  state: MatcherState,
  terms: readonly string[][],
): { terms: readonly string[][]; surest: Int16Array } {
  const surest = new Int16Array(state.index.papers.length).fill(-1);
  for (let at = terms.length - 1; at >= 0; at--)
    countSequence(state.index, terms[at] ?? [], (paper) => (surest[paper] = at));
  return { terms, surest };
}

/**
 * Terms by which a reader can see that a paper is related, surest first: of the topics meant, of the best papers, then
 * nearest in meaning.
 */
export function relatedTerms(
  state: MatcherState,
  query: Query,
  affinity: ReadonlyMap<number, number>,
  learned: LearnedTerms | null,
): string[][] {
  const space = state.space();
  const own = new Set(query.facets.flatMap((facet) => facet.stems));
  const ofTopics = [...affinity]
    .flatMap(([at, share]) =>
      (state.topicTerms.byTopic[at] ?? []).map(({ stems, weight }) => ({ stems, weight: weight * share })),
    )
    .sort((a, b) => b.weight - a.weight)
    .slice(0, TOPIC_TERMS)
    .map(({ stems }) => stems);
  const ofPapers = (learned?.terms ?? []).slice(0, LEARNT_TERMS).map((term) => [space.terms[term] ?? '']);
  const nearest = learned ? [] : nearTerms(state, query);
  return [...ofTopics, ...ofPapers, ...nearest].filter((stems) => !stems.every((stem) => own.has(stem)));
}

/** Terms of the papers whose meaning is nearest to the query's. */
function nearTerms(state: MatcherState, query: Query): string[][] {
  const { index, knowledge } = state;
  const wanted = new Float32Array(knowledge.dimensions);
  for (const facet of query.facets) {
    for (const at of facet.content) {
      const row = stemRow(knowledge, facet.stems[at] ?? '');
      if (row < 0) continue;
      addWord(wanted, 0, knowledge, row, meaningWeight(index, facet.stems[at] ?? '', knowledge));
    }
  }
  const { terms } = state.space();
  return terms
    .map((term) => ({
      term,
      near: productWith(wanted, knowledge.vectors, stemRow(knowledge, term), knowledge.scales),
    }))
    .filter(({ near }) => near > 0)
    .sort((a, b) => b.near - a.near || (a.term < b.term ? -1 : 1))
    .slice(0, NEAR_TERMS)
    .map(({ term }) => [term]);
}

function productWith(wanted: Float32Array, vectors: Int8Array, row: number, scales: Float32Array): number {
  if (row < 0) return 0;
  let product = 0;
  for (let at = 0; at < wanted.length; at++) product += wanted[at]! * vectors[row * wanted.length + at]!;
  return product * scales[row]!;
}

import { LINES } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { topicsOf } from './concepts/read-concepts.ts';
import { termsOf } from './concepts/concept-texts.ts';
import { readTerm } from './concepts/term.ts';
import type { Knowledge } from './knowledge.ts';
import { createMatcher } from './matcher.ts';

/** What can be said of a topic; all but the first are worth a look, `fault` ones are wrong. */
export type TopicVerdict = 'ok' | 'nothing so far' | 'matches nothing' | 'matches nearly everything' | 'unknown words';

/** One topic, held against papers. */
export interface CheckedTopic {
  slug: string;
  /** How many of the papers it matches. */
  papers: number;
  verdict: TopicVerdict;
  fault: boolean;
}

/** With fewer papers than this, a topic that matches nearly all of them says nothing. */
const ENOUGH_FOR_ALL = 100;

/**
 * A topic without a paper among so many has, 95 % surely, less than one in 330 of all (rule of three: Hanley and
 * Lippman-Hand, If nothing goes wrong, is everything all right?, 1983), too few to be offered; among fewer it may be
 * chance.
 */
export const ENOUGH_FOR_NONE = 1_000;

/** A topic that matches more of the papers than this is no topic. */
const TOO_MANY = 0.6;

/** Holds the topics of a lexicon against papers, and their words against the abstracts that are known. */
export function checkTopics(papers: readonly PaperText[], knowledge: Knowledge): CheckedTopic[] {
  const matcher = createMatcher(papers, { knowledge });
  return topicsOf([...knowledge.lexicon.concepts]).map((topic) => {
    const { slug } = topic;
    const hits = matcher.match({ id: slug, kind: 'topic', text: slug }, { minScore: LINES.normal }).length;
    const verdict =
      hits === 0 ? whyNone(topic, papers.length, knowledge) : hits > most(papers) ? 'matches nearly everything' : 'ok';
    return { slug, papers: hits, verdict, fault: verdict !== 'ok' && verdict !== 'nothing so far' };
  });
}

function most(papers: readonly PaperText[]): number {
  return papers.length < ENOUGH_FOR_ALL ? Infinity : papers.length * TOO_MANY;
}

function whyNone({ slug }: Topic, papers: number, { lexicon, vectors }: Knowledge): TopicVerdict {
  const concept = lexicon.concepts.at(lexicon.topics.get(slug) ?? -1);
  const known = (stem: string) => vectors.table.rows.has(stem) || vectors.table.rows.has(`=${stem.toUpperCase()}`);
  if (!concept || !termsOf(concept).some((term) => readTerm(term).key.split(' ').every(known))) return 'unknown words';
  return papers < ENOUGH_FOR_NONE ? 'nothing so far' : 'matches nothing';
}

import { LINES } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { seenShare } from './lexical.ts';
import { createMatcher } from './matcher.ts';
import { indexPapers, type PaperIndex } from './paper-index.ts';
import type { MatchResources } from './state.ts';
import { termStems } from './tokens.ts';

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

/** Holds topics against papers, and their words against the abstracts that the shipped word counts come from. */
export function checkTopics(papers: readonly PaperText[], resources: MatchResources): CheckedTopic[] {
  const matcher = createMatcher(papers, resources);
  const index = indexPapers(papers);
  return resources.topics.map((topic) => {
    const { slug } = topic;
    const hits = matcher.match({ id: slug, kind: 'topic', text: slug }, { minScore: LINES.normal }).length;
    const verdict =
      hits === 0 ? whyNone(topic, index, resources) : hits > most(papers) ? 'matches nearly everything' : 'ok';
    return { slug, papers: hits, verdict, fault: verdict !== 'ok' && verdict !== 'nothing so far' };
  });
}

function most(papers: readonly PaperText[]): number {
  return papers.length < ENOUGH_FOR_ALL ? Infinity : papers.length * TOO_MANY;
}

function whyNone({ profile }: Topic, index: PaperIndex, { knowledge }: MatchResources): TopicVerdict {
  const unseen = seenShare(index, '', knowledge);
  const known = (stem: string) => seenShare(index, stem.replace(/^=/, '').toLowerCase(), knowledge) > unseen;
  if (!profile.some(({ term }) => termStems(term).every(known))) return 'unknown words';
  return index.papers.length < ENOUGH_FOR_NONE ? 'nothing so far' : 'matches nothing';
}

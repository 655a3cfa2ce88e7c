import { loadKnowledge } from '../../src/match/knowledge.ts';
import { createMatcher, type Matcher, type MatchInterest } from '../../src/match/matcher.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import type { PaperText } from '../../src/model/paper.ts';

export const TOPICS = readTopics();

/** Makes a matcher over papers with everything that is shipped. */
export function matcherOf(...papers: PaperText[]): Matcher {
  return createMatcher(papers, { knowledge: loadKnowledge() });
}

/** Makes an interest in words. */
export function words(text: string): MatchInterest {
  return { id: text, kind: 'words', text };
}

/** Ids of the papers an interest finds, best first. */
export function found(matcher: Matcher, interest: MatchInterest, minScore = 0): (string | number)[] {
  return matcher.match(interest, { minScore }).map((match) => match.paper.id);
}

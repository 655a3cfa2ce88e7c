import { createLru } from '../lib/lru.ts';
import { readKnowledge } from '../match/knowledge.ts';
import type { LikeExamples } from '../match/examples/like-score.ts';
import { readMatcher, type Matcher, type PaperMatch } from '../match/matcher.ts';
import type { InterestKind } from '../model/interest.ts';
import { STORED_FROM } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';

/** Returns what an interest finds, by its key; remembered, since a reader who types changes one interest at a time. */
export type Find = (interest: { kind: InterestKind; key: string; like?: LikeExamples | undefined }) => PaperMatch[];

/** Interests whose finds are remembered: some tens of people typing at once. */
const REMEMBERED = 300;

/** Reads sets of papers into matchers in slices, each set by itself: what a paper scores depends on those beside it. */
export async function createFinder(
  sets: readonly (readonly PaperText[])[],
  conceptsFile: string | undefined,
): Promise<Find> {
  const matchers: Matcher[] = [];
  for (const papers of sets)
    if (papers.length > 0) matchers.push(await readMatcher(papers, { knowledge: await readKnowledge(conceptsFile) }));
  const found = createLru<PaperMatch[]>(REMEMBERED);
  return ({ kind, key, like }) => {
    const interest = { id: `${kind} ${key}`, kind, text: key, ...(like && { like }) };
    const findAll = () =>
      matchers.flatMap((matcher) => matcher.match(interest, { minScore: STORED_FROM, orLiteral: true }));
    return found.get(interest.id, findAll);
  };
}

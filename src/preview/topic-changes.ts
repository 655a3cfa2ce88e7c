import type { Context } from '../context.ts';
import { newestListDay } from '../db/digests/digests.ts';
import { loadWindowPapers } from '../db/interests/matches.ts';
import { addDays } from '../lib/time.ts';
import { readKnowledge, tryTopicEdit, type Knowledge } from '../match/knowledge.ts';
import { readMatcher } from '../match/matcher.ts';
import { LINES } from '../model/match.ts';
import { paperTextOf, type PaperText } from '../model/paper.ts';
import type { TopicEdit } from '../model/topic.ts';

/** What a draft of a topic would have brought its readers, and what it would have kept from them. */
export interface TopicChanges {
  from: string;
  to: string;
  papers: number;
  gained: string[];
  lost: string[];
  kept: number;
}

/** Days looked back. */
const DAYS = 30;

/** Compares a draft with the topic in force over the papers of the newest 30 days, at the normal line. */
export async function topicChanges(ctx: Context, draft: TopicEdit): Promise<TopicChanges> {
  const to = (await newestListDay(ctx.db)) ?? ctx.now().toISOString().slice(0, 10);
  const from = addDays(to, 1 - DAYS);
  const papers = (await loadWindowPapers(ctx.db, from, to)).map((paper) => paperTextOf(paper.id, paper));
  const before = await fitting(papers, draft.slug, await readKnowledge(ctx.config.CONCEPTS_FILE));
  const after = await fitting(papers, draft.slug, await tryTopicEdit(ctx.config.CONCEPTS_FILE, draft));
  const only = (some: Map<string, string>, other: Map<string, string>) =>
    [...some].flatMap(([id, title]) => (other.has(id) ? [] : [title]));
  const gained = only(after, before);
  return { from, to, papers: papers.length, gained, lost: only(before, after), kept: after.size - gained.length };
}

async function fitting(papers: PaperText[], slug: string, knowledge: Knowledge): Promise<Map<string, string>> {
  if (papers.length === 0) return new Map();
  const matcher = await readMatcher(papers, { knowledge });
  const found = matcher.match({ id: slug, kind: 'topic', text: slug }, { minScore: LINES.normal });
  return new Map(found.map(({ paper }) => [String(paper.id), paper.title]));
}

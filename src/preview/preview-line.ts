import type { CandidateEntry } from '../model/digest.ts';
import { nameDayLine } from '../model/day-line.ts';
import type { InterestName } from '../model/interest.ts';
import type { DayLine } from '../model/newsletter.ts';
import { findDayFacts, nameFacts } from '../plan/day-facts.ts';
import { chooseDayLine } from '../plan/day-line.ts';
import type { Findings } from './find-wishes.ts';
import type { RecentPapers } from './recent-papers.ts';

/** Chooses the sentence of the day for wishes that nobody holds yet, from the papers of the content window. */
export function previewLine(
  { newestOn, topics }: RecentPapers,
  window: readonly CandidateEntry[],
  { interests, matches }: Findings,
  { language, mayName }: { language: string; mayName: (paperId: number) => boolean },
): DayLine | null {
  const facts = findDayFacts({ papers: window, matches, slotOn: newestOn, period: 'day' });
  const names = new Map(
    matches.map(({ interestId, wish, key }): [number, InterestName] => [interestId, { kind: wish.kind, key }]),
  );
  const line = chooseDayLine(nameFacts(facts, names), { interests, lastNewsletterMs: null, last: null, mayName });
  if (!line) return null;
  const { kind, params } = line; // the interest is nobody's yet, and has no bars
  const wordings = new Map(
    matches.flatMap(({ wish, key }) => (wish.muted ? [] : [[`${wish.kind} ${key}`, wish.text] as const])),
  );
  return nameDayLine({ kind, params }, language, {
    topics: new Map(topics.map(({ slug, name }) => [slug, name])),
    wordings,
  });
}

import { daysBetween } from '../lib/time.ts';

/** What the trend of a paper is read from. */
export interface Trending {
  /** Source and list day (YYYY-MM-DD) of its digest. */
  source: string;
  digestOn: string;
  position: number;
  upvotes: number | null;
  comments: number | null;
}

/**
 * Days after which the trend of a list counts half: yesterday's second best loses against today's median, so new beats
 * old.
 */
export const TREND_HALF_LIFE_DAYS = 2;

/**
 * Scores how much everyone reads each paper on the day of a slot, in [0,1], parallel to `papers`. Upvotes where the
 * list has them, else comments and position, each against the best of its own list; halved every two days.
 */
export function trendScores(papers: readonly Trending[], slotOn: string): Float64Array {
  const scores = new Float64Array(papers.length);
  for (const { digestOn, members } of listsOf(papers)) {
    const age = Math.max(0, daysBetween(digestOn, slotOn));
    const decay = 0.5 ** (age / TREND_HALF_LIFE_DAYS);
    const most = (field: 'upvotes' | 'comments') => Math.max(0, ...members.map((index) => papers[index]?.[field] ?? 0));
    const [upvotes, comments] = [most('upvotes'), most('comments')];
    const last = Math.max(...members.map((index) => papers[index]?.position ?? 1));
    for (const index of members) {
      const paper = papers[index];
      if (paper) scores[index] = decay * popularity(paper, { upvotes, comments, last });
    }
  }
  return scores;
}

function popularity(paper: Trending, most: { upvotes: number; comments: number; last: number }): number {
  const place = 1 - (paper.position - 1) / Math.max(1, most.last);
  if (most.upvotes > 0) return 0.95 * share(paper.upvotes, most.upvotes) + 0.05 * place;
  return 0.5 * share(paper.comments, most.comments) + 0.5 * place;
}

/** Logarithmic, since one list's favourite may have a hundred times the median. */
function share(value: number | null, most: number): number {
  return most > 0 ? Math.log1p(value ?? 0) / Math.log1p(most) : 0;
}

/** Parts the papers by their lists; `members` are their places. */
function listsOf(papers: readonly Trending[]): Iterable<{ digestOn: string; members: number[] }> {
  const lists = new Map<string, { digestOn: string; members: number[] }>();
  papers.forEach(({ source, digestOn }, index) => {
    const name = `${digestOn} ${source}`;
    const list = lists.get(name);
    if (list) list.members.push(index);
    else lists.set(name, { digestOn, members: [index] });
  });
  return lists.values();
}

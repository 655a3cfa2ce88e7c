import { ABSTRACT_AT, type PaperIndex, type Posting } from './paper-index.ts';

/**
 * Receives how often something stands in one paper: in the title, in the abstract, and of that in sentences that say
 * what the paper does.
 */
export type OnPaper = (paper: number, inTitle: number, inAbstract: number, stated: number) => void;

/** Stems that stand one behind the other. */
export interface Sequence {
  stems: readonly string[];
  /** Whether it may reach over the end of a clause, as one does that holds such an end itself. */
  across?: boolean;
}

/** Counts a sequence of stems, standing one behind the other in one clause, in every paper that has it. */
export function countSequence(index: PaperIndex, { stems, across }: Sequence, onPaper: OnPaper): void {
  const all: Posting[] = [];
  let rarest = 0;
  for (let at = 0; at < stems.length; at++) {
    const posting = index.postings.get(stems[at]!);
    if (!posting) return;
    all.push(posting);
    if (posting.papers.length < all[rarest]!.papers.length) rarest = at;
  }
  const lead = all[rarest];
  if (!lead) return;
  for (let row = 0; row < lead.papers.length; row++) {
    const paper = lead.papers[row]!;
    let inTitle = 0;
    let inAbstract = 0;
    let stated = 0;
    for (let at = lead.starts[row]!; at < lead.starts[row + 1]!; at++) {
      const first = lead.places[at]! - rarest;
      if (first < 0 || !stands(all, paper, first, rarest)) continue;
      if (!across && !inOneClause(index, paper, first, stems.length)) continue;
      if (first < ABSTRACT_AT) inTitle++;
      else {
        inAbstract++;
        stated += index.stated[paper]![first - ABSTRACT_AT]!;
      }
    }
    if (inTitle + inAbstract > 0) onPaper(paper, inTitle, inAbstract, stated);
  }
}

/** Returns the first place where a sequence of stems stands in one paper, from `from` on; -1 where it doesn't. */
export function firstPlace(index: PaperIndex, paper: number, { stems, across }: Sequence, from: number): number {
  const postings = stems.map((stem) => index.postings.get(stem));
  const lead = postings[0];
  if (!lead || postings.some((posting) => posting === undefined)) return -1;
  const row = find(lead.papers, paper, 0, lead.papers.length);
  if (row < 0) return -1;
  for (let at = lead.starts[row] ?? 0; at < (lead.starts[row + 1] ?? 0); at++) {
    const place = lead.places[at] ?? 0;
    if (place < from || !stands(postings as Posting[], paper, place, 0)) continue;
    if (across || inOneClause(index, paper, place, stems.length)) return place;
  }
  return -1;
}

/**
 * Adds up how near two stems stand to each other in every paper that has both: 1/distance up to `reach` words, in any
 * order.
 */
export function countNear(index: PaperIndex, one: string, other: string, reach: number, onPaper: OnPaper): void {
  const left = index.postings.get(one);
  const right = index.postings.get(other);
  if (!left || !right) return;
  for (let a = 0, b = 0; a < left.papers.length && b < right.papers.length;) {
    const gap = (left.papers[a] ?? 0) - (right.papers[b] ?? 0);
    if (gap === 0) addNear(left, a, right, b, reach, onPaper);
    if (gap <= 0) a++;
    if (gap >= 0) b++;
  }
}

function addNear(left: Posting, a: number, right: Posting, b: number, reach: number, onPaper: OnPaper): void {
  let inTitle = 0;
  let inAbstract = 0;
  let from = right.starts[b] ?? 0;
  const end = right.starts[b + 1] ?? 0;
  for (let at = left.starts[a] ?? 0; at < (left.starts[a + 1] ?? 0); at++) {
    const place = left.places[at] ?? 0;
    while (from < end && (right.places[from] ?? 0) < place - reach) from++;
    for (let next = from; next < end && (right.places[next] ?? 0) <= place + reach; next++) {
      const distance = Math.abs((right.places[next] ?? 0) - place);
      if (distance === 0) continue;
      const forward = (right.places[next] ?? 0) > place ? 1 : 0.7;
      if (place < ABSTRACT_AT) inTitle += forward / distance;
      else inAbstract += forward / distance;
    }
  }
  if (inTitle + inAbstract > 0) onPaper(left.papers[a] ?? 0, inTitle, inAbstract, 0);
}

function inOneClause(index: PaperIndex, paper: number, place: number, length: number): boolean {
  const inTitle = place < ABSTRACT_AT;
  const clauses = (inTitle ? index.titleClauses : index.abstractClauses)[paper];
  const first = inTitle ? place : place - ABSTRACT_AT;
  return clauses?.[first] === clauses?.[first + length - 1];
}

function stands(postings: Posting[], paper: number, first: number, known: number): boolean {
  for (let at = 0; at < postings.length; at++) {
    const posting = postings[at];
    if (at !== known && posting && !hasPlace(posting, paper, first + at)) return false;
  }
  return true;
}

/** Tells whether a paper has a term at a place. */
function hasPlace(posting: Posting, paper: number, place: number): boolean {
  const row = find(posting.papers, paper, 0, posting.papers.length);
  if (row < 0) return false;
  return find(posting.places, place, posting.starts[row] ?? 0, posting.starts[row + 1] ?? 0) >= 0;
}

/** Binary search in [from, to). */
function find(sorted: number[], wanted: number, from: number, to: number): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? 0;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

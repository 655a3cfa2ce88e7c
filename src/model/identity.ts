import type { ParsedEntry } from './digest.ts';
import { titleKey } from './paper.ts';
import { mayBeOneWork, shareAuthor } from './same-work.ts';

/** A paper as far as identity goes: the root of its merges, with everything the whole group is known by. */
export interface KnownPaper {
  id: number;
  arxivIds: string[];
  dois: string[];
  titleKeys: string[];
  /** Names, as far as they are known. */
  authors: string[];
}

/** Where an entry belongs: a known paper, or the n-th new one. */
export type Assignment = { paperId: number } | { newPaper: number };

/** What storing a digest's entries means for the papers. */
export interface IdentityPlan {
  /** Parallel to the entries; null for an entry without title, which can be no paper. */
  assignments: (Assignment | null)[];
  /** What each entry adds to what its paper is known by, parallel to the entries. */
  learned: Omit<KnownPaper, 'id' | 'authors'>[];
  newPapers: number;
  /** Papers found to be one work: `from` shall point at `into`. */
  merges: { from: number; into: number }[];
}

/** Returns the value under which a title is looked up: its key, cut to what an index row holds (2,700 bytes). */
export function titleIdentity(title: string): string {
  return titleKey(title).slice(0, 300);
}

/** Gathers what papers are looked up by for some entries. */
export function keysOf(entries: readonly ParsedEntry[]): Omit<KnownPaper, 'id' | 'authors'> {
  return {
    arxivIds: entries.flatMap((entry) => entry.arxivId ?? []),
    dois: entries.flatMap((entry) => entry.doi ?? []),
    titleKeys: entries.map((entry) => titleIdentity(entry.title)).filter((key) => key !== ''),
  };
}

/**
 * Decides which paper each entry is. An arXiv id or DOI decides; a title joins only where exactly one candidate has it
 * and no two different arXiv ids or DOIs meet, a preprint's and its journal's excepted where they share an author; an
 * entry that ties two known papers together merges them under the same condition, into the one with ids, else the
 * older.
 */
export function identifyPapers(entries: ParsedEntry[], known: KnownPaper[]): IdentityPlan {
  const papers: Draft[] = known.map((paper) => ({ ...paper, assignment: { paperId: paper.id } }));
  const merges: IdentityPlan['merges'] = [];
  let newPapers = 0;
  const learned = entries.map((): IdentityPlan['learned'][number] => ({ arxivIds: [], dois: [], titleKeys: [] }));
  const assignments = entries.map((entry, index) => {
    const key = titleIdentity(entry.title);
    if (key === '') return null;
    const byArxiv = find(papers, 'arxivIds', entry.arxivId);
    const byDoi = find(papers, 'dois', entry.doi);
    const named = distinct([byArxiv, byDoi && (byArxiv || !conflicts(entry, byDoi)) ? byDoi : null]);
    const titled = papers.filter((paper) => paper.titleKeys.includes(key) && !named.includes(paper));
    const sole = named.some((paper) => paper.titleKeys.includes(key)) ? [] : soleCandidate(entry, titled);
    let home = named[0] ?? null;
    for (const candidate of [...named.slice(1), ...sole]) {
      if (parted(entry, candidate) || (home && (parted(entry, home) || clash(home, candidate)))) continue;
      home = home ? merge(papers, merges, home, candidate) : candidate;
    }
    if (!home) {
      home = {
        id: Number.MAX_SAFE_INTEGER,
        arxivIds: [],
        dois: [],
        titleKeys: [],
        authors: [],
        assignment: { newPaper: newPapers++ },
      };
      papers.push(home);
    }
    learned[index] = learn(home, entry, key);
    return home;
  });
  const final = (draft: Draft): Draft => (draft.mergedInto ? final(draft.mergedInto) : draft);
  return {
    assignments: assignments.map((draft) => (draft ? final(draft).assignment : null)),
    learned,
    newPapers,
    merges,
  };
}

/**
 * Of several papers with one title, an entry without ids is the one without ids: it was made for such entries, and is
 * the same each day.
 */
function soleCandidate(entry: ParsedEntry, titled: Draft[]): Draft[] {
  if (titled.length <= 1 || entry.arxivId || entry.doi) return titled.length === 1 ? titled : [];
  const bare = titled.filter((paper) => paper.arxivIds.length === 0 && paper.dois.length === 0);
  return bare.length === 1 ? bare : [];
}

interface Draft extends KnownPaper {
  assignment: Assignment;
  mergedInto?: Draft;
}

function find(papers: Draft[], kind: 'arxivIds' | 'dois', value: string | null): Draft | null {
  return value === null ? null : (papers.find((paper) => paper[kind].includes(value)) ?? null);
}

function distinct(drafts: (Draft | null)[]): Draft[] {
  return [...new Set(drafts.filter((draft) => draft !== null))];
}

/** Tells whether an entry and a paper bear different ids of one kind. */
function conflicts(entry: ParsedEntry, paper: KnownPaper): boolean {
  const differ = (id: string | null, ids: string[]) => id !== null && ids.length > 0 && !ids.includes(id);
  return differ(entry.arxivId, paper.arxivIds) || differ(entry.doi, paper.dois);
}

/** Conflicts, but for a preprint and its journal version: one title, a shared author, and no two of a kind. */
function parted(entry: ParsedEntry, paper: KnownPaper): boolean {
  if (!conflicts(entry, paper)) return false;
  if (entry.arxivId !== null && paper.arxivIds.length > 0 && !paper.arxivIds.includes(entry.arxivId)) return true;
  const { doi } = entry;
  return !(
    doi !== null &&
    paper.dois.every((other) => mayBeOneWork(doi, other)) &&
    shareAuthor(entry.authors, paper.authors)
  );
}

function clash(a: KnownPaper, b: KnownPaper): boolean {
  if (a.arxivIds.length > 0 && b.arxivIds.length > 0) return true;
  if (a.dois.length === 0 || b.dois.length === 0) return false;
  return !(
    a.dois.every((one) => b.dois.every((other) => mayBeOneWork(one, other))) && shareAuthor(a.authors, b.authors)
  );
}

function merge(papers: Draft[], merges: IdentityPlan['merges'], a: Draft, b: Draft): Draft {
  const weight = (paper: Draft) => (paper.arxivIds.length > 0 ? 2 : 0) + (paper.dois.length > 0 ? 1 : 0);
  const stored = (paper: Draft) => ('paperId' in paper.assignment ? 1 : 0);
  const ranked = [a, b].sort((x, y) => stored(y) - stored(x) || weight(y) - weight(x) || x.id - y.id);
  const [into, from] = ranked as [Draft, Draft];
  if ('paperId' in from.assignment && 'paperId' in into.assignment) {
    merges.push({ from: from.assignment.paperId, into: into.assignment.paperId });
  }
  into.arxivIds = [...into.arxivIds, ...from.arxivIds];
  into.dois = [...into.dois, ...from.dois];
  if (into.authors.length === 0) into.authors = from.authors;
  into.titleKeys = [...new Set([...into.titleKeys, ...from.titleKeys])];
  from.mergedInto = into;
  papers.splice(papers.indexOf(from), 1);
  return into;
}

/**
 * Adds what an entry is known by to its paper; a second arXiv id or DOI is not added: one of the two is wrong, unless
 * they are a preprint's and its journal's.
 */
function learn(paper: Draft, entry: ParsedEntry, key: string): IdentityPlan['learned'][number] {
  const learned = {
    arxivIds: entry.arxivId && paper.arxivIds.length === 0 ? [entry.arxivId] : [],
    dois: entry.doi && !paper.dois.includes(entry.doi) && !parted(entry, paper) ? [entry.doi] : [],
    titleKeys: paper.titleKeys.includes(key) ? [] : [key],
  };
  paper.arxivIds = [...paper.arxivIds, ...learned.arxivIds];
  paper.dois = [...paper.dois, ...learned.dois];
  paper.titleKeys = [...paper.titleKeys, ...learned.titleKeys];
  if (paper.authors.length === 0) paper.authors = entry.authors;
  return learned;
}

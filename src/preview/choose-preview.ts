import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CandidateEntry } from '../model/digest.ts';
import { leastPerhaps } from '../model/match.ts';
import { likeNameOf, type ChosenPaper, type DayLine } from '../model/newsletter.ts';
import { topicNameIn } from '../model/topic-words.ts';
import { createChooser, type Candidate, type Chooser } from '../plan/choose-papers.ts';
import { findTwins } from '../plan/twins.ts';
import type { Preferences } from '../model/subscriber.ts';
import type { Findings, FoundMatch } from './find-wishes.ts';
import { previewLine } from './preview-line.ts';
import type { RecentPapers } from './recent-papers.ts';

/** Whom papers are chosen for; `shown` are the ids of those they had before. */
export type PreviewReader = Pick<Preferences, 'maxPapers' | 'selectivity' | 'perhaps' | 'language'> & {
  shown?: ReadonlySet<number>;
};

/** Which papers a first newsletter would hold. */
export interface PreviewChoice {
  papers: ChosenPaper[];
  perhaps?: ChosenPaper[];
  dayLine?: DayLine;
  trending: CandidateEntry[];
  consideredCount: number;
  moreCount: number;
}

/**
 * Chooses the papers of the welcome newsletter these wishes would bring: of the newest digest, else of the content
 * window to it; null where nothing fits.
 */
export async function choosePreview(
  papers: RecentPapers,
  findings: Findings,
  reader: PreviewReader,
): Promise<PreviewChoice | null> {
  const ofDay = choose(papers, entriesOn(papers, papers.newestOn), papers.newestOn, { findings, reader });
  if (!ofDay) await nextTurn();
  const window = papers.entries.filter(({ digestOn }) => digestOn >= papers.contentFrom);
  const made = ofDay ?? choose(papers, window, papers.newestOn, { findings, reader });
  if (!made) return null;
  const dayLine = previewLine(papers, window, findings, { language: reader.language, mayName: made.mayName });
  return { ...made.choice, ...(dayLine && { dayLine }) };
}

/** Chooses among the papers whose newest list is that of one day. */
export function chooseOnDay(
  papers: RecentPapers,
  day: string,
  findings: Findings,
  reader: PreviewReader,
): PreviewChoice | null {
  return choose(papers, entriesOn(papers, day), day, { findings, reader })?.choice ?? null;
}

const entriesOn = ({ entries }: RecentPapers, day: string) => entries.filter(({ digestOn }) => digestOn === day);

function choose(
  papers: RecentPapers,
  entries: CandidateEntry[],
  slotOn: string,
  { findings, reader }: { findings: Findings; reader: PreviewReader },
): { choice: PreviewChoice; mayName: Chooser['mayName'] } | null {
  const newestDay = entries.reduce((newest, { digestOn }) => (digestOn > newest ? digestOn : newest), '');
  const near = reader.perhaps ? nearOf(findings, reader) : new Set<number>();
  const chooser = createChooser(
    entries.map((entry) => ({ ...entry, entryId: entry.id })),
    findings.matches,
    slotOn,
    twinsAmong(({ paperId, digestOn }) => findings.fitting.has(paperId) || digestOn === newestDay || near.has(paperId)),
  );
  const { interests } = findings;
  const { maxPapers, selectivity, perhaps } = reader;
  const shown = chooser.candidates.flatMap(({ paperId }, index) => (reader.shown?.has(paperId) ? [index] : []));
  const choice = chooser.choose({ interests, maxPapers, selectivity, perhaps, shown, lastNewsletterMs: null });
  if (!choice) return null;
  const byPaper = new Map(entries.map((entry) => [entry.paperId, entry]));
  const matchById = new Map(findings.matches.map((match) => [match.id, match]));
  const entryAt = (index: number) => byPaper.get(chooser.candidates[index]?.paperId ?? 0);
  const withMatches = (indexes: Int32Array, matchIds: Int32Array) =>
    Array.from(indexes).flatMap((index, at) => {
      const entry = entryAt(index);
      return entry ? [chosen(papers, reader.language, entry, matchById.get(matchIds[at] ?? 0))] : [];
    });
  const more = withMatches(choice.perhaps.subarray(0, choice.perhapsCount), choice.perhapsMatchIds);
  const made: PreviewChoice = {
    papers: withMatches(choice.papers.subarray(0, choice.count), choice.matchIds),
    ...(more.length > 0 && { perhaps: more.map(unnumbered) }),
    trending: Array.from(choice.trending.subarray(0, choice.trendingCount)).flatMap((index) => entryAt(index) ?? []),
    consideredCount: choice.consideredCount,
    moreCount: choice.moreCount,
  };
  return { choice: made, mayName: chooser.mayName };
}

/** A line has no room for numbers; and they rise, while a newsletter stays as it was. */
const unnumbered = (paper: ChosenPaper): ChosenPaper => ({ ...paper, upvotes: null, comments: null });

/** Papers that reach the line of «perhaps». */
function nearOf({ matches }: Findings, { selectivity }: PreviewReader): Set<number> {
  const least = leastPerhaps(selectivity);
  return new Set(matches.filter(({ wish, score }) => !wish.muted && score >= least).map(({ paperId }) => paperId));
}

/**
 * Looks for twins only among those that may be chosen or shown as trending: among all papers of 30 days it took a
 * second.
 */
function twinsAmong(isOpen: (candidate: Candidate) => boolean) {
  return (candidates: readonly Candidate[]): number[][] => {
    const open = candidates.flatMap((candidate, index) => (isOpen(candidate) ? [{ candidate, index }] : []));
    const twins: number[][] = candidates.map(() => []);
    for (const [at, found] of findTwins(open.map(({ candidate }) => candidate)).entries()) {
      const { index = 0 } = open[at] ?? {};
      twins[index] = found.flatMap((other) => open[other]?.index ?? []);
    }
    return twins;
  };
}

function chosen(
  { topics }: RecentPapers,
  language: string,
  entry: CandidateEntry,
  found: FoundMatch | undefined,
): ChosenPaper {
  const { upvotes, comments } = entry;
  if (!found) return { entry, upvotes, comments, match: null };
  const { id, interestId, wish } = found;
  const { score, reasons } = found.found;
  const name = topics.find(({ slug }) => slug === wish.text)?.name ?? wish.text;
  const interestText = wish.kind === 'topic' ? topicNameIn(language, wish.text, name) : found.key;
  const like = wish.like && { like: likeNameOf(wish.like.examples) };
  const wording = wish.kind === 'words' && wish.text !== found.key && { wording: wish.text };
  const match = { id, interestId, score, reasons, interestKind: wish.kind, interestText, ...wording, ...like };
  return { entry, upvotes, comments, match };
}

import type { Said } from '../lib/errors.ts';
import { daysBetween } from '../lib/time.ts';

/** An organisation as a digest names it: «Berkeley UC Berkeley» is slug Berkeley, name UC Berkeley. */
export interface Organization {
  slug: string;
  name: string;
}

/** What a digest says of one paper, in every form it takes here. `null` means the source does not say. */
interface SaidOfPaper {
  position: number;
  title: string;
  abstract: string;
  /** Names where the source gives them; else empty. */
  authors: string[];
  authorCount: number | null;
  organization: Organization | null;
  /** Local date, YYYY-MM-DD. */
  publishedOn: string | null;
  /** The paper's own page. */
  url: string | null;
  codeUrl: string | null;
  discussionUrl: string | null;
}

/** How much a paper is looked at, as the source counts it. */
interface Attention {
  upvotes: number | null;
  comments: number | null;
  /** Stars of the code when the paper was first listed; left out where the source does not say. */
  stars?: number | null;
}

/** One paper in a digest as captured: white space normalised, nothing cleaned. */
export interface ParsedEntry extends SaidOfPaper, Attention {
  /** arXiv id without version. */
  arxivId: string | null;
  doi: string | null;
  /** Left out where the source adds nothing. */
  annotations?: Annotations;
}

/** What a source adds to a paper: no word of its authors, and never shown as one. */
export interface Annotations {
  /** The project's own page. */
  projectUrl: string | null;
  /** Pictures and films of the paper that the source shows. */
  mediaUrls: string[];
  /** Keywords and a sentence that a model made of the paper. */
  modelKeywords: string[];
  modelSummary: string | null;
}

/** Something a parser saw and could live with. `position` is null where it concerns the whole digest. */
export interface ParseWarning {
  position: number | null;
  field: string;
  problem: string;
}

/**
 * How a source lists papers. curated: a day's choice, of papers of any age · announced: what is new that day · stream:
 * its newest items, most of them known from the days before.
 */
export type Listing = 'curated' | 'announced' | 'stream';

/** One dated list, as a source's parser read it. */
export interface ParsedDigest {
  /** curated where the parser does not say. */
  listing?: Listing;
  /** List day, YYYY-MM-DD. */
  digestOn: string;
  entries: ParsedEntry[];
  warnings: ParseWarning[];
}

/**
 * fresh: trusted · quiet: the source publishes nothing that day · stale, partial, broken: held until an admin releases
 * it.
 */
export type HealthVerdict = 'fresh' | 'quiet' | 'stale' | 'partial' | 'broken';

/**
 * What was seen in a digest, for machines. filling: its day is not over, and few papers are nothing yet · future: its
 * day has not come · empty: no entry · untitled: entries lack title or abstract · doubled: few distinct papers ·
 * flooded: over five times the usual number · short: under a third of it · repeated: an earlier list again · old: most
 * papers older than it used to list · behind: its day lies before the newest list.
 */
export type HealthKind =
  | 'filling'
  | 'future'
  | 'empty'
  | 'untitled'
  | 'doubled'
  | 'flooded'
  | 'short'
  | 'repeated'
  | 'old'
  | 'behind';

/** How many list days before a new one tell a source's habits: three months of weekdays. */
export const REMEMBERED_DIGESTS = 65;

/** Tells how old papers were on a day by their own dates, in days; those without date are left out. */
export function agesOn(day: string, papers: readonly Pick<ParsedEntry, 'publishedOn'>[]): number[] {
  return papers.flatMap(({ publishedOn }) => (publishedOn === null ? [] : [daysBetween(publishedOn, day)]));
}

/** What source-health says of a digest, with the reasons in words. */
export interface Health {
  verdict: HealthVerdict;
  /** Left out where nothing was seen. */
  kind?: HealthKind;
  /** In English, for commands, mails and programs. */
  reasons: string[];
  /** The same by name and values, for pages. */
  why: Said[];
}

/**
 * accepted and released digests feed newsletters; held ones wait for an admin; discarded ones are kept and never used.
 */
export type DigestState = 'accepted' | 'held' | 'released' | 'discarded';

/** States of the digests that readers get papers from: fresh ones, and held ones that an admin released. */
export const USABLE_STATES: readonly DigestState[] = ['accepted', 'released'];

/** Tells whether readers get papers from a digest. */
export function isUsable({ state }: { state: DigestState }): boolean {
  return USABLE_STATES.includes(state);
}

/** Tells in which state a digest starts, given its health. */
export function initialDigestState(verdict: HealthVerdict): DigestState {
  return verdict === 'fresh' || verdict === 'quiet' ? 'accepted' : 'held';
}

/** An entry as stored: what one digest said of one paper. Its text never changes. */
export interface Entry extends SaidOfPaper, Attention {
  id: number;
  paperId: number;
  /** Identifies the paper in links. */
  paperPublicId: string;
  /** Source and list day of its digest. */
  source: string;
  digestOn: string;
}

/** An entry that an edition may draw on. */
export interface CandidateEntry extends Entry {
  /** When an accepted or released digest first held its paper. */
  arrivedAt: Date;
}

import { textOfMarkup } from './markup-text.ts';

/** What a summary says: the abstract, and what else stands in it. */
export interface ReadSummary {
  abstract: string;
  /** Authors as one text. */
  names: string;
  /** When it was published, as written. */
  published: string;
  upvotes: number | null;
  /** arXiv: new, cross, replace, replace-cross. */
  announceType: string;
  /** Where it names a DOI of the paper itself, as written. */
  identifier: string;
}

/** arXiv's RSS and Atom: «arXiv:2611.00001v1 Announce Type: new» and «Abstract:» above the abstract. */
const ARXIV = /^\s*arXiv:\S{1,40} Announce Type: (\S{1,30})\s+(?:Abstract:)?/;
/** PubMed: the citation, «ABSTRACT», the abstract, «PMID: … | DOI: …». */
const PUBMED_HEAD = /<b>\s*ABSTRACT\s*<\/b>\s*(?:<\/p>)?/i;
const PUBMED_FOOT = /<p\b[^<>]{0,200}>\s*PMID:/i;

/** PLOS: the authors as the first paragraph. */
const PLOS_NAMES = /^\s*<p>\s*by [^<]{1,20000}<\/p>/i;
/** The American Physical Society: authors before the abstract, the reference behind it. */
const APS_NAMES = /^\s*Author\(s\): ([^<]{1,20000})<br\s*\/?>/i;
const APS_REFERENCE = /<br\s*\/?>\s*\[[^\]<]{1,100}\] Published [^<]{1,40}$/i;
/** Elsevier: when, where and by whom, and no abstract. */
const ELSEVIER = /^Publication date: (.{1,80}?) Source: .{1,300}?(?: Author\(s\): (.*))?$/i;

const ONLINE = /^Available online /i;

/** What stands before an abstract in summaries of journals and blogs and is not the authors' text. */
const OPENINGS: readonly RegExp[] = [
  // Nature: «Nature, Published online: 20 November 2026; doi:10.1038/…»
  /^[^.;<>]{1,120}, Published online: [^;]{1,60}; doi:\s?10\.\S+\s*/i,
  // Wiley, Sage, Taylor & Francis: «Journal, Volume 12, Issue 3, Page 1-9, November 2026.», «Journal, EarlyView.»
  /^[^.<>]{1,150}, (?:Volume \w{1,8}, (?:Issue|Page)\b[^.<>]{1,100}|EarlyView|Ahead of Print|Accepted Article)\.\s*/i,
  // ACS and others that give the journal and the DOI alone; PubMed's citation without an abstract
  /^[^.<>]{1,150} DOI:\s?10\.\d{4,9}\/\S+$/i,
  /^[^<>]{1,250}\bdoi:\s?10\.\d{4,9}\/\S+(?: (?:Online ahead of print|eCollection [\w ]{4,20})\.)?\s*(?:NO ABSTRACT)?$/i,
  /^(?:abstract|summary|background\/abstract)\s*[:.—-]\s*(?=\p{Lu}|[\d“"])/iu,
  /^(?:No abstract(?: available)?|N\/A|NA|None|-)\.?$/i,
];
/** What stands behind it. */
const ENDINGS: readonly RegExp[] = [
  /PMID:\s?\d+(?: ?\|.*)?$/i,
  // WordPress
  /The post .{1,300} (?:first appeared|appeared first) on .{1,200}\.?$/i,
  /(?:Continue reading|Read more|Read the full (?:article|story|post))\b[^.]{0,200}$/i,
  /(?:\[(?:…|\.{3})\]|\(more…\))$/i,
];

/**
 * Finds the abstract in what an item says of itself, without what the feed puts around it; '' where there is none, such
 * as in a feed of titles.
 */
export function readSummary(markup: string): ReadSummary {
  const none: ReadSummary = { abstract: '', names: '', published: '', upvotes: null, announceType: '', identifier: '' };
  const arxiv = ARXIV.exec(markup);
  if (arxiv) {
    return {
      ...none,
      abstract: textOfMarkup(markup.slice(arxiv[0].length)),
      announceType: arxiv[1]?.toLowerCase() ?? '',
    };
  }
  const labelled = (label: RegExp) => textOfMarkup(label.exec(markup)?.[1] ?? '');
  const summary = labelled(/<b>Summary:<\/b>([^<]*)/i);
  const upvotes = /^\d{1,9}$/.exec(labelled(/<b>Upvotes:<\/b>([^<]*)/i))?.[0];
  if (summary !== '' || upvotes !== undefined) {
    const names = labelled(/<b>Authors:<\/b>([^<]*)/i);
    return { ...none, abstract: summary, names, upvotes: upvotes ? Number(upvotes) : null };
  }
  const [, published, by = ''] = ELSEVIER.exec(textOfMarkup(markup)) ?? [];
  if (published !== undefined) return { ...none, published: published.replace(ONLINE, ''), names: by };
  const foot = PUBMED_FOOT.exec(markup);
  const identifier = foot ? textOfMarkup(markup.slice(foot.index)) : '';
  const names = textOfMarkup(APS_NAMES.exec(markup)?.[1] ?? '');
  return { ...none, abstract: abstractIn(pubmedBody(markup, foot?.index)), names, identifier };
}

/** Takes the abstract's part of PubMed's summary; any other comes back whole. */
function pubmedBody(markup: string, foot = markup.length): string {
  const body = markup.slice(0, foot);
  const head = PUBMED_HEAD.exec(body);
  return head ? body.slice(head.index + head[0].length) : body;
}

function abstractIn(markup: string): string {
  let text = textOfMarkup(markup.replace(PLOS_NAMES, '').replace(APS_NAMES, '').replace(APS_REFERENCE, ''));
  for (const opening of OPENINGS) text = text.replace(opening, '').trim();
  for (const ending of ENDINGS) text = text.replace(ending, '').trim();
  return text;
}

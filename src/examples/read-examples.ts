import { exampleIdentity, type Example } from '../model/example.ts';
import { beginsBibtex, readBibtex } from './bibtex.ts';
import { beginsJson, readJson } from './csl-json.ts';
import { readLine } from './lines.ts';
import { lineOf, type Stretch, type Unread } from './record.ts';
import { beginsRis, readRis } from './ris.ts';
import { beginsCsv, readCsv } from './zotero-csv.ts';

/** What was found in a paste. */
export interface ReadExamples {
  /** Each paper once. */
  examples: Example[];
  /** Concepts that the papers are not examples of: lines of «without: …». */
  leftOut: string[];
  /** The first of what is no paper. */
  unread: Unread[];
  unreadCount: number;
}

/** Most that is told of. */
const TOLD = 20;
/** Behind so much that is no paper, or so many papers, nothing more is read: it is not what it was taken for. */
const MOST_UNREAD = 1_000;
const MOST_FOUND = 5_000;

const WITHOUT = /^\s*without\s*:\s*(\S[^\n]{0,100})$/i;

/**
 * Reads what a reader pastes as examples: arXiv ids and links, DOIs, titles, one a line; BibTeX, RIS, CSL-JSON and
 * Zotero's CSV; any of them after one another. Never throws; what is no paper is told of with its line.
 */
export function readExamples(paste: string): ReadExamples {
  const text = paste.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const names = new Map<string, string>();
  const found: Example[] = [];
  const leftOut: string[] = [];
  const unread: Unread[] = [];
  let unreadCount = 0;
  for (let at = 0; at < text.length && unreadCount < MOST_UNREAD && found.length < MOST_FOUND;) {
    if (text[at] === '\n') {
      at++;
      continue;
    }
    const without = WITHOUT.exec(lineAt(text, at))?.[1]?.trim();
    const stretch =
      without === undefined ? readStretch(text, at, names) : { ...NOTHING, end: at + lineAt(text, at).length + 1 };
    if (without !== undefined) leftOut.push(without);
    found.push(...stretch.examples);
    for (const { at: place, ...one } of stretch.unread.slice(0, TOLD - unread.length))
      unread.push({ ...one, line: one.line ?? lineOf(text, place) });
    unreadCount += stretch.unread.length;
    at = Math.max(stretch.end, at + 1);
  }
  return { examples: eachOnce(found), leftOut: [...new Set(leftOut)], unread, unreadCount };
}

const NOTHING: Stretch = { examples: [], unread: [], end: 0 };

function readStretch(text: string, at: number, names: Map<string, string>): Stretch {
  if (beginsBibtex(text, at)) return readBibtex(text, at, names);
  if (beginsRis(text, at)) return readRis(text, at);
  if (beginsJson(text, at)) return readJson(text, at);
  if (beginsCsv(text, at)) return readCsv(text, at);
  return readLine(text, at);
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? text.length : end);
}

/**
 * Keeps each paper once, with all that is told of it. An id in common makes two mentions one, or a title where their
 * ids do not differ.
 */
export function eachOnce(examples: readonly Example[]): Example[] {
  const kept: Example[] = [];
  const places = new Map<string, number>();
  for (const example of examples) {
    const fits = (place: number | undefined) => place !== undefined && !differ(kept[place], example);
    const at =
      keysOf(example)
        .map((key) => places.get(key))
        .find(fits) ?? kept.length;
    const one = filled(kept[at], example);
    kept[at] = one;
    for (const key of keysOf(one)) if (!places.has(key)) places.set(key, at);
  }
  return kept;
}

function keysOf({ arxivId, doi, title }: Example): string[] {
  const none = { arxivId: null, doi: null, title: '', abstract: '' };
  return [
    exampleIdentity({ ...none, arxivId }),
    exampleIdentity({ ...none, doi }),
    exampleIdentity({ ...none, title }),
  ].filter(Boolean);
}

function differ(known: Example | undefined, { arxivId, doi }: Example): boolean {
  const apart = (one: string | null | undefined, other: string | null) =>
    one != null && other !== null && one !== other;
  return apart(known?.arxivId, arxivId) || apart(known?.doi, doi);
}

function filled(known: Example | undefined, other: Example): Example {
  if (!known) return other;
  return {
    arxivId: known.arxivId ?? other.arxivId,
    doi: known.doi ?? other.doi,
    title: known.title || other.title,
    abstract: known.abstract || other.abstract,
  };
}

import { cleanText } from '../compose/text/clean-text.ts';
import { trimEndOf } from '../lib/trim.ts';
import { titleIdentity } from '../model/identity.ts';
import type { Example } from '../model/example.ts';
import { arxivIdIn, bareArxivId, doiIn } from '../model/reference.ts';
import { toExample, unreadAt, type Stretch } from './record.ts';

/** What stands before a line of a list. */
const BULLET = /^(?:[-*•–]\s+|\(?\d{1,3}[.)]\s+|\[\d{1,3}\]\s+)/;

/** A line longer than this is a text, such as an abstract, and no title. */
const LONGEST_TITLE = 350;
const SHOWN_OF_TEXT = 80;

/**
 * Reads one line: ids and links, a title, a title with its id, or a whole abstract. A % in front makes it a comment of
 * BibTeX's.
 */
export function readLine(text: string, at: number): Stretch {
  const next = text.indexOf('\n', at);
  const end = next < 0 ? text.length : next + 1;
  const line = cleanText(text.slice(at, end)).trim().replace(BULLET, '').trim();
  if (line === '' || line.startsWith('%')) return { examples: [], unread: [], end };
  const examples = referencesOf(line) ?? [titled(line)];
  const found = examples.filter((one) => one !== null);
  if (found.length === examples.length) return { examples: found, unread: [], end };
  const problem = /https?:\/\//i.test(line) ? 'other-link' : 'nothing';
  return { examples: found, unread: [unreadAt(text, at, problem)], end };
}

/** The papers of a line that holds ids and links alone; null for any other. */
function referencesOf(line: string): (Example | null)[] | null {
  const parts = line.split(/[\s,;]+/).filter(Boolean);
  const joined = /^arxiv:$/i.test(parts[0] ?? '') ? [line] : parts;
  const read = joined.map((part) => ({ part, example: referenceOf(part) }));
  const all = read.every(({ part, example }) => example !== null || /^https?:\/\//i.test(part));
  return all ? read.map(({ example }) => example) : null;
}

function referenceOf(text: string): Example | null {
  const arxivId = bareArxivId(text) ?? (/^(?:https?:\/\/|www\.|arxiv|10\.|doi)/i.test(text) ? arxivIdIn(text) : null);
  const doi = /^(?:https?:\/\/|www\.|10\.|doi)/i.test(text) ? doiIn(text) : null;
  return arxivId !== null || doi !== null ? { arxivId, doi, title: '', abstract: '' } : null;
}

function titled(line: string): Example | null {
  if (line.length > LONGEST_TITLE) {
    const cut = line.slice(0, line.lastIndexOf(' ', SHOWN_OF_TEXT) + 1 || SHOWN_OF_TEXT).trim();
    return toExample({ title: `${cut} …`, abstract: line, doi: '', ids: [], places: [] });
  }
  const title = withoutReferences(line);
  const leading = /^\d{4}\.\d{4,5}(?:v\d+)?(?=\s)/.exec(line)?.[0] ?? '';
  if (titleIdentity(title) === '' && arxivIdIn(line) === null && doiIn(line) === null) return null;
  return toExample({ title, abstract: '', doi: '', ids: [leading], places: [line] });
}

/** Takes ids, links and quotes off a title that stands beside them. */
function withoutReferences(line: string): string {
  const title = line
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(/[([]?\b(?:arxiv\s*:\s*|doi\s*:\s*)\S+/gi, ' ')
    .replace(/\b10\.\d{4,9}\/\S+/g, ' ')
    .replace(/^\s*\d{4}\.\d{4,5}(?:v\d+)?\s+/, ' ');
  return trimEndOf(title, /[\s,;:([–-]/)
    .replace(/^[\s,;:–-]+/, '')
    .replace(/^["“„«'‘](.*)["”“»'’]\.?$/, '$1')
    .trim();
}

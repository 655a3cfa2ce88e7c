import { cleanText } from '../compose/text/clean-text.ts';
import { CAPS, cutText } from '../model/caps.ts';
import { exampleIdentity, type Example } from '../model/example.ts';
import { arxivIdIn, bareArxivId, doiIn } from '../model/reference.ts';

/** What a line or an entry could not be read for. */
export type UnreadProblem = 'nothing' | 'other-link' | 'unclosed' | 'json' | 'csv';

/** Something in a paste that is no paper. */
export interface Unread {
  /** Where it begins, from 1. */
  line: number;
  /** Its beginning. */
  text: string;
  problem: UnreadProblem;
}

/** The same by its place in UTF-16 units: lines are counted for those that are told of. */
export type UnreadPlace = Omit<Unread, 'line'> & { at: number; line?: number };

/** What one reader of a format found in its stretch of a paste. */
export interface Stretch {
  examples: Example[];
  unread: UnreadPlace[];
  /** Where the stretch ends, UTF-16 units. */
  end: number;
}

/** A paper as some format tells it; what says nothing is ''. */
export interface PaperRecord {
  title: string;
  abstract: string;
  doi: string;
  /** Fields that may name an arXiv id alone. */
  ids: readonly string[];
  /** Fields that may hold an id or a link somewhere. */
  places: readonly string[];
}

/** Shown of what could not be read, UTF-16 units. */
export const SHOWN = 80;

/** Makes an example of a record; null where it has neither a title nor an identity. */
export function toExample(record: PaperRecord): Example | null {
  const places = [record.doi, ...record.places].filter(Boolean);
  const first = (find: (text: string) => string | null, texts: readonly string[]) =>
    texts.map((text) => find(text)).find((found) => found !== null) ?? null;
  const example = {
    arxivId: first(bareArxivId, record.ids) ?? first(arxivIdIn, [...record.ids, ...places]),
    doi: first(doiIn, [record.doi, ...record.places]),
    title: cutText(plain(record.title), CAPS.title),
    abstract: cutText(plain(record.abstract), CAPS.abstract),
  };
  return exampleIdentity(example) === '' ? null : example;
}

/** Makes one line of what a format holds, without its mark-up. */
function plain(text: string): string {
  return cleanText(text.replace(/<\/?(?:[ibpu]|em|strong|su[bp]|sc|span|jats:\w+)(?:\s[^<>]{0,200})?>/gi, '')).trim();
}

/** Tells what could not be read. */
export function unreadAt(text: string, at: number, problem: UnreadProblem): UnreadPlace {
  const [line = ''] = text
    .slice(at, at + 400)
    .trimStart()
    .split('\n', 1);
  return { at, text: cleanText(line).slice(0, SHOWN), problem };
}

/** Counts the line a place stands in, from 1. */
export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}

import type { Organization } from '../../model/digest.ts';
import { readCount, squeeze } from './plain-text.ts';

/** Longer than any byline, shorter than any abstract. */
const SHORTEST_ABSTRACT = 120;
/** `12 authors`, `- 12 authors`, or that as a link: `[- 12 authors](https://huggingface.co/papers/2512.01234)`. */
const AUTHORS = /^\[?(?:[•·*-] )?([\d,]+) authors?(?:\]\([^()\s]*\))?$/;
/** What follows an abstract: authors, pictures of theirs, or the mark before the date. */
const BYLINE = /^\[?(?:[•·*-] )?!\[|^·$/;
/** `[6](https://huggingface.co/papers/2512.01234#community)`, alone or glued to the date. */
const COMMENTS = /^(.*?) ?\[([\d.,]+k?)\]\([^()\s]*#community\)$/i;

/** Returns the number of authors among the lines below a heading, null where none is printed. */
export function authorsIn(below: string[]): number | null {
  const count = below.flatMap((line) => AUTHORS.exec(line)?.[1] ?? [])[0];
  return count === undefined ? null : readCount(count);
}

/** Returns the number of comments among the lines below a heading, null where none is printed. */
export function commentsIn(below: string[]): number | null {
  const count = below.flatMap((line) => COMMENTS.exec(line)?.[2] ?? [])[0];
  return count === undefined ? null : readCount(count);
}

/** Takes the link to the comments off the end of a line: it may be glued to the date. */
export function withoutComments(line: string): string {
  return COMMENTS.exec(line)?.[1] ?? line;
}

/**
 * Reads the abstract below a heading: wrapped as a link to the paper, its lines broken with backslashes. Empty where
 * what stands there is too short for one.
 */
export function abstractIn(below: string[]): string {
  const end = below.findIndex((line) => AUTHORS.test(line) || BYLINE.test(line));
  const text = plain(
    below
      .slice(0, end < 0 ? below.length : end)
      .join(' ')
      .trim()
      .replace(/^\[/, ''),
  );
  return text.length >= SHORTEST_ABSTRACT ? text : '';
}

/** Reads an organisation: `[![avatar](address)UC Berkeley](https://huggingface.co/Berkeley)`. */
export function organizationIn(line: string): Organization | null {
  const found = /^\[!\[[^[\]]*\]\([^()\s]*\)([^[\]]+)\]\((?:https?:\/\/huggingface\.co)?\/([^()/\s]+)\)$/.exec(line);
  const [, name = '', slug = ''] = found ?? [];
  return found ? { slug, name: squeeze(name) } : null;
}

/** Reads a link to code: `[ GitHub 250](https://github.com/…)`: the number is that of its stars. */
export function codeIn(line: string): { url: string; stars: number | null } | null {
  for (const [, text = '', address = ''] of line.matchAll(/\[([^[\]]*)\]\((https?:\/\/[^()\s"<>]+)\)/g))
    if (text.startsWith('GitHub') || text.includes(' GitHub'))
      return { url: address, stars: readCount(/GitHub ([\d.,]{1,12}k?)$/i.exec(text.trim())?.[1] ?? '') };
  return null;
}

/**
 * Reads the votes of a page by arXiv id, null where they are not printed as a number: they stand somewhere above the
 * paper's heading, `[101](https://huggingface.co/login?next=/papers/2512.01234)`.
 */
export function readVotes(text: string): Map<string, number | null> {
  const votes = new Map<string, number | null>();
  for (const [, count = '', id = ''] of text.matchAll(
    /\[([\d.,]{1,12}k?|-)\]\([^()\s]{0,60}login\?next=(?:%2F|\/)papers(?:%2F|\/)(\d{4}\.\d{4,5})\)/gi,
  ))
    votes.set(id, votes.get(id) ?? readCount(count));
  return votes;
}

/** Takes the ends of links and the backslashes of broken lines, one or two, out of Markdown. */
export function plain(markdown: string): string {
  return squeeze(
    markdown
      .replace(/\]\((?:https?:\/\/|\/)[^()\s]*\)/g, '')
      .replace(/\\\\ ?|\\(?: |$)/g, ' ')
      .replace(/\\([[\]*_#-])/g, '$1'),
  );
}

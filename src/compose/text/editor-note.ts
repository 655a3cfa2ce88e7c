import { cutTail } from '../../lib/cut-tail.ts';
import { cleanText } from './clean-text.ts';
import { safeUrl } from './safe-url.ts';

/** A piece of a note: text, which leads somewhere where it has an address. */
export interface NotePart {
  text: string;
  url: string | null;
}

/** `[text](https://…)`, or a bare address; an address with a parenthesis in it is written with %28 and %29. */
const LINK = /\[([^[\]\n]{1,200})\]\((https:\/\/[^\s()]{1,2000})\)|https:\/\/[^\s<>"]{1,2000}/gi;

/** What looks like a link, wherever it leads, up to its end. */
const LINK_LIKE = /\[[^[\]\n]{1,200}\]\(([^\s)]{0,2000})/g;

/** What follows an address in a sentence and is no part of it. */
const AFTER_ADDRESS = '.,;:!?)]}\'"’”»';

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Makes what an editor typed fit to be kept: lines of text without controls or what turns text around, none of them
 * empty.
 */
export function cleanNote(typed: string): string {
  const lines = typed.split(/\r\n|\r|\n/).map((line) => cleanText(line));
  return lines.filter((line) => line !== '').join('\n');
}

/**
 * Reads a note line by line: text, and links to https addresses that a mail may link to. What is none of them stays
 * text as it stands.
 */
export function readNote(note: string): NotePart[][] {
  return cleanNote(note)
    .split('\n')
    .filter((line) => line !== '')
    .map(readLine);
}

/** Counts a note's characters as people do: of a link what is read of it. */
export function lengthOfNote(note: string): number {
  let length = 0;
  for (const line of readNote(note)) for (const { text } of line) length += [...SEGMENTS.segment(text)].length;
  return length;
}

/** Lists what looks like a link in a note and leads nowhere that a mail may link to. */
export function badLinks(note: string): string[] {
  return [...note.matchAll(LINK_LIKE)].flatMap(([begun, url = '']) => {
    const [link] = readLine(`${begun})`);
    return link && link.url !== null ? [] : [url];
  });
}

function readLine(line: string): NotePart[] {
  const parts: NotePart[] = [];
  let from = 0;
  const text = (until: number) => {
    if (until > from) parts.push({ text: line.slice(from, until), url: null });
    from = until;
  };
  for (const found of line.matchAll(LINK)) {
    const [whole, label, target] = found;
    const address = target ?? cutTail(whole, AFTER_ADDRESS);
    const url = safeUrl(address);
    if (url === null) continue;
    text(found.index);
    parts.push({ text: label ?? address, url });
    from = found.index + (label === undefined ? address.length : whole.length);
  }
  text(line.length);
  return parts;
}

import type { InterestKind, Wish } from './interest.ts';

/** Where a line ends, whatever wrote it. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** Before a muted text: what it mutes, where that is no free words, or where they begin like one of these. */
const MUTED_KIND = /^(words|topic|author|organization) ?: ?(.+)$/i;

/** Within a cell of several lines nothing else parts; within one of a single line a semicolon does. */
const PARTS_A_LINE = /[;\\]/;

/** Reads one wish a line, whatever stands in it. */
export function linesOf(text: string): string[] {
  return text
    .split(LINE_END)
    .map((line) => line.trim())
    .filter(Boolean);
}

/**
 * Makes one line of what was typed; control characters and halves of surrogate pairs, which no database keeps, become
 * spaces.
 */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
}

/** Reads a muted text: free words, or what it names before a colon. */
export function readMuted(text: string): Wish {
  const line = tidy(text);
  const found = MUTED_KIND.exec(line);
  if (!found) return { kind: 'words', text: line, muted: true };
  return { kind: (found[1] ?? '').toLowerCase() as InterestKind, text: tidy(found[2] ?? ''), muted: true };
}

/** Writes a muted wish as `readMuted` reads it back. */
export function mutedText({ kind, text }: Wish): string {
  return kind === 'words' && !MUTED_KIND.test(text) ? text : `${kind}: ${text}`;
}

/**
 * Joins a list to one cell: split by `;`, or, where one of several holds a `;` or a backslash, one a line. One alone
 * has them written `\;` and `\\` where they would count.
 */
export function joinList(texts: readonly string[]): string {
  const lines = texts.flatMap(linesOf);
  if (lines.length > 1 && lines.some((line) => PARTS_A_LINE.test(line))) return lines.join('\n');
  return joinLine(lines);
}

/** Joins a list to one line, with `\;` for a semicolon within a text. */
export function joinLine(texts: readonly string[]): string {
  const escaped = (text: string) =>
    text.replace(/\\+|;/g, (piece, at: number) => {
      const next = text[at + piece.length] ?? ';';
      return piece === ';' ? '\\;' : next === ';' ? piece + piece : piece;
    });
  return texts.map(escaped).join(';');
}

/** Splits a cell: at its line ends where it has several lines, else as `splitLine`. */
export function splitList(cell: string): string[] {
  const lines = linesOf(cell);
  return lines.length > 1 ? lines : splitLine(lines[0] ?? '');
}

/**
 * Splits a line at `;`. One within a text is written `\;`; backslashes before either, or at the end of a text, are
 * doubled, any other is itself.
 */
export function splitLine(text: string): string[] {
  const parts = [''];
  const add = (piece: string) => parts.push((parts.pop() ?? '') + piece);
  for (const { 0: piece, index } of text.matchAll(/\\+;?|;|[^\\;]+/g)) {
    const slashes = piece.startsWith('\\') ? piece.replace(';', '').length : 0;
    const counts = piece.endsWith(';') || index + piece.length === text.length;
    add(slashes === 0 && piece !== ';' ? piece : '\\'.repeat(counts ? Math.floor(slashes / 2) : slashes));
    if (slashes % 2 === 1 && counts) add(piece.endsWith(';') ? ';' : '\\');
    else if (piece.endsWith(';')) parts.push('');
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** Shortest part that may be a subject of its own: «Inc.» and the «J.» of a name are none. */
const PART = /[\p{L}\p{N}]{4,}|\p{Lu}{2,}|[\p{Lo}]{2,}/u;

/** Tells whether a line looks like several subjects with commas between them, which count as one. */
export function looksLikeList(line: string): boolean {
  if (line.includes('"')) return false;
  const parts = line.split(/[,;，；、]/u).filter((part) => part.trim() !== '');
  return parts.length > 1 && parts.every((part) => PART.test(part));
}

/** Width of the text part, in characters: lines up to 78 are never broken on the way (RFC 5322 2.1.1). */
const WIDTH = 74;

/** Ends a line that is one with the next: the blank in front of the end says so (RFC 3676 4.1). */
export const SOFT_BREAK = ' \n';

/**
 * Wraps a paragraph at blanks into lines that are one paragraph to programs that read format=flowed (RFC 3676), so that
 * it fits a phone too; a word longer than a line (an address, a line of Chinese) stays whole, for the reader's program
 * to break.
 */
export function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  lines.push(line);
  return lines.join(SOFT_BREAK);
}

/** Underlines a heading of the text part. */
export function underlined(text: string, sign: string): string {
  const wrapped = wrap(text);
  const longest = Math.max(...wrapped.split(SOFT_BREAK).map((line) => line.length));
  return `${wrapped}\n${sign.repeat(Math.min(longest, WIDTH))}`;
}

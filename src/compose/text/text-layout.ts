/** Width of the text part, in characters: lines up to 78 are never broken on the way (RFC 5322 2.1.1). */
const WIDTH = 74;

/**
 * Wraps a paragraph at blanks; a word longer than a line (an address, a line of Chinese) stays whole, for the reader's
 * program to break.
 */
export function wrap(text: string, indent = '', first = indent): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines.join('\n');
}

/** Underlines a heading of the text part. */
export function underlined(text: string, sign: string): string {
  const wrapped = wrap(text);
  const longest = Math.max(...wrapped.split('\n').map((line) => line.length));
  return `${wrapped}\n${sign.repeat(Math.min(longest, WIDTH))}`;
}
